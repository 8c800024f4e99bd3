"""Inputs that name one thing by one of several fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.exceptions import ErrorDetail, ValidationError

from baton.surfaces.wire.inputs import In


class EitherIn(In):
    """An input of which exactly one of the fields in `either` must be sent; they are declared as not required."""

    either: ClassVar[tuple[str, ...]]

    @classmethod
    def constraints(cls) -> Mapping[str, Any]:
        """Say that it is one of them."""
        return {"oneOf": [{"required": [name]} for name in cls.either]}

    def to_internal_value(self, data: Any) -> Any:
        """Return the values, or raise with the errors of all fields together."""
        refused = self._refused(data)
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            if isinstance(error.detail, dict):
                error.detail.update((key, errors) for key, errors in refused.items() if key not in error.detail)
            raise
        if refused:
            raise ValidationError(refused)
        return values

    def _refused(self, data: Any) -> dict[str, Any]:
        sent = [key for key in self.either if key in data]
        if not sent:
            return {self.either[0]: [ErrorDetail(f"Send {' or '.join(self.either)}.", "required")]}
        detail = ErrorDetail(f"Send only one of {', '.join(self.either)}.", "ambiguous")
        return {key: [detail] for key in sent[1:]}


def sent_of(values: dict[str, Any], either: tuple[str, ...]) -> tuple[str, Any]:
    """Return the field of `either` that was sent, with its value."""
    return next((key, values[key]) for key in either if key in values)
