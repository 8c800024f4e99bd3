"""Refusals: bad input as `{"error": …}` with the original's sentences, everything else as aiohttp's plain text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from baton.surfaces.wire.problems import Refusal
from baton.surfaces.wire.refusals import Refused

INCORRECT_DATA = "incorrect data"
INCORRECT_STATUS = "incorrect status. available values(new, planned, in_work, сompleted)"
INCORRECT_FILTER = "incorrect status field"
INCORRECT_DATE = "incorrect completion_at format (%d-%m-%Y)"
LOGIN_EXISTS = "login alrede exists"
TASK_NOT_FOUND = "task not found"
OVER = "Signature has expired"

# What the core says of a field, in the original's sentences; whatever else is bad is "incorrect data".
SENTENCES: Mapping[tuple[str, str], str] = {
    ("/due_date", "out_of_range"): INCORRECT_DATE,
    ("/username", "taken"): LOGIN_EXISTS,
}

# aiohttp says why where it was told, and else HTTP's own phrase.
REASONS: Mapping[str, str] = {
    "dead_credential": f"Invalid authorization token, {OVER}",
    "not_authenticated": "Authorization required",
}
_HAS_REASON = frozenset({401, 403, 409, 429})


class Incorrect(Refused):
    """Bad input, with the sentence that says so."""

    def __init__(self, sentence: str) -> None:
        super().__init__(400, "incorrect", sentence)


def json_answer(data: object, status: int = 200) -> HttpResponse:
    """Return JSON as aiohttp writes it: ASCII only, with a space behind each comma and colon."""
    return HttpResponse(json.dumps(data), status=status, content_type="application/json; charset=utf-8")


def refuse(request: HttpRequest | Request, refusal: Refusal) -> HttpResponse:
    """Return the answer of a refusal, in the original's form."""
    if refusal.status == 400:
        answer = json_answer({_key(request): _sentence(refusal)}, 400)
    else:
        text = f"{refusal.status}: {_reason(refusal)}"
        answer = HttpResponse(text, status=refusal.status, content_type="text/plain; charset=utf-8")
    for name, value in refusal.headers.items():
        answer.headers[name] = value
    return answer


def _key(request: HttpRequest | Request) -> str:
    view = request.parser_context.get("view") if isinstance(request, Request) else None
    return getattr(view, "error_key", "error")


def _sentence(refusal: Refusal) -> str:
    if refusal.code == "incorrect":
        return refusal.detail
    said = (SENTENCES.get((error.pointer, error.code)) for error in refusal.errors)
    return next(filter(None, said), INCORRECT_DATA)


def _reason(refusal: Refusal) -> str:
    if refusal.code in REASONS:
        return REASONS[refusal.code]
    return refusal.detail if refusal.status in _HAS_REASON else HTTPStatus(refusal.status).phrase
