"""Who was told of a task's changes, through what, and if not, why: the answer to "why no mail?"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Delivery, Notification
from baton.core.models.delivery import Channel, DeliveryState
from baton.core.models.notification import Mode, Silence
from baton.core.policies.deliveries import administered_deliveries
from baton.core.policies.roles import is_owner
from baton.core.policies.visibility import visible_tasks
from baton.core.queries import shapes
from baton.core.queries.deliveries import show_deliveries, verbs_of
from baton.core.queries.keyset import Page
from baton.core.queries.listing import Slice, cut

FILTERS = ("user", "after", "before")

Item = tuple[Notification | Delivery, datetime, int]
"""A row, the time it is sorted by, and a number that tells it from all others of that time."""
Sources = tuple[QuerySet[Notification], QuerySet[Delivery]]
"""What people were told, and messages, of which those count that no notification stands behind."""
_BOUNDS = {"after": "created_at__gte", "before": "created_at__lte"}


def list_told(actor: Actor, task_id: int, filters: Mapping[str, Any], ordering: str, page: Page) -> Slice[shapes.Told]:
    """Return a page of who was told what of a task, the newest first for `-created_at`. Raises NotFound.

    An owner of its project is shown everybody and the webhooks they decide over, everybody else what they were told.
    `filters` are any of FILTERS: a user's id, and two times.
    """
    return page_of_told(_sources(actor, task_id), filters, ordering, page)


def page_of_told(sources: Sources, filters: Mapping[str, Any], ordering: str, page: Page) -> Slice[shapes.Told]:
    """Return a page of what stands in the two sources, as one list by time."""
    found = [
        item for number, rows in enumerate(_choose(sources, filters)) for item in _some(rows, number, ordering, page)
    ]
    found.sort(key=lambda item: item[1:], reverse=ordering.startswith("-") != page.backwards)
    return cut(found[: page.size + 1], page, 2).map(_show)


def count_told(actor: Actor, task_id: int, filters: Mapping[str, Any]) -> int:
    """Return how much the filters leave, for an actor who sees the task."""
    return sum(rows.count() for rows in _choose(_sources(actor, task_id), filters))


def _sources(actor: Actor, task_id: int) -> Sources:
    task = visible_tasks(actor).filter(pk=task_id).first()
    if task is None:
        raise NotFound
    notifications, messages = Notification.objects.filter(task=task), Delivery.objects.filter(task=task)
    if is_owner(actor, task.project_id):
        return notifications, messages.filter(pk__in=administered_deliveries(actor).filter(task=task).values("pk"))
    return notifications.filter(user=actor.person), messages.filter(channel=Channel.MAIL, recipient=actor.person)


def _choose(sources: Sources, filters: Mapping[str, Any]) -> Sources:
    """Return what the filters leave, and of the messages those that no notification stands behind."""
    notifications, messages = sources
    messages = messages.exclude(Exists(Notification.objects.filter(delivery=OuterRef("pk"))))
    if "user" in filters:
        notifications = notifications.filter(user=filters["user"])
        messages = messages.filter(channel=Channel.MAIL, recipient=filters["user"])
    within = {_BOUNDS[name]: value for name, value in filters.items() if name in _BOUNDS}
    return notifications.select_related("user", "delivery").filter(**within), messages.filter(**within)


def _some(rows: QuerySet[Any], source: int, ordering: str, page: Page) -> list[Item]:
    """Return one row more than the page holds of one source.

    Two sources make one list: rows of one time are told apart by `2 * id + source`.
    """
    is_descending = ordering.startswith("-") != page.backwards
    if page.start is not None:
        at, number = page.start
        if is_descending:
            rows = rows.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lte=(number - source - 1) // 2))
        else:
            rows = rows.filter(Q(created_at__gt=at) | Q(created_at=at, pk__gt=(number - source) // 2))
    sign = "-" if is_descending else ""
    rows = rows.order_by(f"{sign}created_at", f"{sign}pk")
    return [(row, row.created_at, 2 * row.pk + source) for row in rows[: page.size + 1]]


def _show(items: list[Item]) -> list[shapes.Told]:
    rows = [row for row, *_ in items]
    messages = [row if isinstance(row, Delivery) else row.delivery for row in rows]
    shown = {message.id: message for message in show_deliveries([one for one in messages if one is not None])}
    verbs = verbs_of(row.event_id for row in rows)
    return [
        _show_one(row, verbs.get(row.event_id, ""), shown.get(message.pk) if message else None)
        for row, message in zip(rows, messages, strict=True)
    ]


def _show_one(row: Notification | Delivery, verb: str, message: shapes.Delivery | None) -> shapes.Told:
    is_told = message is not None and message.state == DeliveryState.DELIVERED
    if isinstance(row, Delivery):
        user = message.user if message else None
        return shapes.Told(row.created_at, user, None, None, row.event_id, verb, is_told, _why(row, message), message)
    user = shapes.Person(row.user.pk, row.user.username, row.user.name, row.user.avatar)
    why = _why(row, message)
    return shapes.Told(row.created_at, user, row.kind, row.mode, row.event_id, verb, is_told, why, message)


def _why(row: Notification | Delivery, message: shapes.Delivery | None) -> str:
    """Return why nothing has arrived, as a sentence; nothing where it has."""
    if message is not None:
        return _WHY_NOT_ARRIVED[message.state].format(tries=_count(message.tries), error=message.last_error).strip()
    if isinstance(row, Delivery):
        return ""
    return str(Silence(row.silence).label) if row.silence else _WHY_NO_MESSAGE[row.mode]


def _count(tries: int) -> str:
    return {0: "no try", 1: "one try"}.get(tries, f"{tries} tries")


_WHY_NOT_ARRIVED: Mapping[str, str] = {
    DeliveryState.DELIVERED: "",
    DeliveryState.SENDING: "It is being sent at this moment.",
    DeliveryState.WAITING: "It waits for its time, after {tries}. {error}",
    DeliveryState.HELD: "Its webhook is paused.",
    DeliveryState.DEAD: "It was given up after {tries}: {error}",
    DeliveryState.CANCELLED: "It was not sent after all: {error}",
}
_FORGOTTEN = "Its letter was forgotten since: what is finished is kept for some time only."
_WHY_NO_MESSAGE: Mapping[str, str] = {
    Mode.AT_ONCE: _FORGOTTEN,
    Mode.GATHERED: _FORGOTTEN,
    Mode.DAILY: "It waits for their daily digest.",
    Mode.WEEKLY: "It waits for their weekly digest.",
    Mode.OFF: str(Silence.OFF.label),
}
