"""Reading what a client sends over the WebSocket."""

from __future__ import annotations

import re

import msgspec

from baton.core.events.log import Cursor
from baton.surfaces.stream.messages import FromClient, Subscribe
from baton.surfaces.wire import strict_json
from baton.surfaces.wire.problems import pointer
from baton.surfaces.wire.strict_json import MalformedJson

POLICY, NOT_TEXT = 1008, 1007
_PLACE = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_STEP = re.compile(r"\[(\d+)\]|\.([^.\[]+)")


class BadMessage(Exception):
    """It can't be read, or says something that there isn't; `close` is the code of the close behind it."""

    def __init__(self, close: int, code: str, detail: str, place: str | None = None) -> None:
        super().__init__(detail)
        self.close = close
        self.code = code
        self.detail = detail
        self.place = place


def read_message(text: str) -> FromClient:
    """Return the message. Raises BadMessage."""
    try:
        message: FromClient = msgspec.convert(strict_json.decode(text.encode()), FromClient)
    except MalformedJson as error:
        raise BadMessage(NOT_TEXT, "parse_error", str(error.detail)) from None
    except UnicodeEncodeError:
        raise BadMessage(NOT_TEXT, "parse_error", "The message is not UTF-8.") from None
    except msgspec.ValidationError as error:
        raise _explain(error) from None
    if isinstance(message, Subscribe):
        _check_cursor(message)
    return message


def _check_cursor(message: Subscribe) -> None:
    # The pattern lets through what no log can hold.
    try:
        if message.after is not None:
            Cursor.parse(message.after)
    except ValueError:
        raise BadMessage(POLICY, "invalid_cursor", "Not a cursor of the event log.", "/after") from None


def _explain(error: msgspec.ValidationError) -> BadMessage:
    said = str(error)
    found = _PLACE.search(said)
    if found is None:
        return BadMessage(POLICY, "invalid", said)
    steps = [int(index) if index else name for index, name in _STEP.findall(found["path"])]
    return BadMessage(POLICY, "invalid", said[: found.start()], pointer(*steps))
