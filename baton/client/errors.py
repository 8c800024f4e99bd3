"""What can go wrong between a program and the server, as exceptions."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec


class BatonError(Exception):
    """The root of everything this package raises."""


class Unreachable(BatonError):
    """No answer came, also after repeating what may be repeated. Whether the server acted is unknown."""


class BadAnswer(BatonError):
    """What answered does not speak as a Baton server does: a wrong address, or a proxy in between."""


class Resync(BatonError):
    """The event log does not know the cursor: it is too old, or belongs to another log.

    Nothing can be resumed: fetch anew what you keep a copy of, then follow from `cursor` (None: from now).
    """

    def __init__(self, reason: str, cursor: str | None) -> None:
        self.reason = reason
        self.cursor = cursor
        super().__init__(f"The event log can't be resumed ({reason}); fetch anew, then follow from {cursor or 'now'}.")


class FieldError(msgspec.Struct, frozen=True):
    """One bad field: `pointer` is a JSON Pointer into the body, or `?` and the name of a query parameter."""

    pointer: str
    code: str
    detail: str


class Refused(BatonError):
    """The server said no. The attributes are those of its problem document (RFC 9457).

    `code` is stable and for programs, `detail` a sentence for people; `errors` names every bad field. `retry_after`
    is how many seconds the server wants to be left alone, None where it did not say.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        title: str = "",
        errors: Sequence[FieldError] = (),
        request_id: str = "",
        retry_after: float | None = None,
    ) -> None:
        self.status = status
        self.code = code
        self.detail = detail
        self.title = title
        self.errors = tuple(errors)
        self.request_id = request_id
        self.retry_after = retry_after
        super().__init__("; ".join([detail, *(f"{error.pointer}: {error.detail}" for error in self.errors)]))


class Invalid(Refused):
    """Bad input (400, 422): `errors` says where. Nothing was changed."""


class NotLoggedIn(Refused):
    """There is no credential, or it is dead and could not be renewed (401)."""


class Denied(Refused):
    """It is visible, but this account or token may not do that (403)."""


class NotFound(Refused):
    """It does not exist, or this account may not see it (404)."""


class Conflict(Refused):
    """The present state does not allow it (409)."""


class Stale(Refused):
    """It has changed since the version that was given (412). Nothing was changed."""


class LimitReached(Refused):
    """Too many requests (429), and waiting would have taken longer than the client's patience."""


class ServerFault(Refused):
    """The server, or something before it, failed (5xx)."""


KINDS: dict[int, type[Refused]] = {
    400: Invalid,
    401: NotLoggedIn,
    403: Denied,
    404: NotFound,
    409: Conflict,
    412: Stale,
    422: Invalid,
    429: LimitReached,
}


def kind_of(status: int) -> type[Refused]:
    """Return the exception for an answer's status."""
    return ServerFault if status >= 500 else KINDS.get(status, Refused)
