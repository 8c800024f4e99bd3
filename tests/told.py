"""What tests of notifications share: letting people be told, and looking at what they were told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.db import transaction
from django.db.models.functions import Now

from baton.core.commands.digests import queue_digests
from baton.core.commands.mail_queue import LetterOrder
from baton.core.commands.notification_settings import change_notification_settings
from baton.core.commands.notifications import notify
from baton.core.models import Delivery, Event, MailHours, Notification, Project, User
from tests.factories import actor_of

Plan = Callable[[Event], list[LetterOrder]]


class Log:
    """The log from now on, as the reaction reads it: `tell` hands on what has happened since the last time."""

    def __init__(self) -> None:
        self._last = self._newest()

    def tell(self, plans: Mapping[str, Plan] | None = None, *, batch: int = 100) -> int:
        """Tell everybody whom it concerns; return how many letters were written."""
        events = list(Event.objects.filter(pk__gt=self._last).order_by("pk"))
        self._last = self._newest()
        letters = 0
        for start in range(0, len(events), batch):
            with transaction.atomic():
                letters += notify(events[start : start + batch], plans or {})
        return letters

    def skip(self) -> None:
        """Leave out what has happened since the last time."""
        self._last = self._newest()

    @staticmethod
    def _newest() -> int:
        event = Event.objects.order_by("pk").last()
        return event.pk if event else 0


def told() -> set[tuple[str, str]]:
    """Return whom all notifications told what kind of thing."""
    return set(Notification.objects.values_list("user__username", "kind"))


def told_to(user: User) -> list[Notification]:
    """Return what the user was told, the oldest first."""
    return list(Notification.objects.filter(user=user).order_by("pk").select_related("delivery"))


def letters_to(user: User) -> list[tuple[str, str]]:
    """Return letter and occasion of each delivery to the user, the oldest first."""
    return list(Delivery.objects.filter(recipient=user.pk).order_by("pk").values_list("letter", "occasion"))


def set_mode(user: User, kind: str, mode: str | None, project: Project | None = None) -> None:
    """Have the user hear so of a kind of thing."""
    if project is None:
        change_notification_settings(actor_of(user), {"modes": {kind: mode}})
    else:
        change_notification_settings(actor_of(user), {"projects": {project.pk: {kind: mode}}})


def set_hours(user: User, **hours: Any) -> MailHours:
    """Give the user hours; their zone is the user's."""
    return MailHours.objects.update_or_create(hours, user=user)[0]


def set_zone(user: User, zone: str) -> None:
    """Move the user."""
    User.objects.filter(pk=user.pk).update(timezone=zone)


def digests_at(moment: datetime) -> int:
    """Let the clock's job for digests run at a moment."""
    with time_machine.travel(moment, tick=False):
        return queue_digests()


def wait_of(delivery: Delivery) -> timedelta:
    """Return how long the delivery still waits, by the database's clock."""
    row = Delivery.objects.filter(pk=delivery.pk).annotate(now=Now()).get()
    waits: timedelta = row.next_try_at - row.now
    return waits
