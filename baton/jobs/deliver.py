"""Send what is due."""

from __future__ import annotations

from time import monotonic

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError

logger = structlog.get_logger(__name__)

SECONDS = 5.0
"""How long one run goes on beginning new deliveries: then others get their turn."""
_PAUSE = 5.0
WAKE_IS_GOOD_FOR = 5
"""A wake-up that nobody took in time is dropped: the next tick does its work too."""


@shared_task(name="baton.deliver_due")
def deliver_due() -> str:
    """Let webhooks catch up that have fallen behind, then send; say how many were tried."""
    from baton.core.commands.webhook_queue import catch_up
    from baton.reactions.deliver import deliver_due

    catch_up()
    return f"tried {deliver_due(SECONDS, wake_another=wake)}"


@shared_task(name="baton.forget_deliveries")
def forget_deliveries() -> str:
    """Delete what was finished long ago; say how much."""
    from datetime import timedelta

    from django.conf import settings
    from django.utils import timezone

    from baton.core.commands.deliveries import forget_deliveries

    before = timezone.now() - timedelta(days=settings.BATON_DELIVERY_DAYS)
    number = 0
    while forgotten := forget_deliveries(before):
        number += forgotten
    return f"deleted {number}"


def wake() -> None:
    """Tell a worker that something is due; where the broker can't be reached, the next tick does once it can."""
    from baton.jobs.app import app

    if monotonic() < _Outage.ends_at:
        return
    try:
        app.tasks[deliver_due.name].apply_async(expires=WAKE_IS_GOOD_FOR, retry=False)
    except OperationalError as error:
        # Whoever wakes has more to do than to wait for a broker that hangs, again and again.
        _Outage.ends_at = monotonic() + _PAUSE
        logger.warning("broker.out_of_reach", error=str(error))


class _Outage:
    """Until when this process leaves the broker alone."""

    ends_at = 0.0
