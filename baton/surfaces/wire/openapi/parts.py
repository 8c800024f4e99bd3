"""The parts that every operation refers to: problem documents, headers, parameters and credentials."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec

from baton.surfaces.wire.problems import PROBLEM_JSON

Json = dict[str, Any]

REQUEST_ID = "X-Request-Id"


class Flaw(msgspec.Struct):
    """One bad field: a JSON Pointer into the body, or `?` and the name of a query parameter."""

    pointer: str
    code: str
    detail: str


class Problem(msgspec.Struct):
    """Why a request was refused (RFC 9457). `code` is stable; `errors` names every bad field."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    errors: list[Flaw] | msgspec.UnsetType = msgspec.UNSET


# What each refusal means here. A status that no route declares stays out of the document.
REFUSALS: dict[int, str] = {
    400: "The input is not valid: `errors` names every bad field and parameter.",
    401: "No credential, or one that is no longer valid.",
    403: "You see it, but may not do this; or the session's CSRF token is missing.",
    404: "There is no such thing, or you may not see it.",
    409: "The present state does not allow it.",
    410: "It was there once.",
    411: "The length of the body must be told.",
    412: "If-Match names a version that is not the present one; nothing was changed.",
    413: "The body is larger than this server takes.",
    415: "The body is of a type that this route does not read.",
    416: "The range lies outside the file.",
    422: "The Idempotency-Key was used for another request.",
    423: "It is locked.",
    429: "Too many requests; try again after Retry-After.",
    500: "The server failed; the failure has been logged under the request id.",
    503: "The database is out of reach or too busy; try again after Retry-After.",
}
REFUSAL_HEADERS = {
    401: ("WWW-Authenticate",),
    429: ("Retry-After", "RateLimit", "RateLimit-Policy"),
    503: ("Retry-After",),
}

HEADERS: dict[str, Json] = {
    "ETag": {"description": "The version of what is shown.", "schema": {"type": "string"}},
    "Link": {"description": "The next and the previous page (RFC 8288).", "schema": {"type": "string"}},
    "Location": {"description": "Where it is.", "schema": {"type": "string", "format": "uri-reference"}},
    "RateLimit": {
        "description": 'What remains of each limit, and the seconds until it is whole: `"password";r=0;t=840`.',
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": 'The limits: so many within so many seconds, `"password";q=10;w=900`.',
        "schema": {"type": "string"},
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}},
    "WWW-Authenticate": {"description": "The credential that is asked for.", "schema": {"type": "string"}},
    "Idempotency-Replayed": {
        "description": "`true` where the answer of an earlier request with the same key is given again.",
        "schema": {"type": "string", "const": "true"},
    },
    "Accept-Ranges": {"description": "`bytes`: parts can be asked for.", "schema": {"type": "string"}},
    "Content-Disposition": {"description": "The file's name.", "schema": {"type": "string"}},
    "Content-Range": {"description": "Which part this is.", "schema": {"type": "string"}},
    REQUEST_ID: {"description": "The id of this request, in logs and events too.", "schema": {"type": "string"}},
}

PARAMETERS: dict[str, Json] = {
    "If-Match": {
        "description": "Change it only if this ETag still is the present one.",
        "schema": {"type": "string"},
    },
    "If-None-Match": {"description": "Answer 304 if this ETag still is the present one.", "schema": {"type": "string"}},
    "Idempotency-Key": {
        "description": "Of the client's choice: the same request with the same key is carried out once in 24 hours.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x20-\\x7e]+$"},
    },
    "Range": {"description": "The part of the file that is asked for.", "schema": {"type": "string"}},
    REQUEST_ID: {
        "description": "An id for this request; without one, or with an unfit one, the server makes it.",
        "schema": {"type": "string"},
    },
}

SECURITY_SCHEMES: dict[str, Json] = {
    "access_token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The `access` token of a log-in, for 15 minutes.",
    },
    "api_token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "bat_…",
        "description": "A token for programs, with scopes; `Authorization: Token bat_…` is read as well.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "A browser's session; whatever changes something needs the `X-CSRFToken` header too.",
    },
}
BY_COOKIE: Json = {"session": []}
SIGNED_IN: list[Json] = [{name: []} for name in SECURITY_SCHEMES]


def header_ref(name: str) -> Json:
    """Return the reference to a response header."""
    return {"$ref": f"#/components/headers/{name}"}


def parameter_ref(name: str) -> Json:
    """Return the reference to a request header."""
    return {"$ref": f"#/components/parameters/{name}"}


def refusal_name(status: int) -> str:
    """Return the name of a refusal's component: `NotFound`."""
    return HTTPStatus(status).phrase.title().replace(" ", "").replace("-", "")


def refusal_ref(status: int) -> Json:
    """Return the reference to a refusal. Raises KeyError for a status that REFUSALS does not explain."""
    REFUSALS[status]
    return {"$ref": f"#/components/responses/{refusal_name(status)}"}


def fixed_components(statuses: set[int]) -> Json:
    """Return the components that don't come from a route, with the refusals of these statuses."""
    return {
        "headers": HEADERS,
        "parameters": {
            name: {"name": name, "in": "header", "required": False, **said} for name, said in PARAMETERS.items()
        },
        "responses": {refusal_name(status): _refusal(status) for status in sorted(statuses)},
        "securitySchemes": SECURITY_SCHEMES,
    }


def _refusal(status: int) -> Json:
    names = (*REFUSAL_HEADERS.get(status, ()), REQUEST_ID)
    return {
        "description": REFUSALS[status],
        "headers": {name: header_ref(name) for name in names},
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
