"""Places in the event log, as parameters."""

from __future__ import annotations

from baton.core.events.log import Cursor
from baton.surfaces.wire.query_parameters import BadValue, describes

PATTERN = "^[0-9]{1,19}-[0-9]{1,19}$"


@describes({"type": "string", "pattern": PATTERN})
def read_cursor(text: str) -> Cursor:
    """Read a cursor. Raises BadValue."""
    try:
        return Cursor.parse(text)
    except ValueError:
        raise BadValue("invalid_cursor", "Not a cursor of the event log.") from None
