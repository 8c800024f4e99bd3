"""Bringing a project or tasks in: `/api/import/`."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any, cast

from django.conf import settings
from django.http import HttpResponse
from msgspec import Struct
from rest_framework import serializers
from rest_framework.request import Request

from baton.core.commands.archive_import import import_archive
from baton.core.commands.csv_import import import_csv
from baton.core.commands.import_report import Created, Matched, Report
from baton.core.commands.projects import NAME_LENGTH
from baton.core.errors import FieldError, Invalid
from baton.lib.file_names import clean_file_name
from baton.lib.zip_archives import looks_like_archive
from baton.surfaces.api.view import ApiView
from baton.surfaces.wire.fields import Bool, Id, Text
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import MULTIPART, new, operation, plain
from baton.surfaces.wire.requests import WireRequest
from baton.surfaces.wire.respond import json_response
from baton.surfaces.wire.uploads import FormOnly, StagedFile


class ImportIn(In):
    """The form: the file, and for CSV the project it goes into or the `name` of a new one."""

    file = serializers.FileField(allow_empty_file=True)
    dry_run = Bool(default=False)
    project = Id(required=False)
    name = Text(required=False, max_length=NAME_LENGTH)


class ImportOut(Struct):
    """What came of a file; after a dry run `errors` is what stands in the way."""

    kind: str
    dry_run: bool
    project: int | None
    key: str
    created: Created
    people: Matched
    notes: list[str]
    errors: list[FieldError]


class Import(FormOnly, ApiView):
    """`POST` an archive or a CSV file as `multipart/form-data`; with `dry_run` only to see what would come of it."""

    def largest_file(self) -> int:
        """Return the limit of the settings."""
        return int(settings.BATON_MAX_IMPORT)

    @operation(
        "import_file",
        takes=ImportIn,
        sent_as=(MULTIPART,),
        gives=(plain(ImportOut), new(ImportOut, tagged=False)),
        refuses=(404,),
    )
    def post(self, request: Request) -> HttpResponse:
        """Import all of the file or nothing: 201, and 200 after a dry run."""
        values = ImportIn.read(request)
        file = cast(StagedFile, values["file"])
        report = self._import(file, values)
        status = 200 if values["dry_run"] else 201
        headers = {"Location": f"/api/projects/{report.project_id}/"} if status == 201 else {}
        return json_response(_shape(report, dry_run=values["dry_run"]), status, headers)

    def _import(self, file: StagedFile, values: dict[str, Any]) -> Report:
        with file.staging.path.open("rb") as content:
            head = content.read(4)
            content.seek(0)
            if looks_like_archive(head):
                for field in ("project", "name"):
                    if field in values:
                        raise Invalid.field(f"/{field}", "not_here", "An archive becomes a project of its own.")
                return import_archive(self.actor, content, dry_run=values["dry_run"])
            name = values.get("name") or PurePath(clean_file_name(file.name or "")).stem
            return import_csv(
                self.actor, content, values.get("project"), name=name[:NAME_LENGTH], dry_run=values["dry_run"]
            )

    def _admit(self, request: WireRequest, method: str) -> None:
        super()._admit(request, method)
        if method == "post":
            self.refuse_long_form()


def _shape(report: Report, *, dry_run: bool) -> ImportOut:
    return ImportOut(
        report.kind,
        dry_run,
        report.project_id,
        report.project_key,
        report.created,
        report.people,
        report.notes,
        report.errors,
    )
