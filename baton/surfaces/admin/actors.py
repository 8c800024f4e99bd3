"""Who acts in the admin."""

from __future__ import annotations

from django.http import HttpRequest

from baton.core.actor import Actor


def actor_of(request: HttpRequest) -> Actor:
    """Return whoever is signed in, as the commands know them. Django has just looked the account up."""
    return Actor(request.user.pk, surface="admin", request_id=getattr(request, "request_id", ""), is_live=True)
