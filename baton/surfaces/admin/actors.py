"""Who acts in the admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from baton.core.actor import Actor
from baton.core.commands.account_upkeep import ensure_inbox
from baton.core.models import User


def actor_of(request: HttpRequest) -> Actor:
    """Return whoever is signed in, as the commands know them. Django has just looked the account up."""
    return Actor(request.user.pk, surface="admin", request_id=getattr(request, "request_id", ""), is_live=True)


def give_inbox(request: HttpRequest | None, user: User, **_given: Any) -> None:
    """Make the inbox of somebody who was made by `createsuperuser`, at their first log-in."""
    ensure_inbox(Actor(user.pk, surface="admin", request_id=getattr(request, "request_id", "")), user.pk)
