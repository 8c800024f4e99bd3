"""Asking for webhooks, by those who decide over them: few and seldom, so the queries are not compiled."""

from __future__ import annotations

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Webhook
from baton.core.policies.webhooks import administered_webhooks
from baton.core.queries import shapes
from baton.core.queries.keyset import Page
from baton.core.queries.listing import Slice, cut, page_by_time


def list_webhooks(actor: Actor, ordering: str, page: Page) -> Slice[shapes.Webhook]:
    """Return a page of the webhooks the actor decides over, the newest first for `-created_at`."""
    rows = page_by_time(administered_webhooks(actor).select_related("user"), ordering, page)
    found = cut([(row, row.created_at, row.pk) for row in rows], page, 2)
    return found.map(lambda items: [_webhook(row) for row, *_ in items])


def count_webhooks(actor: Actor) -> int:
    """Return how many webhooks the actor decides over."""
    return administered_webhooks(actor).count()


def get_webhook(actor: Actor, webhook_id: int) -> shapes.Webhook:
    """Return a webhook the actor decides over, without its secret. Raises NotFound."""
    return _webhook(_find(actor, webhook_id))


def _find(actor: Actor, webhook_id: int) -> Webhook:
    webhook = administered_webhooks(actor).select_related("user").filter(pk=webhook_id).first()
    if webhook is None:
        raise NotFound
    return webhook


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
