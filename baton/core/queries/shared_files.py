"""Asking for files that belong to no task."""

from __future__ import annotations

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import SharedFile
from baton.core.policies.credentials import reaches_account


def list_own_shared_files(actor: Actor, most: int) -> list[SharedFile]:
    """Return what the actor has uploaded, the newest first."""
    own = SharedFile.objects.filter(uploaded_by=actor.person) if reaches_account(actor) else SharedFile.objects.none()
    return list(own.order_by("-pk")[:most])


def get_shared_file(actor: Actor, name: str) -> SharedFile:
    """Return the file of that name. Raises NotFound."""
    found = SharedFile.objects.filter(name=name).first() if reaches_account(actor) else None
    if found is None:
        raise NotFound
    return found
