"""Where live connections begin: the event stream, the WebSocket, and tickets for those who can't send a header."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from msgspec import Struct
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.commands.guesses import count_wrong_secret
from baton.core.commands.stream_tickets import GOOD_FOR, issue_ticket, redeem_ticket
from baton.core.errors import FieldError, NotFound
from baton.core.events.log import Cursor
from baton.core.queries.events import find_end, is_known, list_events
from baton.core.queries.live_credentials import Credential
from baton.core.queries.live_log import find_unseen
from baton.live.told import Ready, Resync, Told
from baton.surfaces.stream.messages import MOST_PROJECTS
from baton.surfaces.stream.server_sent import BEGINNING, MEDIA_TYPE, ServerSentOut, write_frame
from baton.surfaces.wire.credentials import BearerToken, SessionCookie
from baton.surfaces.wire.cursors import read_cursor
from baton.surfaces.wire.going_live import Invitation, credential_of, find_door, go_live, is_browser
from baton.surfaces.wire.operations import Answer, operation
from baton.surfaces.wire.proxies import network
from baton.surfaces.wire.query_parameters import BadValue, describes, query_pairs, read_id, read_query, words
from baton.surfaces.wire.refusals import REALM, Refused, bad_query
from baton.surfaces.wire.respond import json_response
from baton.surfaces.wire.routes import LARGEST_ID
from baton.surfaces.wire.views import Access, BatonView

LAST_EVENT_ID = "HTTP_LAST_EVENT_ID"
_PIECE = 200


@describes(
    {
        "type": "array",
        "items": {"type": "integer", "minimum": 1, "maximum": LARGEST_ID},
        "minItems": 1,
        "maxItems": MOST_PROJECTS,
    }
)
def read_ids(text: str) -> frozenset[int]:
    """Read ids with commas between."""
    parts = text.split(",")
    if len(parts) > MOST_PROJECTS:
        raise BadValue("max_length", f"At most {MOST_PROJECTS} projects; without the parameter it is all of them.")
    return frozenset(read_id(part) for part in parts)


class Stream(BatonView):
    """Following what happens, live, as Server-Sent Events.

    An event's `id` is its cursor. A browser that lost the connection sends the last one as `Last-Event-ID`, which wins
    over `after`; without either the stream begins now. `event: ready` stands between what was missed and what happens;
    `event: resync` says that the cursor can't be gone on from; `event: presence` who watches a project, where the
    server has that on. A server without the live side gives what was missed and
    ends; the browser comes back by itself.
    """

    access = Access.SIGNED_IN
    authentication_classes = (BearerToken, SessionCookie)

    parameters = {"after": read_cursor, "projects": read_ids}  # noqa: RUF012  # never changed

    @operation("follow_events", query=parameters, gives=Answer(200, ServerSentOut, MEDIA_TYPE), refuses=(404, 429))
    def get(self, request: Request) -> HttpResponse:
        """Follow the events behind `after`, or from now on, over everything one sees or in some `projects`."""
        asked = read_query(request, self.parameters)
        after, projects = _last_event_id(request) or asked.get("after"), asked.get("projects")
        if projects is not None and (unseen := find_unseen(self.actor, projects)):
            raise NotFound(f"There is no project {min(unseen)}, or you may not see it.")
        door = find_door(request)
        if door is not None:
            go_live(door, Invitation(self.actor, credential_of(request, self.actor), after, projects))
        elif request.method == "GET":
            return _event_stream(_what_was_missed(self.actor, after, projects))
        return _event_stream(b"")


class TicketOut(Struct):
    """A ticket, and the seconds that it is good for."""

    ticket: str
    expires_in: int


class Tickets(BatonView):
    """`POST` gives a ticket that opens one WebSocket, once, within 30 seconds: `/ws/stream/?ticket=…`.

    For pages that hold a token: a browser's WebSocket can't send an Authorization header, and a token in a URL ends up
    in logs.
    """

    access = Access.SIGNED_IN
    authentication_classes = (BearerToken,)
    idempotent = False
    looks = frozenset({"post"})
    takes_empty_body = True

    @operation("create_stream_ticket", gives=Answer(201, TicketOut))
    def post(self, request: Request) -> HttpResponse:
        """Make a ticket."""
        ticket = issue_ticket(self.actor, credential_of(request, self.actor))
        return json_response(TicketOut(ticket, int(GOOD_FOR.total_seconds())), 201)


class Ticket(BaseAuthentication):
    """`?ticket=…`, which is used up by showing it."""

    def authenticate(self, request: Request) -> tuple[Actor, Credential] | None:
        """Return whom it admits; None where none is shown. Raises AuthenticationFailed, TooMany, DeadCredential."""
        secret = dict(query_pairs(request)).get("ticket")
        if secret is None:
            return None
        admitted = redeem_ticket(secret)
        if admitted is None:
            count_wrong_secret(network(request))
            raise AuthenticationFailed("The ticket was used, has run out, or never was one.")
        return admitted

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401."""
        return REALM


class Socket(BatonView):
    """The handshake of the WebSocket `/ws/stream/`; it stands in docs/api/asyncapi.json."""

    access = Access.SIGNED_IN
    authentication_classes = (BearerToken, Ticket, SessionCookie)
    is_described = False

    parameters = {"ticket": words()}  # noqa: RUF012  # never changed

    def get(self, request: Request) -> HttpResponse:
        """Let the connection go on as a WebSocket."""
        read_query(request, self.parameters)
        credential = credential_of(request, self.actor)
        if is_browser(credential) and not _is_own_page(request):
            raise Refused(403, "foreign_origin", "A page of another origin may not open this with your cookie.")
        door = find_door(request)
        if door is None:
            detail = "This is a WebSocket, and this server or request doesn't speak it."
            raise Refused(426, "upgrade_required", detail, Upgrade="websocket", Connection="Upgrade")
        go_live(door, Invitation(self.actor, credential))
        return HttpResponse()


class _OriginCheck(CsrfViewMiddleware):
    def is_own(self, request: Any) -> bool:
        return bool(self._origin_verified(request))  # type: ignore[attr-defined]  # Django's own part of its check


def _is_own_page(request: Request) -> bool:
    """Does the page belong to this server, or to an origin in `BATON_TRUSTED_ORIGINS`? Browsers always say which."""
    return "HTTP_ORIGIN" in request.META and _OriginCheck(lambda _: HttpResponse()).is_own(request._request)


def _last_event_id(request: Request) -> Cursor | None:
    text = request.META.get(LAST_EVENT_ID)
    if not text:
        return None
    try:
        return read_cursor(text)  # type: ignore[no-any-return]  # a reader gives anything
    except BadValue as error:
        raise bad_query((FieldError("Last-Event-ID", error.code, error.detail),)) from None


def _what_was_missed(actor: Actor, after: Cursor | None, projects: frozenset[int] | None) -> bytes:
    """Return a stream that ends: what can be told at once."""
    end = find_end()
    if after is not None and not is_known(after):
        return BEGINNING + write_frame(Resync("foreign", end))
    missed = [] if after is None else list_events(actor, after, _PIECE, project_ids=sorted(projects or ()), until=end)
    told = [Told(event, Cursor.parse(event.cursor)) for event in missed]
    place = told[-1].place if len(told) == _PIECE else max(end, after or end)
    return b"".join([BEGINNING, *map(write_frame, told), write_frame(Ready(place))])


def _event_stream(body: bytes) -> HttpResponse:
    # Proxies must pass each event on as it comes.
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return HttpResponse(body, content_type=MEDIA_TYPE, headers=headers)
