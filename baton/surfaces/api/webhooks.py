"""Webhooks: `/api/webhooks/`, `/api/webhooks/{id}/` and what can be done with one."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, cast

import msgspec
from django.http import HttpResponse
from msgspec import Struct
from rest_framework import serializers
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.commands.webhook_upkeep import pause_webhook, ping_webhook, replay_webhook, resume_webhook
from baton.core.commands.webhooks import (
    MOST_PROJECTS,
    VERBS,
    WebhookFields,
    create_webhook,
    delete_webhook,
    edit_webhook,
    rotate_webhook_secret,
)
from baton.core.events.log import Cursor
from baton.core.models.delivery import DeliveryState
from baton.core.queries import shapes
from baton.core.queries.deliveries import count_deliveries, get_delivery, list_deliveries
from baton.core.queries.webhooks import count_webhooks, get_webhook, list_webhooks
from baton.lib.web_urls import LONGEST_URL
from baton.surfaces.api.view import ApiView, page_of, resource_response, slice_response
from baton.surfaces.wire.etags import etag, required_version
from baton.surfaces.wire.fields import Id, Text
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import many, new, one, operation, plain
from baton.surfaces.wire.paging import Listing
from baton.surfaces.wire.query_parameters import one_of
from baton.surfaces.wire.respond import json_response, no_content

LISTING = Listing(filters={}, orderings={"created_at": (datetime, int)}, default="-created_at")
DELIVERIES = Listing(
    filters={"state": one_of(*DeliveryState.values)},
    orderings={"created_at": (datetime, int)},
    default="-created_at",
)
VERB_LENGTH = 40
CURSOR = "^[0-9]{1,19}-[0-9]{1,19}$"


class Verb(Text):
    """The name of an event to hear of. Which there are is for the core to say, together with all else that is wrong."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=VERB_LENGTH, says={"enum": list(VERBS)}, **options)


class ChangedWebhookIn(In):
    """What may be said of a webhook: no `verbs` are all, and no `projects` are all that one sees."""

    echo = frozenset(shapes.Webhook.__struct_fields__)
    example: ClassVar = {"url": "https://example.com/hooks/baton", "verbs": ["task.created", "comment.added"]}

    url = Text(max_length=LONGEST_URL)
    verbs = serializers.ListField(child=Verb(), default=list, max_length=len(VERBS))
    projects = serializers.ListField(child=Id(), default=list, max_length=MOST_PROJECTS)


class WebhookIn(ChangedWebhookIn):
    """A new webhook, of a project or (without one) of one's own."""

    example: ClassVar = {**ChangedWebhookIn.example, "project": 1}

    project = Id(required=False, allow_null=True)


class CursorField(Text):
    """A place in the event log."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the cursor. Raises ValidationError: invalid."""
        try:
            return Cursor.parse(super().to_internal_value(data))
        except ValueError:
            raise serializers.ValidationError("Not a cursor of the event log.", "invalid_cursor") from None


class ReplayIn(In):
    """Where to begin: behind this event."""

    example: ClassVar = {"after": "0-0"}

    after = CursorField(max_length=40, says={"pattern": CURSOR})


class Secret(Struct):
    """A webhook's new secret, shown once."""

    secret: str


class Webhooks(ApiView):
    """`GET` the webhooks one decides over, the newest first; `POST` a new one."""

    administers = frozenset({"get", "post"})
    idempotent = False

    @operation("list_webhooks", query=LISTING, gives=many(shapes.Webhook))
    def get(self, request: Request) -> HttpResponse:
        """List one's own webhooks and those of the projects one owns, without their secrets."""
        _, page = LISTING.read(request)
        found = list_webhooks(self.actor, page.ordering, page_of(page))
        return slice_response(request, page, found, count_webhooks(self.actor) if page.count else None)

    @operation("create_webhook", takes=WebhookIn, gives=new(shapes.NewWebhook), refuses=(404, 409))
    def post(self, request: Request) -> HttpResponse:
        """Answer 201 with the webhook and its `secret`, which is never shown again."""
        values = WebhookIn.read(request)
        project_id = values.pop("project", None)
        webhook, secret = create_webhook(self.actor, cast(WebhookFields, values), project_id=project_id)
        shown = get_webhook(self.actor, webhook.pk)
        answer = shapes.NewWebhook(**msgspec.structs.asdict(shown), secret=secret)
        headers = {"Location": f"/api/webhooks/{shown.id}/", "ETag": etag(shown.version)}
        return json_response(answer, 201, headers)


