"""Letters about notifications, and people to get them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from baton.adapters.mail import Letter
from baton.core.commands.mail_queue import LetterOrder, queue_letters
from baton.core.commands.reminders import REMINDED_IN, occasion_of
from baton.core.models import Delivery, Notification, Task, User
from baton.core.models.notification import Kind, Mode
from baton.reactions.letters.composing import compose
from tests.cast import Cast

DUE = datetime(2026, 11, 22, 9, tzinfo=UTC)


def tell_at_once(user: User, kind: Kind, task: Task | None = None, **fields: Any) -> Delivery:
    """Tell somebody something by a letter of their own, and return it."""
    project_id = task.project_id if task else fields.pop("project_id")
    occasion = f"{kind}:{task.pk if task else project_id}"
    if kind in REMINDED_IN and task is not None and task.due_at is not None:
        occasion = occasion_of(kind, task.pk, task.due_at)
    order = LetterOrder(kind, user.pk, occasion, None, project_id, task.pk if task else None)
    (delivery_id,) = queue_letters([order]).values()
    Notification.objects.create(
        user=user,
        kind=kind,
        occasion=occasion,
        project_id=project_id,
        task=task,
        created_at=timezone.now(),
        mode=Mode.AT_ONCE,
        delivery_id=delivery_id,
        **fields,
    )
    return Delivery.objects.get(pk=delivery_id)


def write(delivery: Delivery) -> Letter:
    """Return the letter of a delivery."""
    letter = compose(delivery)
    assert isinstance(letter, Letter), letter
    return letter


def speak_russian(user: User) -> None:
    """Have somebody read Russian, by the clock of Moscow."""
    User.objects.filter(pk=user.pk).update(language="ru", timezone="Europe/Moscow")


def make_digest(cast: Cast, task: Task, roses: Task, mode: Mode) -> Delivery:
    (digest,) = queue_letters([LetterOrder("digest", cast.editor.pk, "daily:2026-11-21")]).values()
    told = ((task, Kind.ASSIGNED), (roses, Kind.ASSIGNED), (task, Kind.OVERDUE))
    for number, (about, kind) in enumerate(told):
        Notification.objects.create(
            user=cast.editor,
            kind=kind,
            occasion=occasion_of(kind, about.pk, DUE) if kind in REMINDED_IN else f"test:{number}",
            project_id=about.project_id,
            task=about,
            actor=cast.owner,
            created_at=timezone.now(),
            mode=mode,
            delivery_id=digest,
        )
    return Delivery.objects.get(pk=digest)
