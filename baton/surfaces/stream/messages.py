"""What goes over the WebSocket, typed: `docs/api/asyncapi.json` is made of these, and what is sent is made of them."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from baton.core.queries import shapes
from baton.surfaces.wire.routes import LARGEST_ID

CursorText = Annotated[str, Meta(pattern="^[0-9]{1,19}-[0-9]{1,19}$", description="A place in the event log.")]
Id = Annotated[int, Meta(ge=1, le=LARGEST_ID)]
MOST_PROJECTS = 100


class Subscribe(Struct, tag="subscribe", forbid_unknown_fields=True):
    """The first message, within 10 seconds: from where on, and about which projects.

    `after` null is from now on, `0-0` from the first event; `projects` null is everything one sees. Sent again, it
    takes the place of the subscription before.
    """

    after: CursorText | None = None
    projects: Annotated[list[Id], Meta(min_length=1, max_length=MOST_PROJECTS)] | None = None


class Authenticate(Struct, tag="authenticate", forbid_unknown_fields=True):
    """A newer access token of the same user: the connection lasts as long as it does."""

    token: Annotated[str, Meta(max_length=8192)]


class Pong(Struct, tag="pong", forbid_unknown_fields=True):
    """An answer to a ping; none is needed."""

    cursor: str | None = None


FromClient = Subscribe | Authenticate | Pong


class EventMessage(shapes.Event, tag="event", kw_only=True):
    """Something that happened. `cursor` is the place to go on from behind it."""


class ReadyMessage(Struct, tag="ready"):
    """Everything up to `cursor` has been sent; from here on events come as they happen."""

    cursor: CursorText


class PingMessage(Struct, tag="ping"):
    """Nothing has happened for 25 seconds. Everything up to `cursor` has been sent: go on from there."""

    cursor: CursorText


class ResyncMessage(Struct, tag="resync"):
    """The cursor can't be gone on from. Fetch anew what you show, then subscribe again from this `cursor`.

    `too_old`: that part of the log is not kept any more. `future`: behind the end of this log. `foreign`: it was never
    a place in it.
    """

    reason: Literal["too_old", "future", "foreign"]
    cursor: CursorText


class DroppedMessage(Struct, tag="dropped"):
    """You don't see this project any more; nothing more comes about it."""

    project: int


class PresenceMessage(Struct, tag="presence"):
    """These users watch the project now: they have named it in a subscription, and see it. `people` has at most 500.

    Comes where the server has `BATON_PRESENCE` on: soon after `ready`, and when somebody begins or ends, at most once a
    second for a project.
    """

    project: int
    people: list[int]


class AuthenticatedMessage(Struct, tag="authenticated"):
    """The newer token was taken; the connection lasts until this Unix time."""

    expires_at: int


class ErrorMessage(Struct, tag="error", omit_defaults=True):
    """What was wrong with a message from the client; `pointer` is the place in it (RFC 6901).

    Behind `not_found` the connection stays open for another `subscribe`; behind the others it is closed.
    """

    code: str
    detail: str
    pointer: str | UnsetType = UNSET


FromServer = (
    EventMessage
    | ReadyMessage
    | PingMessage
    | ResyncMessage
    | DroppedMessage
    | PresenceMessage
    | AuthenticatedMessage
    | ErrorMessage
)

encode = msgspec.json.Encoder().encode
