"""What comes in a body: a declared shape, and nothing beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, ClassVar, cast

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.settings import api_settings

# Django's own hidden form field.
CSRF_FIELD = "csrfmiddlewaretoken"


class In(serializers.Serializer[Any]):
    """The shape of an input. Unknown keys are refused, with everything else that is wrong, all at once.

    `echo` names what the resource shows but nobody may write; it is passed over, so that a client can PUT back what it
    read. `example` is valid input, for the OpenAPI document. Instances are shared between requests: keep no state on
    `self`, and leave what needs the actor to a command.
    """

    echo: ClassVar[frozenset[str]] = frozenset()
    example: ClassVar[Mapping[str, Any]]

    @classmethod
    def constraints(cls) -> Mapping[str, Any]:
        """Return what JSON Schema can say of the whole object, such as that one of two fields is needed."""
        return {}

    @classmethod
    def read(cls, request: Request, *, partial: bool | None = None) -> dict[str, Any]:
        """Return the values of the request's body. Raises ValidationError.

        PATCH is a merge patch (RFC 7396): only what was sent comes back, and a None among it means "clear". Otherwise
        missing fields get their defaults. `partial` says it outright.
        """
        is_partial = request.method == "PATCH" if partial is None else partial
        return cls.check(request.data, partial=is_partial)

    @classmethod
    def check(cls, data: object, *, partial: bool = False) -> dict[str, Any]:
        """Return the values of parsed input, wherever it came from. Raises ValidationError."""
        if not isinstance(data, Mapping):
            detail = {api_settings.NON_FIELD_ERRORS_KEY: ["The body must be a JSON object."]}
            raise serializers.ValidationError(detail, code="not_an_object")
        return cast(dict[str, Any], _shared(cls, partial).run_validation(data))

    def to_internal_value(self, data: Any) -> Any:
        """Return the values, or raise with DRF's errors and ours together."""
        unknown = self._unknown(data)
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if isinstance(error.detail, dict):
                error.detail.update(serializers.ValidationError(unknown, code="unknown_field").detail)  # type: ignore[arg-type]  # a dict in, a dict out
            raise
        if unknown:
            raise serializers.ValidationError(unknown, code="unknown_field")
        return values

    def _unknown(self, data: object) -> dict[str, list[str]]:
        if not isinstance(data, Mapping):
            return {}
        names = _form_names(data) if isinstance(data, QueryDict) else data
        return {
            name: ["There is no such field here."]
            for name in names
            if name not in self.fields and name not in self.echo
        }


@cache
def _shared(shape: type[In], partial: bool) -> In:  # noqa: FBT001  # a cache key
    # Copying and binding the fields costs ten times the validation itself, and validation keeps nothing on them.
    return shape(partial=partial)


def _form_names(form: QueryDict) -> Iterable[str]:
    # Forms write nested values as `members[0]role` or `owner.name`.
    return {name.partition("[")[0].partition(".")[0] for name in form if name != CSRF_FIELD}
