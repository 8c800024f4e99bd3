from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from baton.core.models import Delivery
from baton.core.models.delivery import Channel, DeliveryState, Pace
from baton.surfaces.health.exposition import render_metrics

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def write(number: int, state: DeliveryState, *, channel: Channel = Channel.MAIL, **fields: object) -> None:
    now = timezone.now()
    values = {
        "occasion": "event:1",
        "pace": Pace.LETTER,
        "message_id": "<m@tests>",
        "next_try_at": now,
        "created_at": now,
        "lease_until": now + HOUR if state == DeliveryState.SENDING else None,
        **fields,
    }
    Delivery.objects.create(channel=channel, recipient=number, state=state, **values)


def read(name: str, **labels: str) -> float:
    given = ",".join(f'{label}="{value}"' for label, value in labels.items())
    [found] = re.findall(rf"^{name}{{{given}}} (\S+)$", render_metrics().decode(), re.MULTILINE)
    return float(found)


def test_what_is_unfinished_overdue_and_dead_is_told_by_channel() -> None:
    now = timezone.now()
    for number in range(3):
        write(number, DeliveryState.WAITING, next_try_at=now - timedelta(seconds=100 * number))
    write(4, DeliveryState.SENDING, next_try_at=now - HOUR)
    write(5, DeliveryState.WAITING, channel=Channel.WEBHOOK, next_try_at=now + HOUR)
    write(6, DeliveryState.DEAD, finished_at=now)
    write(7, DeliveryState.DEAD, finished_at=now - 2 * HOUR)
    write(8, DeliveryState.DELIVERED, finished_at=now)

    assert read("baton_deliveries_unfinished", channel="mail", state="waiting") == 3
    assert read("baton_deliveries_unfinished", channel="mail", state="sending") == 1
    assert read("baton_deliveries_unfinished", channel="webhook", state="waiting") == 1
    assert 200 <= read("baton_delivery_overdue_seconds", channel="mail") < 260
    assert read("baton_delivery_overdue_seconds", channel="webhook") == 0
    assert read("baton_deliveries_dead_last_hour", channel="mail") == 1

    Delivery.objects.all().delete()
    assert read("baton_deliveries_unfinished", channel="mail", state="waiting") == 0
    assert read("baton_delivery_overdue_seconds", channel="mail") == 0
    assert read("baton_deliveries_dead_last_hour", channel="mail") == 0
