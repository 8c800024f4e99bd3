"""A project to take home: `/api/projects/{id}/export/`."""

from __future__ import annotations

from collections.abc import Callable
from tempfile import TemporaryFile
from typing import IO, Any

from django.http import FileResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from baton.adapters.staging import staging_folder
from baton.core.actor import Actor
from baton.core.queries.archive import get_exportable_project, write_archive
from baton.core.queries.export_rows import write_csv, write_project_calendar
from baton.surfaces.api.view import ApiView
from baton.surfaces.wire.downloads import attachment_headers
from baton.surfaces.wire.operations import Answer, operation
from baton.surfaces.wire.query_parameters import one_of, read_query

Writer = Callable[[Actor, int, IO[bytes]], None]

FORMATS: dict[str, tuple[Writer, str, str]] = {
    "json": (write_archive, "application/zip", "zip"),
    "csv": (write_csv, "text/csv; charset=utf-8", "csv"),
    "ics": (write_project_calendar, "text/calendar; charset=utf-8", "ics"),
}
PARAMETERS = {"format": one_of(*FORMATS)}
FILES = tuple(Answer(200, bytes, kind.partition(";")[0], ("Content-Disposition",)) for _, kind, _ in FORMATS.values())


class ProjectExport(ApiView):
    """`GET` the project as an archive with its files and history, as CSV, or as a calendar: `?format=json|csv|ics`."""

    @operation("export_project", query=PARAMETERS, gives=FILES)
    def get(self, request: Request, project_id: int) -> HttpResponseBase:
        """Send the file."""
        chosen = read_query(request, PARAMETERS).get("format", "json")
        write, content_type, extension = FORMATS[chosen]
        project = get_exportable_project(self.actor, project_id)
        # Written down before the first byte goes out: what fails has its answer, and no slow reader keeps the
        # database's old state alive.
        out = TemporaryFile(dir=staging_folder())  # noqa: SIM115  # the answer closes it
        try:
            write(self.actor, project_id, out)
        except BaseException:
            out.close()
            raise
        size = out.tell()
        out.seek(0)
        headers = {**attachment_headers(f"{project.key}.{extension}"), "Content-Length": str(size)}
        return _Sent(out, content_type=content_type, headers=headers)


class _Sent(FileResponse):
    block_size = 64 * 1024

    def set_headers(self, _filelike: Any) -> None:
        """Leave the headers as they are."""
