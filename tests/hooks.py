"""What tests of webhooks share: hooks to a receiver, and the workers' turns without waiting."""

from __future__ import annotations

import json
from typing import Any

from django.db.models.functions import Now
from standardwebhooks import Webhook as Verifier

from baton import wiring
from baton.core.commands.webhook_queue import REACTION, catch_up
from baton.core.commands.webhooks import create_webhook
from baton.core.models import Delivery, Project, User, Webhook
from baton.core.models.delivery import DeliveryState
from baton.reactions.deliver import deliver_due
from baton.reactions.follow import follow
from tests.factories import actor_of
from tests.receiver import Receiver, Sent
from tests.traces import let_the_log_settle

URL = "https://example.com/hooks/s3cret-path"
LOOPBACK = "127.0.0.1/32"


def make_hook(user: User, project: Project | None = None, url: str = URL, **fields: Any) -> Webhook:
    """Return a new webhook that is abreast of the log."""
    values: Any = {"url": url, **fields}
    hook, _ = create_webhook(actor_of(user), values, project_id=project.pk if project else None)
    follow_log()
    return Webhook.objects.get(pk=hook.pk)


def follow_log() -> None:
    """Let deliveries be written of all that has happened."""
    let_the_log_settle()
    reaction = next(found for found in wiring.REACTIONS if found.name == REACTION)
    while follow(reaction):
        pass
    catch_up()


def deliver_all() -> int:
    """Follow the log, and send what is due until nothing is; return how many tries there were."""
    follow_log()
    tried = 0
    while True:
        found = deliver_due(60, wake_another=lambda: None)
        if not found and not catch_up():
            return tried
        tried += found


def time_passes() -> None:
    """Let the pauses between tries be over."""
    Delivery.objects.filter(state=DeliveryState.WAITING).update(next_try_at=Now())


def leases_end() -> None:
    """Let the time be over that a worker has for a delivery."""
    Delivery.objects.filter(state=DeliveryState.SENDING).update(lease_until=Now())


def check(sent: Sent, secret: str) -> Any:
    """Return the payload of what was sent, after checking its signature as a receiver does."""
    return Verifier(secret).verify(sent.body, sent.headers)


def verbs_of(receiver: Receiver) -> list[str]:
    """Return the verbs of what was sent, in order."""
    return [json.loads(sent.body)["type"] for sent in receiver.sent]


def ids_of(receiver: Receiver) -> list[str]:
    """Return the message ids of what was sent, in order."""
    return [sent.headers["webhook-id"] for sent in receiver.sent]


def only() -> Delivery:
    """Return the only delivery there is."""
    return Delivery.objects.get()


def fail_with(status: int, **headers: str) -> Any:
    """Return how a receiver answers that fails."""
    return lambda _sent: (status, headers, b"no")


def states() -> set[str]:
    """Return which states deliveries are in."""
    return set(Delivery.objects.values_list("state", flat=True))
