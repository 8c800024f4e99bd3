"""Input fields that take one type and no near miss: DRF's fields guess, and a guess written to a row is a change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from rest_framework import serializers

from baton.surfaces.wire import moments
from baton.surfaces.wire.routes import LARGEST_ID

LARGEST_NUMBER = 2**63 - 1


class Text(serializers.CharField):
    """A text, kept as it was sent: nothing is trimmed. NUL and lone surrogates are refused (by DRF's validators).

    Only white space counts as blank. With `null_as=""` a merge patch may clear the text with null. `says` is what JSON
    Schema can say of a rule that the core keeps, for the OpenAPI document.
    """

    def __init__(self, *, null_as: str | None = None, says: Mapping[str, Any] | None = None, **options: Any) -> None:
        self.null_as = null_as
        self.says = says or {}
        super().__init__(trim_whitespace=False, allow_null=options.pop("allow_null", null_as is not None), **options)

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        """Give null its meaning before DRF looks at it."""
        if data is None and self.null_as is not None:
            return True, self.null_as
        return super().validate_empty_values(data)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Return the text. Raises ValidationError: invalid, blank, null, max_length."""
        if isinstance(data, str) and not self.allow_blank and not data.strip():
            self.fail("blank")
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        """Return the text; a number or a boolean is none."""
        if not isinstance(data, str):
            self.fail("invalid")
        return data


class Int(serializers.IntegerField):
    """A whole number within 64 bits. Forms send digits, so those are taken; booleans and fractions are not."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("min_value", -LARGEST_NUMBER - 1)
        options.setdefault("max_value", LARGEST_NUMBER)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> int:
        """Return the number. Raises ValidationError: invalid."""
        if isinstance(data, str) and len(data) <= 20 and data.isascii() and data.removeprefix("-").isdigit():
            return int(data)
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return data


class Id(Int):
    """The id of a row. What no row can have is a bad field; what none happens to have is for the core to say."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **options)


class PersonId(Id):
    """The id of a user, or the person as answers show them (`{"id": 5, …}`): what was read can be sent back."""

    def to_internal_value(self, data: Any) -> int:
        """Return the id. Raises ValidationError: invalid, min_value, max_value."""
        return super().to_internal_value(data.get("id") if isinstance(data, dict) else data)


class Bool(serializers.BooleanField):
    """True or false; the words too, since forms have nothing else."""

    WORDS: ClassVar[Mapping[str, bool]] = {
        "true": True,
        "false": False,
        "on": True,
        "off": False,
        "1": True,
        "0": False,
    }

    def to_internal_value(self, data: Any) -> bool:
        """Return the truth value. Raises ValidationError: invalid."""
        if data is True or data is False:
            return bool(data)
        if not isinstance(data, str) or data not in self.WORDS:
            self.fail("invalid", input=data)
        return self.WORDS[data]


class Moment(serializers.DateTimeField):
    """A time as RFC 3339 with an offset, or a date (midnight in UTC); in UTC afterwards."""

    default_error_messages: ClassVar[dict[str, Any]] = dict(moments.MESSAGES)

    def to_internal_value(self, value: Any) -> datetime:
        """Return the time. Raises ValidationError: invalid, offset_required, out_of_range."""
        if not isinstance(value, str):
            self.fail("invalid")
        try:
            return moments.parse_moment(value)
        except moments.BadMoment as error:
            self.fail(error.code)
