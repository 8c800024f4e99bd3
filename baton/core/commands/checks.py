"""What values the product takes. Each check gives the field errors it finds, so that a command can name them all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from baton.core.errors import FieldError, Invalid
from baton.lib.text import fold

TITLE_LENGTH = 200
TEXT_LENGTH = 100_000
LABEL_LENGTH = 50
LABEL_FOLDED_LENGTH = 250
LABELS_PER_TASK = 50
ASSIGNEES_PER_TASK = 50
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 12, 30, tzinfo=UTC)


def refuse(errors: Iterable[FieldError]) -> None:
    """Raise Invalid where there are any errors."""
    if found := tuple(errors):
        raise Invalid(errors=found)


def check_line(pointer: str, text: str, limit: int) -> list[FieldError]:
    """Check a required single line of at most `limit` characters."""
    if not text.strip():
        return [FieldError(pointer, "blank", "This may not be empty.")]
    if any(character in text for character in "\r\n"):
        return [FieldError(pointer, "line_break", "This must be a single line.")]
    return check_text(pointer, text, limit)


def check_text(pointer: str, text: str, limit: int = TEXT_LENGTH) -> list[FieldError]:
    """Check a text that may be empty."""
    if len(text) > limit:
        return [FieldError(pointer, "max_length", f"This may have at most {limit} characters.")]
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        return [FieldError(pointer, "characters", "Null characters and lone surrogates are not allowed.")]
    return []


def check_folded(pointer: str, text: str, limit: int) -> list[FieldError]:
    """Check that what a name is compared by fits its column: there are letters that fold into eighteen."""
    if len(fold(text)) > limit:
        return [FieldError(pointer, "max_length", "This is too long once its letters are taken apart.")]
    return []


def check_moment(pointer: str, moment: datetime | None) -> list[FieldError]:
    """Check a point in time: aware, and in years that every surface and database can show in every time zone."""
    if moment is None:
        return []
    if moment.tzinfo is None:
        return [FieldError(pointer, "no_offset", "The time needs an offset from UTC.")]
    if not EARLIEST <= moment <= LATEST:
        return [FieldError(pointer, "out_of_range", "The year must lie between 1900 and 9999.")]
    return []


def check_choice(pointer: str, value: object, choices: Iterable[object]) -> list[FieldError]:
    """Check that a value is one of a few."""
    allowed = list(choices)
    if value in allowed:
        return []
    return [FieldError(pointer, "invalid_choice", f"This must be one of {', '.join(map(str, allowed))}.")]
