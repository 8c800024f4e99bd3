"""What was sent to whom, with the answers: `/api/deliveries/`."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.commands.delivery_upkeep import retry_delivery
from baton.core.models.delivery import Channel, DeliveryState
from baton.core.queries import shapes
from baton.core.queries.deliveries import count_deliveries, get_delivery, list_deliveries
from baton.surfaces.api.view import ApiView, page_of, slice_response
from baton.surfaces.wire.operations import many, operation, plain
from baton.surfaces.wire.paging import Listing
from baton.surfaces.wire.query_parameters import one_of, read_id
from baton.surfaces.wire.respond import json_response

LISTING = Listing(
    filters={
        "channel": one_of(*Channel.values),
        "user": read_id,
        "project": read_id,
        "task": read_id,
        "state": one_of(*DeliveryState.values),
    },
    orderings={"created_at": (datetime, int)},
    default="-created_at",
)


class Deliveries(ApiView):
    """`GET` the letters about the projects one owns and what goes to webhooks one decides over, the newest first."""

    administers = frozenset({"get"})

    @operation("list_deliveries", query=LISTING, gives=many(shapes.Delivery))
    def get(self, request: Request) -> HttpResponse:
        """List the messages by page, with every try's answer."""
        filters, page = LISTING.read(request)
        found = list_deliveries(self.actor, filters, page.ordering, page_of(page))
        return slice_response(request, page, found, count_deliveries(self.actor, filters) if page.count else None)


class Delivery(ApiView):
    """`GET` one message."""

    administers = frozenset({"get"})

    @operation("get_delivery", gives=shapes.Delivery)
    def get(self, request: Request, delivery_id: int) -> HttpResponse:
        """Show the message with every try's answer."""
        return json_response(get_delivery(self.actor, delivery_id))


class DeliveryRetry(ApiView):
    """`POST` to have a message that was given up, or waits, tried at once."""

    administers = frozenset({"post"})
    takes_empty_body = True

    @operation("retry_delivery", gives=plain(shapes.Delivery, 202), refuses=(409,))
    def post(self, request: Request, delivery_id: int) -> HttpResponse:
        """Answer 202 with the message, which is tried in a moment."""
        retry_delivery(self.actor, delivery_id)
        return json_response(get_delivery(self.actor, delivery_id), 202)
