"""The kinds of problems: what each stable `code` means, and what can be done about it.

`type` of a problem document names the kind, and `/problems/<code>` tells of it. A test finds every code that the
source refuses with; one that is not here gets the phrase of its status for a title.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

TYPE_PREFIX = "/problems/"


class Kind(NamedTuple):
    """A short title, and what is meant: why it happens and what helps."""

    title: str
    meaning: str


class ProblemKind(msgspec.Struct):
    """A kind of problem as it is shown."""

    type: str
    title: str
    code: str
    meaning: str


KINDS: Mapping[str, Kind] = {
    "authentication_failed": Kind(
        "The credential is not valid", "The token is malformed, has run out, or is meant for another surface. Log in."
    ),
    "bad_host": Kind(
        "Unknown host", "The server does not answer to the host name of the request; see BATON_ALLOWED_HOSTS."
    ),
    "bad_request": Kind("Bad request", "The request can't be understood, for example its headers or its address."),
    "conflict": Kind("Conflict", "The present state of things stands in the way. Read them again, then decide."),
    "csrf_failed": Kind(
        "The CSRF check failed", "With a session cookie, a change needs the CSRF token too: cookie and X-CSRFToken."
    ),
    "dead_credential": Kind(
        "The credential is no longer valid", "It was revoked or has run out, or the account is deactivated. Log in."
    ),
    "denied": Kind("Not allowed", "You see the thing, but your role does not allow this. Ask an owner of the project."),
    "email_not_verified": Kind(
        "The e-mail address is not verified", "Follow the link in the mail, or have it sent again."
    ),
    "empty_body": Kind("The body is missing", "This request needs a body; `{}` is one."),
    "file_damaged": Kind("The file is damaged", "What is stored is not what was uploaded. Tell who runs the server."),
    "file_missing": Kind("The file is missing", "Its content is not in the store. Tell who runs the server."),
    "foreign_origin": Kind(
        "Foreign origin", "A page of another site may not open the stream with a cookie; it needs a ticket or a token."
    ),
    "idempotency_in_flight": Kind(
        "The first request with this key is still running", "Wait as Retry-After says, and send the same once more."
    ),
    "idempotency_mismatch": Kind(
        "The key was used for another request", "An Idempotency-Key belongs to one request. Take a new one."
    ),
    "insufficient_scope": Kind(
        "The token does not reach that far", "An API token with another scope, or for no single project, is needed."
    ),
    "insufficient_storage": Kind("No room left", "The server has no room for the file. Tell who runs it."),
    "internal_error": Kind(
        "Something went wrong", "A fault of the server, which has logged it under `request_id`. Nothing was changed."
    ),
    "invalid": Kind("The input is not valid", "`errors` names every bad field, and nothing was changed."),
    "invalid_cursor": Kind("The cursor is not valid", "It is no place in the log. Start again without it."),
    "invalid_idempotency_key": Kind("The Idempotency-Key is not valid", "1 to 255 printable ASCII characters."),
    "invalid_query": Kind("The query is not valid", "`errors` names every bad parameter, as `?name`."),
    "last_owner": Kind("A project needs an owner", "Make somebody else an owner first."),
    "method_not_allowed": Kind("Method not allowed", "The header Allow names the methods of this address."),
    "no_project": Kind("There is no such project", "A surface is set to use a project that does not exist."),
    "no_thumbnail": Kind("There is no thumbnail", "The file is no image that one could be made of."),
    "not_authenticated": Kind("A credential is needed", "Send `Authorization: Bearer`, with a token."),
    "not_found": Kind("Not found", "It does not exist, or you may not see it; the two are never told apart."),
    "not_undoable": Kind("This can't be undone", "`detail` says why: not every event is a change that has a reverse."),
    "operations_refused": Kind(
        "Operations were refused", "`refused` lists them, each with its problem; none of all was carried out."
    ),
    "out_of_range": Kind("A value is too large", "A number is larger than can be kept."),
    "overtaken": Kind("A later change stands in the way", "Undo that one first, or make the change by hand."),
    "own_account": Kind("Not with one's own account", "Somebody else has to do this."),
    "parse_error": Kind("The body can't be read", "It is not what its Content-Type says, or ends too early."),
    "project_trashed": Kind("The project is in the trash", "Restore the project first."),
    "range_not_satisfiable": Kind(
        "No such range", "The range lies behind the file's end; Content-Range says its size."
    ),
    "registration_closed": Kind("Registration is not open", "New accounts need an invitation, or an administrator."),
    "stale": Kind("The resource has changed", "It changed since you read it. Read it again, and send its new ETag."),
    "throttled": Kind("Too many requests", "Wait as many seconds as Retry-After says."),
    "title_taken": Kind("The title is taken", "The project has titles told apart; another task has this one by now."),
    "token_reused": Kind(
        "The refresh token was used before",
        "It may have been stolen, so its whole log-in has been ended. Log in again.",
    ),
    "too_large": Kind("The body is too large", "The body or the file is larger than this server takes."),
    "too_many_connections": Kind("Too many connections", "Close one of your streams first."),
    "too_many_fields": Kind("Too many fields", "The form has more fields or files than this server takes."),
    "too_many_tokens": Kind("Too many tokens", "Revoke one that is no longer used first."),
    "too_many_webhooks": Kind("Too many webhooks", "Remove one that is no longer used first."),
    "unavailable": Kind("Temporarily unavailable", "Something that the server needs is away. Retry-After says when."),
    "unsupported_media_type": Kind("Unsupported media type", "The Content-Type is none that this address reads."),
    "upgrade_required": Kind("Upgrade required", "This address speaks WebSocket only."),
    "user_not_found": Kind("There is no such user", "Nobody has this name, address or id."),
    "wrong_credentials": Kind("Wrong name or password", "Which of them, is not told."),
}


def find_kind(code: str) -> ProblemKind | None:
    """Return the kind of this code, None where there is no such code."""
    kind = KINDS.get(code)
    return None if kind is None else ProblemKind(TYPE_PREFIX + code, kind.title, code, kind.meaning)
