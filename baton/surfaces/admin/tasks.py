"""Tasks, and what belongs to them without a life of its own."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from baton.core.commands import tasks
from baton.core.commands.task_creation import create_task
from baton.core.commands.task_fields import TaskFields
from baton.core.commands.trash import restore_task
from baton.core.models import Assignment, Delegation, Label, Task, TaskLabel, User, Watcher
from baton.surfaces.admin.actors import actor_of
from baton.surfaces.admin.history import WithHistory
from baton.surfaces.admin.through_commands import ReadOnlyAdmin, fields_of, take_over

FIELDS = {
    "project": "project_id",
    "title": "title",
    "description": "description",
    "status": "status",
    "priority": "priority",
    "lead": "assigned_to",
    "labels": "labels",
    "parent": "parent_id",
    "due_at": "due_at",
}
"""The form's fields, as the commands call them."""


class TaskForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A task. `seen_version` is the one that was read: somebody else's change in between is not overwritten."""

    labels = forms.CharField(required=False, help_text="Separated by commas.")
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Task
        fields = tuple(name for name in FIELDS if name != "labels")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for optional in ("lead", "parent"):
            if optional in self.fields:
                self.fields[optional].required = False
        task = self.instance
        if task.pk:
            names = Label.objects.filter(task_labels__task=task).order_by("name").values_list("name", flat=True)
            self.initial.update(labels=", ".join(names), seen_version=task.version)


class AssignmentInline(admin.TabularInline):  # type: ignore[type-arg]  # generic in the stubs only
    """Who works on the task, to be read; the first is its lead."""

    model = Assignment
    extra = max_num = 0
    can_delete = False
    fields = readonly_fields = ("position", "user")
    ordering = ("position",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assignment]:
        """Return them with their users, joined."""
        return super().get_queryset(request).select_related("user")


@admin.register(Task)
class TaskAdmin(WithHistory):
    """Tasks. Deleting one puts it into the trash."""

    change_form_template = "baton_admin/task.html"
    form = TaskForm
    pointers = {"assigned_to": "lead", "assignees": "lead", "due_date": "due_at"}  # noqa: RUF012 - never changed
    inlines = (AssignmentInline,)
    readonly_fields = (
        "number",
        "delegated",
        "created_by",
        "created_at",
        "updated_at",
        "completed_at",
        "trashed_at",
        "version",
    )
    fields = (*FIELDS, "seen_version", *readonly_fields)
    autocomplete_fields = ("project", "lead", "parent")
    list_display = ("title", "key", "status", "priority", "lead", "due_at", "updated_at", "trashed_at")
    list_filter = ("status", "priority", "delegated", "due_at", ("trashed_at", admin.EmptyFieldListFilter))
    search_fields = ("title", "project__key", "project__name", "lead__username")
    list_select_related = ("project", "lead", "created_by", "parent")
    ordering = ("-created_at", "-id")
    actions = ("restore",)

    @admin.display(ordering=("project__key"))
    def about(self, thing: Task) -> Q:
        """Return what happened to the task."""
        return Q(task=thing)

    def key(self, task: Task) -> str:
        """Return what people call the task."""
        return f"{task.project.key}-{task.number}"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Create or change the task."""
        fields = _plain(fields_of(form, FIELDS))
        actor = actor_of(request)
        if change:
            saved = tasks.edit_task(actor, obj.pk, fields, expected_version=form.cleaned_data.get("seen_version"))
        else:
            saved = create_task(actor, fields.pop("project_id"), fields)
        take_over(obj, saved)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Put the task into the trash."""
        tasks.trash_task(actor_of(request), obj.pk)

    @admin.action(description="Restore the selected tasks from the trash", permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Task]) -> None:
        """Restore them, all or none."""
        for task in queryset:
            restore_task(actor_of(request), task.pk)
        self.message_user(request, "Restored.")


def _plain(fields: dict[str, Any]) -> TaskFields:
    """Return the fields with ids where the form has rows, and the labels as a list."""
    for name in ("project_id", "parent_id", "assigned_to"):
        if fields.get(name) is not None:
            fields[name] = cast("Task | User", fields[name]).pk
    if "labels" in fields:
        fields["labels"] = [label for name in fields["labels"].split(",") if (label := name.strip())]
    return cast("TaskFields", fields)


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    """Who works on what."""

    list_display = ("task", "user", "position")
    list_filter = ("position",)
    search_fields = ("task__title", "user__username")
    list_select_related = ("task", "user")
    ordering = ("-id",)


@admin.register(Watcher)
class WatcherAdmin(ReadOnlyAdmin):
    """Who wants to hear about what."""

    list_display = ("task", "user", "created_at")
    list_filter = ("created_at",)
    search_fields = ("task__title", "user__username")
    list_select_related = ("task", "user")
    ordering = ("-id",)


@admin.register(Delegation)
class DelegationAdmin(ReadOnlyAdmin):
    """What was handed from whom to whom, and what became of it."""

    list_display = ("task", "giver", "receiver", "state", "created_at", "answered_at")
    list_filter = ("state", "created_at")
    search_fields = ("task__title", "giver__username", "receiver__username", "note")
    list_select_related = ("task", "giver", "receiver", "previous_lead")
    ordering = ("-id",)


@admin.register(Label)
class LabelAdmin(ReadOnlyAdmin):
    """The labels of the projects; they come and go with what tasks carry."""

    list_display = ("name", "project")
    search_fields = ("name", "project__key", "project__name")
    list_select_related = ("project",)
    ordering = ("-id",)


@admin.register(TaskLabel)
class TaskLabelAdmin(ReadOnlyAdmin):
    """Which task carries which label."""

    list_display = ("task", "label")
    search_fields = ("task__title", "label__name")
    list_select_related = ("task", "label")
    ordering = ("-id",)
