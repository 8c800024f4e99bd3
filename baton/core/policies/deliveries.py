"""Who decides over messages that are on their way?"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from baton.core.actor import Actor
from baton.core.models import Delivery, Member, Role
from baton.core.models.delivery import Channel
from baton.core.policies.webhooks import administered_webhooks


def administered_deliveries(actor: Actor) -> QuerySet[Delivery]:
    """Return the letters about the projects the actor owns, and what goes to the webhooks they decide over.

    For everybody else they don't exist: what a server answers may hold addresses. Letters about an account are its
    own affair, and shown to nobody.
    """
    owned = Member.objects.filter(project=OuterRef("project"), user=actor.user_id, role=Role.OWNER)
    letters = Q(Exists(owned), channel=Channel.MAIL)
    if actor.project_id is not None:
        letters &= Q(project=actor.project_id)
    hooks = Q(channel=Channel.WEBHOOK, recipient__in=administered_webhooks(actor).values("pk"))
    return Delivery.objects.filter(letters | hooks)
