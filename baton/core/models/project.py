"""Projects and who belongs to them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from baton.lib.ids import new_uuid


class Visibility(models.TextChoices):
    """Who sees a project: its members, or every account."""

    PRIVATE = "private"
    OPEN = "open"


class Role(models.TextChoices):
    """What a member may do: manage the project, work in it, or look."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"


class Project(models.Model):
    """A place for tasks. An inbox is the personal project of its owner.

    `last_number` is the number given to the newest task; who creates a task raises it, and so holds the project's row
    until the commit. `tasks_count` counts the tasks that are not in the trash.

    Rules may hold in it: `assignees_edit` lets whoever works on a task change and delete it, `unique_titles` has no two
    tasks called alike, and with `creators_decide` whoever works on a task does not move it along.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    key = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PRIVATE)
    is_inbox = models.BooleanField(default=False)
    assignees_edit = models.BooleanField(default=False, db_default=False)
    unique_titles = models.BooleanField(default=False, db_default=False)
    creators_decide = models.BooleanField(default=False, db_default=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="owned_projects")
    last_number = models.PositiveIntegerField(default=0)
    tasks_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    trashed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["owner"], condition=Q(is_inbox=True), name="one_inbox_per_user"),
            models.CheckConstraint(condition=Q(visibility__in=Visibility.values), name="project_visibility_known"),
            models.CheckConstraint(condition=Q(is_inbox=False) | Q(visibility="private"), name="inbox_is_private"),
        )
        indexes = (models.Index(fields=["-created_at", "-id"], name="project_newest"),)

    def __str__(self) -> str:
        return f"{self.key} {self.name}"


class Member(models.Model):
    """A user's role in a project."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["project", "user"], name="one_membership_per_user"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="member_role_known"),
        )
        indexes = (models.Index(fields=["user", "project"], name="member_by_user"),)

    def __str__(self) -> str:
        return f"user {self.user_id} is {self.role} of project {self.project_id}"
