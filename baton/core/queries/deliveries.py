"""Asking for messages and what became of them: by few and seldom, so the queries are not compiled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Attempt, Delivery, Event, User
from baton.core.models.delivery import Channel, DeliveryState
from baton.core.policies.deliveries import administered_deliveries
from baton.core.policies.webhooks import administered_webhooks
from baton.core.queries import shapes
from baton.core.queries.keyset import Page
from baton.core.queries.listing import Slice, cut, page_by_time

FILTERS = ("channel", "webhook", "user", "project", "task", "state")


def list_deliveries(actor: Actor, filters: Mapping[str, Any], ordering: str, page: Page) -> Slice[shapes.Delivery]:
    """Return a page of the messages the actor decides over, with every try's answer.

    The newest first for `-created_at`; `filters` are any of FILTERS. Raises NotFound for a webhook of somebody else's.
    """
    rows = page_by_time(_chosen(actor, filters), ordering, page)
    found = cut([(row, row.created_at, row.pk) for row in rows], page, 2)
    return found.map(lambda items: show_deliveries([row for row, *_ in items]))


def count_deliveries(actor: Actor, filters: Mapping[str, Any]) -> int:
    """Return how many the filters leave. Raises NotFound."""
    return _chosen(actor, filters).count()


def get_delivery(actor: Actor, delivery_id: int, *, webhook_id: int | None = None) -> shapes.Delivery:
    """Return one message, to this webhook where one is named. Raises NotFound."""
    filters = {} if webhook_id is None else {"webhook": webhook_id}
    rows = list(_chosen(actor, filters).filter(pk=delivery_id))
    if not rows:
        raise NotFound
    return show_deliveries(rows)[0]


def show_deliveries(rows: Sequence[Delivery]) -> list[shapes.Delivery]:
    """Return rows as they are read, with their attempts, recipients and verbs, in three statements."""
    attempts = _attempts_of(row.pk for row in rows)
    readers = {row.recipient for row in rows if row.channel == Channel.MAIL}
    people = User.objects.in_bulk(readers) if readers else {}
    verbs = verbs_of(row.event_id for row in rows)
    return [_show(row, attempts[row.pk], people, verbs) for row in rows]


def verbs_of(event_ids: Iterable[int | None]) -> dict[int | None, str]:
    """Return what the events are called; nothing for those that are none or gone."""
    return dict(Event.objects.filter(pk__in={pk for pk in event_ids if pk}).values_list("pk", "verb"))


def _chosen(actor: Actor, filters: Mapping[str, Any]) -> QuerySet[Delivery]:
    rows = administered_deliveries(actor)
    for name, value in filters.items():
        match name:
            case "webhook":
                if not administered_webhooks(actor).filter(pk=value).exists():
                    raise NotFound
                rows = rows.filter(channel=Channel.WEBHOOK, recipient=value)
            case "user":
                rows = rows.filter(channel=Channel.MAIL, recipient=value)
            case _:
                rows = rows.filter(**{name: value})
    return rows


def _attempts_of(delivery_ids: Iterable[int]) -> dict[int, list[shapes.Attempt]]:
    found = defaultdict(list)
    for row in Attempt.objects.filter(delivery__in=list(delivery_ids)).order_by("pk"):
        found[row.delivery_id].append(shapes.Attempt(row.at, row.status, row.answer, row.error, row.duration_ms))
    return found


def _show(
    row: Delivery, attempts: list[shapes.Attempt], people: Mapping[int, User], verbs: Mapping[int | None, str]
) -> shapes.Delivery:
    is_mail = row.channel == Channel.MAIL
    reader = people.get(row.recipient) if is_mail else None
    return shapes.Delivery(
        id=row.pk,
        channel=row.channel,
        webhook=None if is_mail else row.recipient,
        user=None if reader is None else shapes.Person(reader.pk, reader.username, reader.name, reader.avatar),
        letter=row.letter or None,
        project=row.project_id,
        task=row.task_id,
        event=row.event_id,
        verb=verbs.get(row.event_id, ""),
        message_id=row.message_id,
        state=row.state,
        tries=row.tries,
        next_try_at=row.next_try_at if row.state == DeliveryState.WAITING else None,
        last_error=row.last_error,
        created_at=row.created_at,
        finished_at=row.finished_at,
        attempts=attempts,
    )
