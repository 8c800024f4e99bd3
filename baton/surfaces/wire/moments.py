"""Times as they come in: RFC 3339."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

# A day's distance from the ends of the calendar, so that a stored time can be shown in any time zone.
EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
LATEST = datetime(9999, 12, 30, 23, 59, 59, 999999, tzinfo=UTC)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII).fullmatch
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})?", re.ASCII).fullmatch

MESSAGES = {
    "invalid": "Not a time: use RFC 3339, such as 2026-05-01T09:30:00Z, or a date such as 2026-05-01.",
    "offset_required": "The time has no offset: end it with Z or an offset such as +02:00.",
    "out_of_range": "The time is outside of the years 1 to 9999.",
}


class BadMoment(ValueError):
    """The text is not a time that can be kept; `code` is one of MESSAGES."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.detail = MESSAGES[code]
        super().__init__(self.detail)


def parse_moment(text: str) -> datetime:
    """Return the time in UTC. A bare date is its midnight in UTC; a time without an offset is refused.

    Digits beyond microseconds are cut off. Raises BadMoment.
    """
    try:
        moment = _read(text)
    except ValueError as error:
        if isinstance(error, BadMoment):
            raise
        # The form is right, so what is wrong is a number: year 0, month 13, a leap second.
        raise BadMoment("out_of_range" if text.startswith("0000") else "invalid") from None
    except OverflowError:
        raise BadMoment("out_of_range") from None
    if not EARLIEST <= moment <= LATEST:
        raise BadMoment("out_of_range")
    return moment


def _read(text: str) -> datetime:
    if _DATE(text):
        return datetime.combine(date.fromisoformat(text), time(), tzinfo=UTC)
    form = _TIME(text)
    if form is None:
        raise BadMoment("invalid")
    if form[3] is None:
        raise BadMoment("offset_required")
    return datetime.fromisoformat(text.upper()).astimezone(UTC)
