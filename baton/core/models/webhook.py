"""Where events are sent to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from baton.core.models.project import Project
from baton.lib.signing_secrets import SEED_LENGTH
from baton.lib.web_urls import LONGEST_URL


class PauseReason(models.TextChoices):
    """Why a webhook is paused: by somebody, after days of failure, told so (410), or nobody answers for it."""

    BY_HAND = "by_hand"
    FAILING = "failing"
    GONE = "gone"
    OWNER_LEFT = "owner_left"


class Webhook(models.Model):
    """A receiver of a project's events, or of all that `user` sees (without a project).

    `user` answers for it: a project's webhook sends only while they are an owner of the project. Its secrets are made
    of the seeds (`lib/signing_secrets.py`); the previous one signs too until `previous_until`.

    Deliveries are written by a reaction for all webhooks at once. One that is not abreast of it has a place of its own
    in the log, `behind_transaction` and `behind_event`: after a pause or a replay, and while its queue is full.
    """

    project = models.ForeignKey(Project, models.CASCADE, null=True, blank=True, related_name="webhooks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=LONGEST_URL)
    verbs = models.JSONField(default=list, blank=True)
    projects = models.JSONField(default=list, blank=True)
    seed = models.CharField(max_length=SEED_LENGTH, editable=False)
    previous_seed = models.CharField(max_length=SEED_LENGTH, blank=True, editable=False)
    previous_until = models.DateTimeField(null=True, editable=False)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_reason = models.CharField(max_length=10, choices=PauseReason, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    behind_transaction = models.BigIntegerField(null=True, editable=False)
    behind_event = models.BigIntegerField(null=True, editable=False)
    run = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(paused_at=None, paused_reason="") | Q(paused_at__isnull=False, paused_reason__gt=""),
                name="webhook_paused_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(behind_transaction=None, behind_event=None)
                | Q(behind_transaction__isnull=False, behind_event__isnull=False),
                name="webhook_behind_at_a_place",
            ),
        )
        indexes = (
            models.Index(
                fields=["id"], condition=Q(paused_at=None, behind_event__isnull=False), name="webhook_catching_up"
            ),
        )

    def __str__(self) -> str:
        return f"webhook {self.pk}"
