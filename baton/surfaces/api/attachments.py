"""Files: `/api/tasks/{id}/attachments/`, and `/api/attachments/{id}/` with `download/` and `thumbnail/`."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request

from baton.adapters import storage
from baton.core.commands.attachments import VERSION, add_attachment, remove_attachment, require_attachable
from baton.core.errors import NotFound
from baton.core.queries import shapes
from baton.core.queries.attachments import count_attachments, get_attachment, get_content, list_attachments
from baton.surfaces.api.view import ApiView, page_of, resource_response, slice_response
from baton.surfaces.wire.downloads import LOCKED_UP, Download, attachment_headers, file_response
from baton.surfaces.wire.etags import required_version
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import MULTIPART, file, many, new, one, operation
from baton.surfaces.wire.paging import Listing
from baton.surfaces.wire.requests import WireRequest
from baton.surfaces.wire.respond import no_content
from baton.surfaces.wire.uploads import FormOnly, StagedFile

LISTING = Listing(filters={}, orderings={"uploaded_at": (datetime, int)}, default="uploaded_at")


class AttachmentIn(In):
    """The form of an upload."""

    file = serializers.FileField(allow_empty_file=True)


class TaskAttachments(FormOnly, ApiView):
    """`GET` the files on a task, the first attached first; `POST` another as `multipart/form-data`."""

    def largest_file(self) -> int:
        """Return the limit of the settings."""
        return int(settings.BATON_MAX_ATTACHMENT)

    @operation("list_attachments", query=LISTING, gives=many(shapes.Attachment))
    def get(self, request: Request, task_id: int) -> HttpResponse:
        """List the files."""
        _, page = LISTING.read(request)
        found = list_attachments(self.actor, task_id, page.ordering, page_of(page))
        return slice_response(request, page, found, count_attachments(self.actor, task_id) if page.count else None)

    @operation("add_attachment", takes=AttachmentIn, sent_as=(MULTIPART,), gives=new(shapes.Attachment))
    def post(self, request: Request, task_id: int) -> HttpResponse:
        """Attach a file: 201 with its particulars."""
        sent = cast(StagedFile, AttachmentIn.read(request)["file"])
        added = add_attachment(self.actor, task_id, sent.staging, sent.name or "")
        shape = get_attachment(self.actor, added.pk)
        return resource_response(request, shape, VERSION, status=201, location=f"/api/attachments/{added.pk}/")

    def _admit(self, request: WireRequest, method: str) -> None:
        super()._admit(request, method)
        if method == "post":
            # Before the body is read: who may not attach need not send it to the end.
            require_attachable(self.actor, self.kwargs["task_id"])
            self.refuse_long_form()


class Attachment(ApiView):
    """One file's particulars: `GET`, `DELETE` (into the trash)."""

    @operation("get_attachment", gives=one(shapes.Attachment))
    def get(self, request: Request, attachment_id: int) -> HttpResponse:
        """Show them."""
        return resource_response(request, get_attachment(self.actor, attachment_id), VERSION)

    @operation("remove_attachment", if_match=True)
    def delete(self, request: Request, attachment_id: int) -> HttpResponse:
        """Put the file into the trash: 204."""
        remove_attachment(self.actor, attachment_id, expected_version=required_version(request))
        return no_content()


class AttachmentDownload(ApiView):
    """`GET` a file's content, or a part of it."""

    @operation("download_attachment", gives=file("*/*", "Content-Disposition"))
    def get(self, request: Request, attachment_id: int) -> HttpResponseBase:
        """Send it."""
        content = get_content(self.actor, attachment_id)
        headers = attachment_headers(content.name)
        tag = f'"{content.sha256}"'
        return file_response(request, Download(content.path, content.size, tag, content.content_type, headers))


class AttachmentThumbnail(ApiView):
    """`GET` a picture made small: 404 until it has been made, and where it can't be."""

    @operation("get_thumbnail", gives=file("image/webp"))
    def get(self, request: Request, attachment_id: int) -> HttpResponseBase:
        """Send it."""
        content = get_content(self.actor, attachment_id)
        if not content.thumbnail_path:
            raise NotFound("There is no thumbnail of this file.", code="no_thumbnail")
        try:
            size = storage.size_of(content.thumbnail_path)
        except storage.Missing:
            raise NotFound("There is no thumbnail of this file.", code="no_thumbnail") from None
        tag = f'"{content.sha256}-small"'
        return file_response(request, Download(content.thumbnail_path, size, tag, "image/webp", dict(LOCKED_UP)))
