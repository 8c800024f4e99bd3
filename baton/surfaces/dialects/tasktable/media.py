"""`/upload/` and `/mediafiles/{name}`: files for everybody who is logged in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from rest_framework.request import Request

from baton.core.commands.shared_files import remove_shared_file, share_file
from baton.core.models import SharedFile
from baton.core.queries.shared_files import get_shared_file, list_own_shared_files
from baton.surfaces.dialects.tasktable.changes import checked
from baton.surfaces.dialects.tasktable.dialect import DIALECT, FILES
from baton.surfaces.dialects.tasktable.schemas import RemovalIn, UploadIn
from baton.surfaces.dialects.tasktable.view import TaskTableView
from baton.surfaces.wire.dialects.links import root_of
from baton.surfaces.wire.downloads import LOCKED_UP, Download, attachment_headers, file_response
from baton.surfaces.wire.parsers import StrictMultiPartParser
from baton.surfaces.wire.requests import WireRequest
from baton.surfaces.wire.uploads import StagedFile, TakesFile

MOST_SHOWN = 50


class Upload(TakesFile, TaskTableView):
    """A page with a form for one file. The original's was open to everybody; this one wants a log-in.

    It also lists the caller's newest files, each with a button that deletes it, which the original had not.
    """

    dialect = FILES
    access = TaskTableView.access
    name = "Upload"
    parser_classes = (StrictMultiPartParser,)
    file_field = "image_file"

    def largest_file(self) -> int:
        """Return the limit of the settings."""
        return int(settings.BATON_MAX_ATTACHMENT)

    def get(self, request: Request) -> HttpResponse:
        """Show the form."""
        return self._page(request, {})

    def post(self, request: Request) -> HttpResponse:
        """Take the file and show where it is now, or delete one of the caller's."""
        if "remove" in cast(Mapping[str, Any], request.data):
            name = checked(RemovalIn(data=request.data))["remove"]
            remove_shared_file(self.actor, get_shared_file(self.actor, name).pk)
            return self._page(request, {})
        sent = cast(StagedFile, checked(UploadIn(data=request.data))["image_file"])
        shared = share_file(self.actor, sent.staging, sent.name or "")
        return self._page(request, {"image_url": self._address(request, shared)})

    def _page(self, request: Request, said: dict[str, Any]) -> HttpResponse:
        own = list_own_shared_files(self.actor, MOST_SHOWN)
        said["files"] = [{"name": file.name, "address": self._address(request, file)} for file in own]
        page = HttpResponse(render_to_string("tasktable/upload.html", said, request._request))
        page.is_page = True  # type: ignore[attr-defined]  # see `last_resort.NeverHtml`
        return page

    def _address(self, request: Request, file: SharedFile) -> str:
        return f"{root_of(request, DIALECT)}/mediafiles/{quote(file.name)}"

    def _admit(self, request: WireRequest, method: str) -> None:
        super()._admit(request, method)
        if method == "post":
            self.refuse_long_form()


class MediaFile(TaskTableView):
    """A file that somebody has uploaded; a browser shows pictures and saves everything else."""

    name = "Media File"

    def get(self, request: Request, name: str) -> HttpResponseBase:
        """Send it."""
        file = get_shared_file(self.actor, name)
        headers = dict(LOCKED_UP) if file.content_type.startswith("image/") else attachment_headers(file.name)
        return file_response(request, Download(file.path, file.size, f'"{file.sha256}"', file.content_type, headers))
