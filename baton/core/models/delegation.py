"""Tasks handed from person to person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from baton.core.models.task import Task


class DelegationState(models.TextChoices):
    """Offered and accepted are open; the others have ended. `ended`: overtaken by a plain reassignment."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RETURNED = "returned"
    ENDED = "ended"


OPEN_STATES = (DelegationState.OFFERED, DelegationState.ACCEPTED)


class Delegation(models.Model):
    """The giver handed the task to the receiver, who became its lead and owes an answer.

    `previous_lead` gets the task back when the receiver declines or returns it.
    """

    task = models.ForeignKey(Task, models.CASCADE, related_name="delegations")
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_given")
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_received")
    previous_lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=DelegationState, default=DelegationState.OFFERED)
    note = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=DelegationState.values), name="delegation_state_known"),
        )
        indexes = (models.Index(fields=["giver"], condition=Q(state__in=OPEN_STATES), name="delegation_waiting_for"),)

    def __str__(self) -> str:
        return f"task {self.task_id} from user {self.giver_id} to user {self.receiver_id}"
