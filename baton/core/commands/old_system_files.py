"""The files of an older system, which everybody may go on fetching by their names."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from baton.adapters.staging import Staging
from baton.core.actor import IMPORT_SURFACE, Actor
from baton.core.commands.access import require
from baton.core.commands.old_ids import OldIds
from baton.core.commands.old_systems import OldFile, OldSystem, OldSystemReport, Tell
from baton.core.commands.shared_files import share_file
from baton.core.models import SharedFile

FILE = "file"
_PIECE = 1024 * 1024


def import_files(
    actor: Actor, old: OldSystem, report: OldSystemReport, *, dry_run: bool = False, tell: Tell = lambda _count: None
) -> None:
    """Share every file that is not here yet, and count it in the report.

    Each in a transaction of its own: there may be many gigabytes, and whatever is here when it breaks off, the next run
    leaves out. Only the system itself may; raises Denied, and OSError where a file can't be written.
    """
    require(actor.is_system, "Only whoever runs this server takes over another system.")
    ids = OldIds(old.source, report)
    own = replace(actor, surface=IMPORT_SURFACE)
    for file in old.files:
        tell(1)
        known_by = hashlib.sha256(os.fsencode(file.name)).hexdigest()
        if ids.is_here(FILE, known_by):
            continue
        content = _open(file.path)
        if content is None:
            ids.leave_out(FILE, f"{file.name!r} is no file of that folder that can be read.")
            continue
        with content:
            if dry_run:
                ids.note(FILE, known_by, 0)
                continue
            _share(own, file, content, known_by, ids)


def _share(actor: Actor, file: OldFile, content: BinaryIO, known_by: str, ids: OldIds) -> None:
    staging = Staging()
    try:
        while piece := content.read(_PIECE):
            staging.write(piece)
        with transaction.atomic():
            shared = share_file(actor, staging, file.name, keeps_blanks=True)
            ids.note(FILE, known_by, shared.pk)
            ids.keep()
    finally:
        staging.discard()
    _tell_name(file, shared, ids)


def _tell_name(file: OldFile, shared: SharedFile, ids: OldIds) -> None:
    if shared.name != file.name:
        ids.report.notes.append(f"The file {file.name!r} is called {shared.name!r} here, and has another address.")


def _open(path: Path | None) -> BinaryIO | None:
    try:
        return None if path is None else path.open("rb")
    except OSError:
        return None
