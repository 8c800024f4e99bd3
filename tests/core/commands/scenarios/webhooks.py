"""Webhooks and deliveries."""

from __future__ import annotations

from baton.core.commands import delivery_upkeep, webhook_upkeep, webhooks
from baton.core.events.log import START
from baton.core.models import Delivery, Task
from baton.core.models.delivery import Channel
from tests.cast import Cast
from tests.core.commands.scenarios.full_task import Scenario
from tests.factories import actor_of


def _hook(cast: Cast, *, project_id: int | None = None) -> int:
    person = cast.owner if project_id else cast.editor
    return webhooks.create_webhook(actor_of(person), {"url": "https://example.com/hook"}, project_id=project_id)[0].pk


def _paused_and_resumed(cast: Cast, task: Task) -> None:
    hook = _hook(cast, project_id=task.project_id)
    webhook_upkeep.pause_webhook(actor_of(cast.owner), hook)
    webhook_upkeep.resume_webhook(actor_of(cast.owner), hook)


def _retry(cast: Cast, task: Task) -> None:
    delivery_upkeep.retry_delivery(actor_of(cast.owner), Delivery.objects.get(task=task, channel=Channel.MAIL).pk)


SCENARIOS: dict[str, list[Scenario]] = {
    "delivery_upkeep.retry_delivery": [_retry],
    "webhooks.create_webhook": [
        lambda cast, _task: _hook(cast),
        lambda cast, task: _hook(cast, project_id=task.project_id),
    ],
    "webhooks.edit_webhook": [
        lambda cast, _task: webhooks.edit_webhook(
            actor_of(cast.editor), _hook(cast), {"url": "https://example.org/", "verbs": ["task.created"]}
        )
    ],
    "webhooks.rotate_webhook_secret": [
        lambda cast, _task: webhooks.rotate_webhook_secret(actor_of(cast.editor), _hook(cast))
    ],
    "webhooks.delete_webhook": [
        lambda cast, task: webhooks.delete_webhook(actor_of(cast.owner), _hook(cast, project_id=task.project_id))
    ],
    "webhook_upkeep.pause_webhook": [
        lambda cast, _task: webhook_upkeep.pause_webhook(actor_of(cast.editor), _hook(cast))
    ],
    "webhook_upkeep.resume_webhook": [_paused_and_resumed],
    "webhook_upkeep.replay_webhook": [
        lambda cast, _task: webhook_upkeep.replay_webhook(actor_of(cast.editor), _hook(cast), START)
    ],
    "webhook_upkeep.ping_webhook": [
        lambda cast, _task: webhook_upkeep.ping_webhook(actor_of(cast.editor), _hook(cast))
    ],
}
