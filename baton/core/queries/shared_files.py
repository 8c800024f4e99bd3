"""Asking for files that belong to no task."""

from __future__ import annotations

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import SharedFile
from baton.core.policies.credentials import reaches_account


def get_shared_file(actor: Actor, name: str) -> SharedFile:
    """Return the file of that name. Raises NotFound."""
    found = SharedFile.objects.filter(name=name).first() if reaches_account(actor) else None
    if found is None:
        raise NotFound
    return found
