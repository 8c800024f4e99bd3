"""Asking for webhooks and their deliveries, by those who decide over them.

These are read by few and seldom, so the queries are not compiled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Attempt, Delivery, Event, Webhook
from baton.core.models.delivery import Channel, DeliveryState
from baton.core.policies.webhooks import administered_webhooks
from baton.core.queries import shapes
from baton.core.queries.keyset import Page
from baton.core.queries.listing import Slice, cut


def list_webhooks(actor: Actor, ordering: str, page: Page) -> Slice[shapes.Webhook]:
    """Return a page of the webhooks the actor decides over, the newest first for `-created_at`."""
    rows = _page(administered_webhooks(actor).select_related("user"), ordering, page)
    found = cut([(row, row.created_at, row.pk) for row in rows], page, 2)
    return found.map(lambda items: [_webhook(row) for row, *_ in items])


def count_webhooks(actor: Actor) -> int:
    """Return how many webhooks the actor decides over."""
    return administered_webhooks(actor).count()


def get_webhook(actor: Actor, webhook_id: int) -> shapes.Webhook:
    """Return a webhook the actor decides over, without its secret. Raises NotFound."""
    return _webhook(_find(actor, webhook_id))


def list_deliveries(
    actor: Actor, webhook_id: int, ordering: str, page: Page, *, state: str | None = None
) -> Slice[shapes.Delivery]:
    """Return a page of what was and will be sent to a webhook, with every try's answer. Raises NotFound."""
    rows = _page(_deliveries(actor, webhook_id, state).annotate(verb=_VERB), ordering, page)
    found = cut([(row, row.created_at, row.pk) for row in rows], page, 2)
    attempts = _attempts_of(row.pk for row, *_ in found.items)
    return found.map(lambda items: [_delivery(row, attempts[row.pk]) for row, *_ in items])


def count_deliveries(actor: Actor, webhook_id: int, *, state: str | None = None) -> int:
    """Return how many there are. Raises NotFound."""
    return _deliveries(actor, webhook_id, state).count()


def get_delivery(actor: Actor, webhook_id: int, delivery_id: int) -> shapes.Delivery:
    """Return one delivery of a webhook. Raises NotFound."""
    row = _deliveries(actor, webhook_id, None).annotate(verb=_VERB).filter(pk=delivery_id).first()
    if row is None:
        raise NotFound
    return _delivery(row, _attempts_of([row.pk])[row.pk])


_VERB = Subquery(Event.objects.filter(pk=OuterRef("event_id")).values("verb")[:1])


def _find(actor: Actor, webhook_id: int) -> Webhook:
    webhook = administered_webhooks(actor).select_related("user").filter(pk=webhook_id).first()
    if webhook is None:
        raise NotFound
    return webhook


def _deliveries(actor: Actor, webhook_id: int, state: str | None) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(channel=Channel.WEBHOOK, recipient=_find(actor, webhook_id).pk)
    return rows if state is None else rows.filter(state=state)


def _page(rows: QuerySet[Any], ordering: str, page: Page) -> list[Any]:
    """Return one row more than the page holds, by the time of making and the id."""
    is_descending = ordering.startswith("-") != page.backwards
    if page.start is not None:
        at, pk = page.start
        operator = "lt" if is_descending else "gt"
        same = rows.filter(**{"created_at": at, f"pk__{operator}": pk})
        rows = same | rows.filter(**{f"created_at__{operator}": at})
    sign = "-" if is_descending else ""
    return list(rows.order_by(f"{sign}created_at", f"{sign}pk")[: page.size + 1])


def _attempts_of(delivery_ids: Iterable[int]) -> dict[int, list[shapes.Attempt]]:
    found = defaultdict(list)
    for row in Attempt.objects.filter(delivery__in=list(delivery_ids)).order_by("pk"):
        found[row.delivery_id].append(shapes.Attempt(row.at, row.status, row.answer, row.error, row.duration_ms))
    return found


def _webhook(row: Webhook) -> shapes.Webhook:
    user = row.user
    return shapes.Webhook(
        id=row.pk,
        project=row.project_id,
        user=shapes.Person(user.pk, user.username, user.name, user.avatar),
        url=row.url,
        verbs=row.verbs,
        projects=row.projects,
        is_active=row.paused_at is None,
        paused_at=row.paused_at,
        paused_reason=row.paused_reason or None,
        failing_since=row.failing_since,
        is_behind=row.behind_event is not None,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )


def _delivery(row: Any, attempts: list[shapes.Attempt]) -> shapes.Delivery:
    return shapes.Delivery(
        id=row.pk,
        event=row.event_id,
        verb=row.verb or "",
        message_id=row.message_id,
        state=row.state,
        tries=row.tries,
        next_try_at=row.next_try_at if row.state == DeliveryState.WAITING else None,
        last_error=row.last_error,
        created_at=row.created_at,
        finished_at=row.finished_at,
        attempts=attempts,
    )
