"""Files that belong to no task, for everybody with an account."""

from __future__ import annotations

from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import get_valid_filename

from baton.adapters import storage
from baton.adapters.file_types import sniff
from baton.adapters.staging import Staging
from baton.core.actor import Actor
from baton.core.commands.access import require
from baton.core.errors import Conflict, NotFound
from baton.core.events.facts.files import FileShared, SharedFileRemoved
from baton.core.events.record import record
from baton.core.models import SharedFile
from baton.core.policies.credentials import reaches_account
from baton.core.policies.files import can_remove_shared_file
from baton.lib.file_names import LONGEST_NAME, clean_file_name

_TRIES = 5
_SUFFIX = 7


def share_file(actor: Actor, staging: Staging, name: str, *, keeps_blanks: bool = False) -> SharedFile:
    """Share a staged file under this name, or, where it is taken, under one that is a little longer.

    The name is made one that needs no quoting, unless it `keeps_blanks` and all that a link may already know it by.
    What the system shares is nobody's. Raises Denied for a token that is for one project, OSError. Whatever is raised,
    the caller discards the staging.
    """
    require(reaches_account(actor), "This token is for one project.")
    name = clean_file_name(name)
    if not keeps_blanks:
        name = get_valid_filename(name)
    shared = SharedFile(
        size=staging.size,
        content_type=sniff(staging.path, name),
        sha256=staging.sha256,
        uploaded_by_id=actor.user_id,
        uploaded_at=timezone.now(),
    )
    # As for attachments: no row names a file that is not whole, and a file without a row is swept.
    shared.path = storage.keep(staging, storage.file_name())
    for number in range(_TRIES):
        shared.name = _lengthened(name) if number else name
        if _add(actor, shared):
            return shared
    storage.remove(shared.path)
    raise Conflict("Too many files are called so.")


def remove_shared_file(actor: Actor, file_id: int) -> None:
    """Delete a file for everybody, at once and for good. Raises NotFound, and Denied for others' files."""
    with transaction.atomic():
        found = SharedFile.objects.select_for_update().filter(pk=file_id) if reaches_account(actor) else None
        file = found.first() if found else None
        if file is None:
            raise NotFound
        require(can_remove_shared_file(actor, file), "Only who uploaded it or staff may delete a file.")
        fact = SharedFileRemoved(file=file.pk, name=file.name)
        record(actor, fact, at=timezone.now(), user_id=file.uploaded_by_id)
        file.delete()
        # After the commit: a file without a row is swept, a row without its file would be a loss.
        transaction.on_commit(partial(storage.remove, file.path), robust=True)


def _add(actor: Actor, shared: SharedFile) -> bool:
    """Save the row with its event; return whether its name was free."""
    if SharedFile.objects.filter(name=shared.name).exists():
        return False
    try:
        with transaction.atomic():
            shared.save(force_insert=True)
            fact = FileShared(file=shared.pk, name=shared.name, size=shared.size, sha256=shared.sha256)
            record(actor, fact, at=shared.uploaded_at, user_id=shared.uploaded_by_id)
    except IntegrityError:
        if SharedFile.objects.filter(name=shared.name).exists():
            shared.pk = None  # somebody was faster
            return False
        raise
    return True


def _lengthened(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not stem:
        stem, dot, extension = name, "", ""
    room = LONGEST_NAME - len(dot) - len(extension) - _SUFFIX - 1
    return f"{stem[:room]}_{get_random_string(_SUFFIX)}{dot}{extension}"
