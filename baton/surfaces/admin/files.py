"""Files of tasks, those that are about to go, and files that belong to no task."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from baton.core.commands import attachments, shared_files
from baton.core.models import Attachment, AttachmentFarewell, SharedFile
from baton.surfaces.admin.actors import actor_of
from baton.surfaces.admin.through_commands import CommandAdmin, ReadOnlyAdmin


class _FileAdmin(CommandAdmin):
    """Files, which are uploaded elsewhere and stay as they are."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """May anybody add a row by hand? No: files are uploaded."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """May anybody change what a file is? No."""
        return False


@admin.register(Attachment)
class AttachmentAdmin(_FileAdmin):
    """Files. Deleting one puts it into the trash."""

    list_display = ("name", "task", "content_type", "size", "uploaded_by", "uploaded_at", "trashed_at")
    list_filter = ("content_type", "uploaded_at", ("trashed_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "sha256", "task__title", "uploaded_by__username")
    list_select_related = ("task", "uploaded_by")
    ordering = ("-id",)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Put the file into the trash."""
        attachments.remove_attachment(actor_of(request), obj.pk)


@admin.register(AttachmentFarewell)
class AttachmentFarewellAdmin(ReadOnlyAdmin):
    """Files of tasks long done that the next clean-up puts into the trash (`BATON_ATTACHMENT_RETENTION_DAYS`)."""

    list_display = ("attachment", "project", "task", "size", "uploaded_at", "listed_at")
    list_filter = ("listed_at",)
    search_fields = ("attachment__name", "attachment__task__title", "attachment__task__project__key")
    list_select_related = ("attachment__task__project",)
    ordering = ("attachment__task__project__key", "attachment__task__number", "pk")

    def project(self, farewell: AttachmentFarewell) -> str:
        """Return the project it is in."""
        return farewell.attachment.task.project.key

    def task(self, farewell: AttachmentFarewell) -> str:
        """Return the task it is on."""
        return farewell.attachment.task.title

    def size(self, farewell: AttachmentFarewell) -> int:
        """Return how large it is."""
        return farewell.attachment.size

    def uploaded_at(self, farewell: AttachmentFarewell) -> datetime:
        """Return how long it has been there."""
        return farewell.attachment.uploaded_at


@admin.register(SharedFile)
class SharedFileAdmin(_FileAdmin):
    """Files that belong to no task. Deleting one is for good."""

    list_display = ("name", "content_type", "size", "uploaded_by", "uploaded_at")
    list_filter = ("content_type", "uploaded_at")
    search_fields = ("name", "sha256", "uploaded_by__username")
    list_select_related = ("uploaded_by",)
    ordering = ("-id",)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete the file for everybody."""
        shared_files.remove_shared_file(actor_of(request), obj.pk)
