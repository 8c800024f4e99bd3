"""What came back for a message, and what a refusal says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx2
import msgspec

from baton.client.errors import FieldError, Refused, kind_of


class Reply:
    """An answer; the body of a streamed one is still to be read. `bearer` is the token that asked for it."""

    def __init__(self, response: httpx2.Response, bearer: str | None) -> None:
        self.response = response
        self.bearer = bearer
        self.status = response.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, by any spelling."""
        return self.response.headers

    @property
    def body(self) -> bytes:
        """The body, read to its end."""
        return self.response.content

    @property
    def retry_after(self) -> float | None:
        """How many seconds the server wants to be left alone (RFC 9110: a number or a date)."""
        text = self.headers.get("Retry-After", "").strip()
        if text.isascii() and text.isdigit():
            return float(text[:9])
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        return max((moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0.0)


class Silence:
    """No answer came. `was_sent` is false where the server can't have seen the request."""

    def __init__(self, error: httpx2.TransportError) -> None:
        self.error = error
        never_sent = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)
        self.was_sent = not isinstance(error, never_sent)

    @property
    def reason(self) -> str:
        """What happened, in a few words."""
        return str(self.error).strip() or type(self.error).__name__


class _Problem(msgspec.Struct):
    code: str
    detail: str
    title: str = ""
    errors: list[FieldError] = []
    request_id: str = ""


def refusal_of(reply: Reply) -> Refused:
    """Return the exception for an answer of 300 and above; a proxy's page has no problem document."""
    try:
        problem = msgspec.json.decode(reply.body, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        problem = _Problem(f"http_{reply.status}", _plain_detail(reply))
    return kind_of(reply.status)(
        reply.status,
        problem.code,
        problem.detail,
        title=problem.title,
        errors=problem.errors,
        request_id=problem.request_id or reply.headers.get("X-Request-Id", ""),
        retry_after=reply.retry_after,
    )


def _plain_detail(reply: Reply) -> str:
    if elsewhere := reply.headers.get("Location"):
        return f"The server has moved to {elsewhere}."
    try:
        return f"The server answered {reply.status} {HTTPStatus(reply.status).phrase}."
    except ValueError:
        return f"The server answered {reply.status}."
