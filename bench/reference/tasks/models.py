"""People, projects, tasks, and a history of what was done.

The columns and indexes are Baton's where both need them, the counters of comments and attachments among them: counting
at each read, which is more usual, would only slow the reference down.
"""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    name = models.CharField(max_length=150, blank=True)
    avatar = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 - shown as null, as in Baton


class Project(models.Model):
    key = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    owner = models.ForeignKey(User, models.PROTECT, related_name="owned_projects")
    members = models.ManyToManyField(User, related_name="projects")
    last_number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name


class Label(models.Model):
    project = models.ForeignKey(Project, models.CASCADE, related_name="labels")
    name = models.CharField(max_length=50)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["project", "name"], name="label_once"),)

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    class Status(models.TextChoices):
        TODO = "todo"
        PLANNED = "planned"
        IN_PROGRESS = "in_progress"
        REVIEW = "review"
        DONE = "done"

    class Priority(models.TextChoices):
        LOW = "low"
        MEDIUM = "medium"
        HIGH = "high"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="tasks")
    number = models.PositiveIntegerField(editable=False)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.TODO)
    priority = models.CharField(max_length=6, choices=Priority, default=Priority.MEDIUM)
    assigned_to = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="assigned_tasks")
    delegated = models.BooleanField(default=False)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True)
    labels = models.ManyToManyField(Label, blank=True)
    due_date = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="created_tasks")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    comments_count = models.PositiveIntegerField(default=0)
    attachments_count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=["project", "-created_at", "-id"], name="newest_in_project"),
            models.Index(fields=["-created_at", "-id"], name="newest"),
        )
        constraints = (models.UniqueConstraint(fields=["project", "number"], name="number_once"),)

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        return f"{self.project.key}-{self.number}"

    @property
    def assignees(self) -> list[User]:
        return [assignment.user for assignment in self.assignments.all()]


class Assignment(models.Model):
    task = models.ForeignKey(Task, models.CASCADE, related_name="assignments")
    user = models.ForeignKey(User, models.CASCADE)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["task", "user"], name="assigned_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} on {self.task_id}"


class Comment(models.Model):
    task = models.ForeignKey(Task, models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, models.PROTECT)
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.text[:80]


class History(models.Model):
    task = models.ForeignKey(Task, models.CASCADE, related_name="history")
    actor = models.ForeignKey(User, models.PROTECT)
    verb = models.CharField(max_length=40)
    changes = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.verb} {self.task_id}"
