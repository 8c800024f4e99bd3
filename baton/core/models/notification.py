"""What people are told, and how they want to be told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from baton.core.models.delivery import Delivery
from baton.core.models.project import Project
from baton.core.models.task import Task


class Kind(models.TextChoices):
    """What somebody is told; people choose for each how they hear of it."""

    CREATED = "task_created"
    CHANGED = "task_changed"
    COMMENTED = "task_commented"
    ASSIGNED = "task_assigned"
    DELEGATED = "task_delegated"
    HANDED_BACK = "task_handed_back"
    MENTIONED = "mentioned"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    INVITED = "invited"


class Mode(models.TextChoices):
    """How somebody is told by mail. `gathered`: what comes within some minutes is one letter."""

    AT_ONCE = "at_once"
    GATHERED = "gathered"
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"


class Silence(models.TextChoices):
    """Why no letter tells of a notification."""

    OFF = "off", "They have switched letters of this kind off."
    NO_ADDRESS = "no_address", "They have no e-mail address."
    DIALECT = "dialect", "The change came through a dialect, which has letters of its own for it or none."
    UNSEEN = "unseen", "They did not see the task any more."


class Notification(models.Model):
    """Somebody is told of something, once for each `occasion`: a change (`event:7`) or a date (`due_soon:7:2026-…`).

    `event` is what it follows from, and may be absent. `delivery` is the letter that tells of it, once there is one;
    without one `silence` says why, or it waits for the digest of its `mode`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=20, choices=Kind)
    occasion = models.CharField(max_length=100)
    event = models.ForeignKey(
        "core.Event", models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    project = models.ForeignKey(Project, models.CASCADE, null=True, related_name="+")
    task = models.ForeignKey(Task, models.CASCADE, null=True, related_name="notifications")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mode = models.CharField(max_length=10, choices=Mode)
    delivery = models.ForeignKey(Delivery, models.SET_NULL, null=True, related_name="notifications")
    silence = models.CharField(max_length=20, choices=Silence, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "occasion"], name="told_once_of_each_occasion"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="notification_kind_known"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="notification_mode_known"),
        )
        indexes = (
            models.Index(fields=["user", "-created_at", "-id"], name="notification_newest"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(
                fields=["mode", "user", "created_at"],
                condition=Q(delivery=None, silence="", mode__in=[Mode.DAILY, Mode.WEEKLY]),
                name="notification_for_digest",
            ),
            models.Index(fields=["created_at"], name="notification_oldest"),
        )

    def __str__(self) -> str:
        return f"{self.kind} to user {self.user_id}: {self.occasion}"


class NotificationSetting(models.Model):
    """How a user wants to hear of one kind of thing, in one project or (without one) in all others."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_settings")
    project = models.ForeignKey(Project, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    mode = models.CharField(max_length=10, choices=Mode)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "project", "kind"], name="one_mode_per_project_and_kind"),
            models.UniqueConstraint(
                fields=["user", "kind"], condition=Q(project=None), name="one_mode_per_kind_everywhere"
            ),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="notification_setting_mode_known"),
        )

    def __str__(self) -> str:
        return f"user {self.user_id} wants {self.kind} {self.mode}"


class MailHours(models.Model):
    """When a user wants letters; all hours are in their own time zone. Who has no row has the defaults.

    Between `quiet_from` and `quiet_until` no letter is sent; what comes then waits. `digest_weekday` 0 is Monday.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="mail_hours")
    gather_minutes = models.PositiveSmallIntegerField(default=5)
    digest_hour = models.PositiveSmallIntegerField(default=8)
    digest_weekday = models.PositiveSmallIntegerField(default=0)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)

    class Meta:
        verbose_name_plural = "mail hours"
        constraints = (
            models.CheckConstraint(
                condition=Q(gather_minutes__lte=1440, digest_hour__lte=23, digest_weekday__lte=6),
                name="mail_hours_exist",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None) | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_both_ends",
            ),
        )

    def __str__(self) -> str:
        return f"mail hours of user {self.user_id}"