class Webhook(ApiView):
    """One webhook: `GET`, `PUT`, `PATCH` (a merge patch), `DELETE`."""

    administers = frozenset({"get", "put", "patch", "delete"})

    @operation("get_webhook", gives=one(shapes.Webhook))
    def get(self, request: Request, webhook_id: int) -> HttpResponse:
        """Show the webhook without its secret."""
        return _response(request, self.actor, webhook_id)

    @operation("replace_webhook", takes=ChangedWebhookIn, gives=one(shapes.Webhook), if_match=True)
    def put(self, request: Request, webhook_id: int) -> HttpResponse:
        """Replace what may be written; what is not sent gets its default."""
        return self._edit(request, webhook_id)

    @operation("edit_webhook", takes=ChangedWebhookIn, gives=one(shapes.Webhook), if_match=True)
    def patch(self, request: Request, webhook_id: int) -> HttpResponse:
        """Change what is sent."""
        return self._edit(request, webhook_id)

    @operation("delete_webhook", if_match=True)
    def delete(self, request: Request, webhook_id: int) -> HttpResponse:
        """Delete the webhook: 204; what waits is not sent."""
        delete_webhook(self.actor, webhook_id, expected_version=required_version(request))
        return no_content()

    def _edit(self, request: Request, webhook_id: int) -> HttpResponse:
        fields = cast(WebhookFields, ChangedWebhookIn.read(request))
        edit_webhook(self.actor, webhook_id, fields, expected_version=required_version(request))
        return _response(request, self.actor, webhook_id)


class WebhookSecret(ApiView):
    """`POST` for another secret."""

    administers = frozenset({"post"})
    idempotent = False
    takes_empty_body = True

    @operation("rotate_webhook_secret", gives=Secret)
    def post(self, request: Request, webhook_id: int) -> HttpResponse:
        """Answer with the new secret; for a day everything is signed with both."""
        _, secret = rotate_webhook_secret(self.actor, webhook_id)
        return json_response(Secret(secret))


class WebhookPing(ApiView):
    """`POST` to have a test event sent."""

    administers = frozenset({"post"})
    takes_empty_body = True

    @operation("ping_webhook", gives=plain(shapes.Delivery, 202, headers=("Location",)))
    def post(self, request: Request, webhook_id: int) -> HttpResponse:
        """Answer 202 with the delivery, which is tried in a moment, once; look there for the answer."""
        delivery = ping_webhook(self.actor, webhook_id)
        shown = get_delivery(self.actor, delivery.pk, webhook_id=webhook_id)
        location = f"/api/webhooks/{webhook_id}/deliveries/{shown.id}/"
        return json_response(shown, 202, {"Location": location})


class WebhookPause(ApiView):
    """`POST` to send nothing for now."""

    administers = frozenset({"post"})
    takes_empty_body = True

    @operation("pause_webhook", gives=one(shapes.Webhook))
    def post(self, request: Request, webhook_id: int) -> HttpResponse:
        """Answer with the webhook; what happens from now on is sent after a resume."""
        pause_webhook(self.actor, webhook_id)
        return _response(request, self.actor, webhook_id)


class WebhookResume(ApiView):
    """`POST` to send again."""

    administers = frozenset({"post"})
    takes_empty_body = True

    @operation("resume_webhook", gives=one(shapes.Webhook))
    def post(self, request: Request, webhook_id: int) -> HttpResponse:
        """Answer with the webhook; what waits goes out now, in order, also where it was not paused."""
        resume_webhook(self.actor, webhook_id)
        return _response(request, self.actor, webhook_id)


class WebhookReplay(ApiView):
    """`POST` a cursor to have everything behind it sent again."""

    administers = frozenset({"post"})

    @operation("replay_webhook", takes=ReplayIn, gives=one(shapes.Webhook))
    def post(self, request: Request, webhook_id: int) -> HttpResponse:
        """Answer with the webhook; what it gets twice has the same `webhook-id`."""
        replay_webhook(self.actor, webhook_id, ReplayIn.read(request)["after"])
        return _response(request, self.actor, webhook_id)


class WebhookDeliveries(ApiView):
    """`GET` what was sent, with the answers."""

    administers = frozenset({"get"})

    @operation("list_webhook_deliveries", query=DELIVERIES, gives=many(shapes.Delivery))
    def get(self, request: Request, webhook_id: int) -> HttpResponse:
        """List the deliveries, the newest first, with every try."""
        filters, page = DELIVERIES.read(request)
        filters["webhook"] = webhook_id
        found = list_deliveries(self.actor, filters, page.ordering, page_of(page))
        count = count_deliveries(self.actor, filters) if page.count else None
        return slice_response(request, page, found, count)


class WebhookDelivery(ApiView):
    """`GET` one delivery."""

    administers = frozenset({"get"})

    @operation("get_webhook_delivery", gives=shapes.Delivery)
    def get(self, request: Request, webhook_id: int, delivery_id: int) -> HttpResponse:
        """Show the delivery with every try."""
        return json_response(get_delivery(self.actor, delivery_id, webhook_id=webhook_id))


def _response(request: Request, actor: Actor, webhook_id: int) -> HttpResponse:
    webhook = get_webhook(actor, webhook_id)
    return resource_response(request, webhook, webhook.version)
