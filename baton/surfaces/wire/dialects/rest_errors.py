"""Refusals in the bodies that Django REST framework gives: `{"detail": …}`, or a map of fields to sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from baton.core.errors import FieldError
from baton.surfaces.wire.problems import Refusal
from baton.surfaces.wire.respond import json_response

NO_FIELD = "non_field_errors"

DETAILS: Mapping[str, str] = {
    "bad_request": "Bad request.",
    "dead_credential": "Invalid token.",
    "denied": "You do not have permission to perform this action.",
    "internal_error": "A server error occurred.",
    "not_authenticated": "Authentication credentials were not provided.",
    "not_found": "Not found.",
    "parse_error": "JSON parse error - {detail}",
    "unavailable": "Service temporarily unavailable, try again later.",
}
"""The framework's own sentences, by the code of a refusal; one that is not here says what the refusal says."""

SENTENCES: Mapping[str, str] = {
    "blank": "This field may not be blank.",
    "null": "This field may not be null.",
    "required": "This field is required.",
}
"""The framework's own sentences about a field, by the code of its error."""


@dataclass(frozen=True)
class RestErrors:
    """How one dialect words its refusals.

    `challenge` is the WWW-Authenticate of a 401; without one the framework answers 403. `fields` maps the pointers of
    the core (`/title`) to the dialect's names. `sentences` are by pointer and code (`("/title", "taken")`) or by code
    alone, `details` by the code of the whole refusal; `{detail}` stands for what the refusal says itself.
    """

    challenge: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    sentences: Mapping[str | tuple[str, str], str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, request: HttpRequest | Request, refusal: Refusal) -> HttpResponse:
        """Return the refusal's answer; inside a view one that may still become a page."""
        status, headers = refusal.status, dict(refusal.headers)
        headers.pop("WWW-Authenticate", None)
        if status == 401:
            if self.challenge is None:
                status = 403
            else:
                headers["WWW-Authenticate"] = self.challenge
        if isinstance(request, Request):
            return Response(self.body(refusal), status, headers=headers)
        return json_response(self.body(refusal), status, headers)

    def body(self, refusal: Refusal) -> dict[str, object]:
        """Return what the answer says: about each bad field where the input was bad, else one sentence."""
        if refusal.status == 400 and refusal.code == "invalid" and refusal.errors:
            return dict(self.by_field(refusal.errors))
        said = self.details.get(refusal.code) or DETAILS.get(refusal.code) or "{detail}"
        return {"detail": said.replace("{detail}", refusal.detail)}

    def by_field(self, errors: Iterable[FieldError]) -> dict[str, list[str]]:
        """Return the sentences by the dialect's names of the fields, in the order of the errors."""
        found: dict[str, list[str]] = {}
        for error in errors:
            found.setdefault(self._name(error.pointer), []).append(self._sentence(error))
        return found

    def _name(self, pointer: str) -> str:
        return self.fields.get(pointer) or pointer[1:].partition("/")[0] or NO_FIELD

    def _sentence(self, error: FieldError) -> str:
        said = self.sentences.get((error.pointer, error.code)) or self.sentences.get(error.code)
        return (said or "{detail}").replace("{detail}", error.detail)
