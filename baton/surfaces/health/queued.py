"""What is still to be sent, and what was given up, for Prometheus and the alarms that are made of it."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client import Gauge

from baton.core.models import Delivery
from baton.core.models.delivery import UNFINISHED, Channel, DeliveryState

UNSENT = Gauge(
    "baton_deliveries_unfinished",
    "Deliveries that are waiting, held or being sent.",
    ["channel", "state"],
    multiprocess_mode="mostrecent",
)
OVERDUE = Gauge(
    "baton_delivery_overdue_seconds",
    "How long the oldest delivery has been due that nobody has tried since; 0 where none is.",
    ["channel"],
    multiprocess_mode="mostrecent",
)
DEAD = Gauge(
    "baton_deliveries_dead_last_hour",
    "Deliveries given up within the last hour.",
    ["channel"],
    multiprocess_mode="mostrecent",
)


def measure_deliveries() -> None:
    """Ask the database, and set the gauges. Raises DatabaseError."""
    now = timezone.now()
    unfinished = Delivery.objects.filter(state__in=UNFINISHED).order_by()
    counts = {
        (row["channel"], row["state"]): row["number"]
        for row in unfinished.values("channel", "state").annotate(number=Count("id"))
    }
    due = unfinished.filter(state=DeliveryState.WAITING, next_try_at__lte=now)
    oldest = dict(due.values_list("channel").annotate(Min("next_try_at")))
    died = Delivery.objects.filter(finished_at__gt=now - timedelta(hours=1), state=DeliveryState.DEAD).order_by()
    dead = dict(died.values_list("channel").annotate(Count("id")))
    for channel in Channel.values:
        for state in UNFINISHED:
            UNSENT.labels(channel, state.value).set(counts.get((channel, state), 0))
        OVERDUE.labels(channel).set((now - oldest[channel]).total_seconds() if channel in oldest else 0)
        DEAD.labels(channel).set(dead.get(channel, 0))
