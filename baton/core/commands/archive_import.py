"""Importing a project from an archive.

Nobody is made to have said anything: whatever the archive holds was brought here by the importer, who is the creator
and author of all of it on this server. Whom the archive names is kept beside it (`Origin`), and its history as what was
told, in events of the importer's own.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import IO

import msgspec
from django.conf import settings
from django.db import transaction

from baton.core.actor import IMPORT_SURFACE, Actor
from baton.core.commands.archive_checks import check_archive
from baton.core.commands.archive_files import Files
from baton.core.commands.archive_placing import place_archive
from baton.core.commands.checks import refuse
from baton.core.commands.import_report import DryRun, Report
from baton.core.errors import CoreError, FieldError, Invalid
from baton.core.queries import archive_shapes as shapes
from baton.lib.zip_archives import ArchiveReader, BadArchive

_LARGEST_DOCUMENT = 64 * 2**20
_UNPACKED = 4
_MOST_ERRORS = 1000


def import_archive(actor: Actor, file: IO[bytes], *, dry_run: bool = False) -> Report:
    """Make a new project of the actor's from an archive, all of it or nothing; or only tell what would come of it.

    Raises Invalid with all that is wrong, except in a dry run, which reports it.
    """
    report = Report("archive")
    try:
        reader = ArchiveReader(file, _UNPACKED * settings.BATON_MAX_IMPORT)
        archive = _read(reader)
        refuse(islice(check_archive(archive, reader), _MOST_ERRORS))
        _import(replace(actor, surface=IMPORT_SURFACE), archive, reader, report, dry_run=dry_run)
    except DryRun:
        report.project_id = None
    except BadArchive as error:
        refusal = Invalid.field("/file", "bad_archive", str(error))
        if not dry_run:
            raise refusal from error
        report.errors = list(refusal.errors)
    except Invalid as error:
        if not dry_run:
            raise
        report.errors = list(error.errors)
    return report


def _import(actor: Actor, archive: shapes.Archive, reader: ArchiveReader, report: Report, *, dry_run: bool) -> None:
    files = Files(archive, reader, only_look=dry_run)
    try:
        with transaction.atomic():
            place_archive(actor, archive, files, report)
            if dry_run:
                raise DryRun
    except (DryRun, CoreError):
        # Only where it is certain that no row names them; after a lost connection the sweeper decides.
        files.remove()
        raise


def _read(reader: ArchiveReader) -> shapes.Archive:
    size = reader.size_of(shapes.DOCUMENT)
    if size is None:
        raise BadArchive(f"The archive holds no {shapes.DOCUMENT}.")
    if size > _LARGEST_DOCUMENT:
        raise BadArchive(f"{shapes.DOCUMENT} may have at most {_LARGEST_DOCUMENT:,} bytes.")
    document = b"".join(reader.pieces(shapes.DOCUMENT))
    try:
        return msgspec.json.decode(document, type=shapes.Archive)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        detail = f"{shapes.DOCUMENT} is not what an export writes: {error}"
        raise Invalid(errors=[FieldError("/file", "bad_archive", detail)]) from error
