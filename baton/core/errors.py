"""What can go wrong in the core, in the product's words; a surface turns each into its own wire form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class FieldError:
    """One bad field: `pointer` is a JSON Pointer (RFC 6901) into the input, `code` stable, `detail` for people."""

    pointer: str
    code: str
    detail: str


class CoreError(Exception):
    """The root of every refusal. `code` is stable and machine-readable, `detail` one sentence for people.

    `errors` names the fields of the input that it is about, where there are any.
    """

    code = "error"
    detail = "The request can't be carried out."

    def __init__(
        self, detail: str | None = None, *, code: str | None = None, errors: Iterable[FieldError] = ()
    ) -> None:
        self.detail = detail or type(self).detail
        self.code = code or type(self).code
        self.errors = tuple(errors)
        super().__init__(self.detail)

    @classmethod
    def field(cls, pointer: str, code: str, detail: str) -> Self:
        """Return the refusal of a single field."""
        return cls(errors=[FieldError(pointer, code, detail)])


class NotFound(CoreError):
    """It doesn't exist, or the actor may not see it: the two are never told apart."""

    code = "not_found"
    detail = "There is no such thing, or you may not see it."


class Denied(CoreError):
    """The actor sees the thing but may not do this with it."""

    code = "denied"
    detail = "You may not do this."


class DeadCredential(CoreError):
    """The credential was revoked or has run out, or its user is deactivated."""

    code = "dead_credential"
    detail = "The credential is no longer valid."


class Conflict(CoreError):
    """The present state stands in the way."""

    code = "conflict"
    detail = "The present state does not allow this."


class Stale(CoreError):
    """The caller's version is not the present one; nothing was changed."""

    code = "stale"
    detail = "The resource has changed since you read it."


class TooMany(CoreError):
    """This was tried too often from there; `retry_after` is how many seconds to wait."""

    code = "throttled"
    detail = "This was tried too often; wait a while."

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = max(retry_after, 1)


class Invalid(CoreError):
    """Bad input. `errors` names every bad field; nothing was changed."""

    code = "invalid"
    detail = "The input is not valid."
