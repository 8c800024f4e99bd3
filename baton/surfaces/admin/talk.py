"""What people say about tasks."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from baton.core.commands import comments
from baton.core.models import Comment
from baton.surfaces.admin.actors import actor_of
from baton.surfaces.admin.through_commands import CommandAdmin, take_over


@admin.register(Comment)
class CommentAdmin(CommandAdmin):
    """Comments. Only their authors change what they say."""

    fields = ("task", "text", "author", "created_at", "edited_at")
    readonly_fields = ("author", "created_at", "edited_at")
    list_display = ("__str__", "task", "author", "created_at", "edited_at")
    list_filter = ("created_at", ("edited_at", admin.EmptyFieldListFilter))
    search_fields = ("text", "task__title", "author__username")
    list_select_related = ("task", "author")
    autocomplete_fields = ("task",)
    ordering = ("-id",)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> tuple[str, ...]:
        """Return what stays as it is: a comment never goes to another task."""
        return ("author", "created_at", "edited_at") if obj is None else ("task", "author", "created_at", "edited_at")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Add the comment, or change what it says."""
        actor = actor_of(request)
        if change:
            take_over(obj, comments.edit_comment(actor, obj.pk, obj.text))
        else:
            take_over(obj, comments.add_comment(actor, obj.task_id, obj.text))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete the comment; the log keeps what it said."""
        comments.delete_comment(actor_of(request), obj.pk)
