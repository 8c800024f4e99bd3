"""What is to be sent to whom, and how it went: the truth that brokers only wake workers for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Channel(models.TextChoices):
    """How something is sent."""

    WEBHOOK = "webhook"
    MAIL = "mail"


class Pace(models.TextChoices):
    """How a delivery goes on after failures; `core/commands/deliveries.py` says what each means."""

    WEBHOOK = "webhook"
    LETTER = "letter"
    TASK_MANAGER = "task_manager"
    TASKTABLE = "tasktable"


class DeliveryState(models.TextChoices):
    """How far a delivery is. `held` waits for its recipient to be resumed; the last three are final."""

    WAITING = "waiting"
    HELD = "held"
    SENDING = "sending"
    DELIVERED = "delivered"
    DEAD = "dead"
    CANCELLED = "cancelled"


UNFINISHED = (DeliveryState.WAITING, DeliveryState.HELD, DeliveryState.SENDING)
NO_ACCOUNT = 0
"""The recipient of a letter to somebody without an account, whom its event names: not one person, so nobody waits."""


class Delivery(models.Model):
    """One message on its way to one recipient.

    `recipient` is the id of what the channel sends to: a webhook; by mail a user, or NO_ACCOUNT. `occasion` is why, and
    so what makes a second message a repetition: `event:7` or `daily:2026-11-21`. `letter` names what is written to
    people; webhooks get the event itself. `project` and `task` are what it is about, for those who look for it; they
    may be gone one day.

    Two at a time are on their way to a recipient, and one where something was tried in vain, so that whoever stalls
    takes up one place. An ordered one is tried only when no older ordered one of the recipient is unfinished. `run` is
    raised when everything is sent once more on purpose; `message_id` stays what it was, so that receivers know a
    repetition.

    Whoever sends it holds it by `claim` until `lease_until`. That and `next_try_at` are the database's time, since the
    clocks of workers differ.
    """

    event = models.ForeignKey(
        "core.Event", models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    project = models.ForeignKey(
        "core.Project", models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    task = models.ForeignKey(
        "core.Task", models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    channel = models.CharField(max_length=10, choices=Channel)
    recipient = models.BigIntegerField()
    occasion = models.CharField(max_length=100)
    letter = models.CharField(max_length=40, blank=True)
    pace = models.CharField(max_length=20, choices=Pace)
    run = models.PositiveIntegerField(default=0)
    is_ordered = models.BooleanField(default=True)
    message_id = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    claim = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = (
            models.UniqueConstraint(fields=["channel", "recipient", "occasion", "run"], name="one_delivery_each"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.SENDING, lease_until__isnull=False)
                | (~Q(state=DeliveryState.SENDING) & Q(lease_until=None)),
                name="delivery_sent_by_lease",
            ),
        )
        indexes = (
            models.Index(fields=["next_try_at"], condition=Q(state__in=UNFINISHED), name="delivery_due"),
            models.Index(
                fields=["channel", "recipient", "id"], condition=Q(state__in=UNFINISHED), name="delivery_unfinished"
            ),
            # Unlike the one above it does not hold what only waits, which may be thousands.
            models.Index(
                fields=["channel", "recipient", "lease_until"],
                condition=Q(tries__gt=0, finished_at=None),
                name="delivery_tried",
            ),
            models.Index(fields=["channel", "recipient", "-created_at", "-id"], name="delivery_newest"),
            models.Index(fields=["task", "-id"], condition=Q(task__isnull=False), name="delivery_of_task"),
            models.Index(fields=["project", "-id"], condition=Q(project__isnull=False), name="delivery_of_project"),
            models.Index(fields=["finished_at"], condition=Q(finished_at__isnull=False), name="delivery_finished"),
        )

    def __str__(self) -> str:
        return f"{self.occasion} to {self.channel} {self.recipient}: {self.state}"


class Attempt(models.Model):
    """One try of a delivery, with the answer. `status` is None where none came."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    status = models.PositiveIntegerField(null=True)
    answer = models.TextField(blank=True)
    error = models.CharField(max_length=300, blank=True)
    duration_ms = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.status or self.error}"
