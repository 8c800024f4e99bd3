"""Having a message tried again, by whoever decides over it."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.errors import Conflict, NotFound
from baton.core.events.facts.deliveries import DeliveryRetried
from baton.core.events.record import record
from baton.core.models import Delivery
from baton.core.models.delivery import DeliveryState
from baton.core.policies.deliveries import administered_deliveries

RETRIABLE = (DeliveryState.DEAD, DeliveryState.WAITING)


def retry_delivery(actor: Actor, delivery_id: int, *, by_operator: bool = False) -> Delivery:
    """Have a message that was given up, or that waits, tried at once, with all its tries anew and its Message-ID.

    The operator may do so with every message. Raises NotFound, and Conflict for one that was sent, is being sent or is
    not wanted any more.
    """
    rows = Delivery.objects.all() if by_operator else administered_deliveries(actor)
    with transaction.atomic():
        found = rows.filter(pk=delivery_id).values_list("pk", flat=True).first()
        if found is None:
            raise NotFound
        # The row alone: who decides over it is asked with other tables, and those need no lock.
        delivery = Delivery.objects.select_for_update(no_key=True).get(pk=found)
        if delivery.state not in RETRIABLE:
            raise Conflict(f"Only what waits or was given up can be tried again; this is {delivery.state}.")
        Delivery.objects.filter(pk=delivery.pk).update(
            state=DeliveryState.WAITING, tries=0, next_try_at=Now(), finished_at=None
        )
        record(
            actor,
            DeliveryRetried(delivery=delivery.pk, channel=delivery.channel),
            at=timezone.now(),
            project_id=delivery.project_id,
            task_id=delivery.task_id,
            user_id=None if delivery.project_id else actor.user_id,
        )
        delivery.refresh_from_db()
        return delivery
