"""Problem documents (RFC 9457): the form of every error, unless the request speaks a dialect that has another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import islice

from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from baton.core.errors import FieldError
from baton.surfaces.wire.problem_kinds import KINDS, TYPE_PREFIX
from baton.surfaces.wire.request_ids import request_id_of
from baton.surfaces.wire.respond import encode

PROBLEM_JSON = "application/problem+json"

# A message that repeats the caller's value must not send a megabyte back.
LONGEST_DETAIL = 500
MOST_ERRORS = 1000


@dataclass(frozen=True, slots=True)
class Refusal:
    """What went wrong, before it has a form. `errors` name every bad field; `headers` are HTTP's own, such as Allow."""

    status: int
    code: str
    detail: str
    errors: tuple[FieldError, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def problem(
    request: HttpRequest | Request,
    status: int,
    code: str,
    detail: str,
    errors: Iterable[FieldError] = (),
    *,
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Return a problem document. `errors` names every bad field; `extra` adds members of its own (RFC 9457, 3.2).

    Where the request speaks a dialect (`request.refuse_in_dialect`, see `wire.dialects.finding`), the answer has the
    form of that one: whoever refuses need not know who listens.

    `type` is a relative URI made from the stable `code`: it names the kind, and its page (`problem_kinds`) tells of it.
    A pointer is a JSON Pointer into the body (`/title`), or `?` and a name for a query parameter (`?page_size`), which
    no JSON Pointer can be mistaken for.
    """
    refuse_in_dialect = getattr(request, "refuse_in_dialect", None)
    if refuse_in_dialect is not None:
        refusal = Refusal(status, code, _clip(detail), tuple(islice(errors, MOST_ERRORS)), dict(headers or {}))
        response: HttpResponse = refuse_in_dialect(request, refusal)
        return response
    document: dict[str, object] = {
        "type": TYPE_PREFIX + code,
        "title": _title(code, status),
        "status": status,
        "detail": _clip(detail),
        "instance": _clip(request.path),
        "code": code,
        "request_id": request_id_of(request),
    }
    if listed := _listed(errors):
        document["errors"] = listed
    document.update(extra or {})
    response = HttpResponse(encode(document), content_type=PROBLEM_JSON, status=status, headers=headers)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response


def brief_problem(status: int, code: str, detail: str, errors: Iterable[FieldError] = ()) -> dict[str, object]:
    """Return what a problem document says, for one thing among several in an answer."""
    said = {
        "type": TYPE_PREFIX + code,
        "title": _title(code, status),
        "status": status,
        "detail": _clip(detail),
        "code": code,
    }
    listed = _listed(errors)
    return {**said, "errors": listed} if listed else said


def pointer(*parts: str | int) -> str:
    """Return the JSON Pointer (RFC 6901) of a path: `pointer("members", 0, "role")` is `/members/0/role`."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def printable(text: str) -> str:
    """Return `text` with what UTF-8 can't carry (lone surrogates) and NULs escaped, for messages and logs."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\x00", "\\x00")


def _listed(errors: Iterable[FieldError]) -> list[dict[str, str]]:
    return [
        {"pointer": _clip(error.pointer), "code": error.code, "detail": _clip(error.detail)}
        for error in islice(errors, MOST_ERRORS)
    ]


def _title(code: str, status: int) -> str:
    if kind := KINDS.get(code):
        return kind.title
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def _clip(text: str) -> str:
    text = printable(text)
    return text if len(text) <= LONGEST_DETAIL else text[: LONGEST_DETAIL - 1] + "…"
