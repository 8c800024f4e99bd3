"""Server-Sent Events (the `text/event-stream` of the HTML standard)."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from baton.core.events.log import Cursor
from baton.live.told import Dropped, Ended, Frame, Presence, Quiet, Ready, Resync, Told
from baton.surfaces.stream.messages import encode

MEDIA_TYPE = "text/event-stream"
RETRY_MILLISECONDS = 3000
BEGINNING = b"retry: %d\n\n" % RETRY_MILLISECONDS


class ServerSentOut(Struct):
    """One of the events of the stream. Without an `event` its `data` is the JSON of what happened.

    The description of the route says what the named ones tell.
    """

    data: str | UnsetType = UNSET
    event: str | UnsetType = UNSET
    id: str | UnsetType = UNSET
    retry: int | UnsetType = UNSET


def write_event(told: Told) -> bytes:
    """Return an event: its cursor is the `id`, which a browser sends back as `Last-Event-ID`."""
    return b"id: %s\ndata: %s\n\n" % (str(told.place).encode(), told.json)


def write_frame(frame: Frame) -> bytes:
    """Return what says this; of `Ended` nothing is said, the stream just ends."""
    match frame:
        case Told():
            return frame.in_form(write_event)
        case Ready(cursor):
            return _named("ready", cursor, {"cursor": str(cursor)})
        case Quiet(cursor):
            # No event for the page, but the place to go on from moves.
            return b": ping\nid: %s\n\n" % str(cursor).encode()
        case Resync(reason, cursor):
            return _named("resync", cursor, {"reason": reason, "cursor": str(cursor)})
        case Dropped() | Presence():
            return _without_place(frame)
        case Ended():
            return b""


def _named(name: str, cursor: Cursor, data: dict[str, str]) -> bytes:
    return b"event: %s\nid: %s\ndata: %s\n\n" % (name.encode(), str(cursor).encode(), encode(data))


def _without_place(frame: Dropped | Presence) -> bytes:
    """Return what is no part of the log: a browser goes on from where it was."""
    if isinstance(frame, Dropped):
        return b"event: dropped\ndata: %s\n\n" % encode({"project": frame.project_id})
    return b"event: presence\ndata: %s\n\n" % encode({"project": frame.project_id, "people": frame.people})
