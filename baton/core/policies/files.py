"""Who may do away with what everybody sees?"""

from __future__ import annotations

from baton.core.actor import Actor
from baton.core.models import SharedFile
from baton.core.policies.accounts import is_staff


def can_remove_shared_file(actor: Actor, file: SharedFile) -> bool:
    """May the actor delete the file for everybody? Who uploaded it may, and staff."""
    return is_staff(actor) or file.uploaded_by_id == actor.person
