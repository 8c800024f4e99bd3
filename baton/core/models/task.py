"""Tasks, who works on them and who watches them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from baton.core.models.project import Project
from baton.lib import rank
from baton.lib.ids import new_uuid


class Status(models.TextChoices):
    """How far a task is."""

    TODO = "todo"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    REVIEW = "review"
    DONE = "done"


class Priority(models.IntegerChoices):
    """How much a task matters; numbers, so that databases sort by it. `name.lower()` is the wire's word."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Task(models.Model):
    """Something to be done.

    `lead` is the first of its assignees and repeats their first row, so that lists need one join. `delegated` is true
    while a delegation is open. The counters repeat what can be counted, so that a list is one query; only commands
    write them. `unique_title` repeats the title where the project has titles told apart.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="tasks")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    unique_title = models.CharField(max_length=200, null=True, editable=False)  # noqa: DJ001  # absent, and so not equal
    description = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.TODO)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.MEDIUM)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="led_tasks")
    delegated = models.BooleanField(default=False)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    due_at = models.DateTimeField(null=True, blank=True)
    rank = models.CharField(max_length=rank.MAX_LENGTH)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="created_tasks")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    assignees_count = models.PositiveSmallIntegerField(default=0)
    labels_count = models.PositiveSmallIntegerField(default=0)
    comments_count = models.PositiveIntegerField(default=0)
    attachments_count = models.PositiveIntegerField(default=0)
    trashed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["project", "number"], name="task_number_once_per_project"),
            models.UniqueConstraint(fields=["project", "rank"], name="task_rank_once_per_project"),
            models.UniqueConstraint(
                fields=["project", "unique_title"],
                condition=Q(unique_title__isnull=False),
                name="task_title_once_per_project",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="task_status_known"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="task_priority_known"),
            models.CheckConstraint(
                condition=Q(status=Status.DONE, completed_at__isnull=False)
                | (~Q(status=Status.DONE) & Q(completed_at=None)),
                name="task_done_has_its_time",
            ),
        )
        indexes = (
            models.Index(fields=["project", "-created_at", "-id"], name="task_newest_in_project"),
            models.Index(fields=["-created_at", "-id"], name="task_newest"),
            models.Index(fields=["project", "-updated_at", "-id"], name="task_touched_in_project"),
            models.Index(fields=["-updated_at", "-id"], name="task_touched"),
            models.Index(fields=["project", "due_at", "id"], name="task_due_in_project"),
            models.Index(fields=["lead", "status"], name="task_by_lead"),
            models.Index(
                fields=["project", "completed_at"], condition=Q(trashed_at=None), name="task_completed_in_project"
            ),
            models.Index(
                fields=["project", "due_at"],
                condition=Q(trashed_at=None) & ~Q(status=Status.DONE),
                name="task_undone_in_project",
            ),
            # What a board shows, however many tasks have been done.
            models.Index(
                fields=["project", "rank"], condition=Q(completed_at=None, trashed_at=None), name="task_open_in_project"
            ),
            models.Index(
                fields=["project", "-completed_at", "-id"],
                condition=Q(completed_at__isnull=False, trashed_at=None),
                name="task_done_in_project",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Assignment(models.Model):
    """A user works on a task; position 0 is the lead."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["task", "user"], name="assigned_once"),
            models.UniqueConstraint(fields=["task", "position"], name="one_assignee_per_position"),
        )

    def __str__(self) -> str:
        return f"user {self.user_id} works on task {self.task_id}"


class Watcher(models.Model):
    """A user wants to hear about a task."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="watchers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watched")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["task", "user"], name="watched_once"),)

    def __str__(self) -> str:
        return f"user {self.user_id} watches task {self.task_id}"
