"""One request to the server as a value, and how its answer is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import msgspec

from baton.client.errors import BadAnswer

T = TypeVar("T")
NOTHING = type(None)
QueryValue = str | int | bool | datetime | list[str] | None


@dataclass(frozen=True, slots=True)
class Message:
    """A request as it goes out. All of its tries carry the same headers, so also the same idempotency key."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    content: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    is_anonymous: bool = False
    is_streamed: bool = False
    timeout: float | None = None

    @property
    def is_repeatable(self) -> bool:
        """May it be sent again where nobody knows whether it was carried out?

        A POST by its key. What names a version would meet its own change the second time.
        """
        names = {name.lower() for name, _ in self.headers}
        if self.method == "POST":
            return "idempotency-key" in names
        return self.method in {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"} and "if-match" not in names


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A message, and what its answer is."""

    message: Message
    gives: type[T]

    def decode(self, body: bytes) -> T:
        """Return the answer. Raises BadAnswer."""
        if self.gives is NOTHING:
            return None  # type: ignore[return-value]  # T is None
        try:
            return msgspec.json.decode(body, type=self.gives)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            path = self.message.path
            raise BadAnswer(f"{path} did not answer as a Baton server does ({error}). Is the address right?") from None

    def of_next(self, address: str) -> Call[T]:
        """Return the call for the next page.

        Only the query of the address counts: the credential goes nowhere but to the server that was named.
        """
        query = tuple(parse_qsl(urlsplit(address).query, keep_blank_values=True))
        return replace(self, message=replace(self.message, query=query))


def call(
    method: str,
    path: str,
    gives: type[T],
    *,
    query: Mapping[str, QueryValue] | None = None,
    body: object = msgspec.UNSET,
    version: int | str | None = None,
    idempotency_key: str | None = None,
    is_anonymous: bool = False,
) -> Call[T]:
    """Return a call; every POST of somebody gets an idempotency key. `version` (or an entity tag) becomes If-Match."""
    headers = [("Accept", "application/json")]
    content = None
    if body is not msgspec.UNSET:
        content = msgspec.json.encode(body)
        headers.append(("Content-Type", "application/json"))
    if method == "POST" and not is_anonymous:
        headers.append(("Idempotency-Key", idempotency_key or str(uuid4())))
    if version is not None:
        headers.append(("If-Match", f'"{version}"' if isinstance(version, int) else version))
    message = Message(method, path, query_of(query or {}), content, tuple(headers), is_anonymous)
    return Call(message, gives)


def query_of(values: Mapping[str, QueryValue]) -> tuple[tuple[str, str], ...]:
    """Return query parameters as text; what is None was not asked for."""
    return tuple((name, _text(value)) for name, value in values.items() if value is not None)


def fields_of(**values: Any) -> dict[str, Any]:
    """Return the members that were given; None means null, UNSET not given."""
    return {name: value for name, value in values.items() if value is not msgspec.UNSET}


def _text(value: QueryValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    return ",".join(value) if isinstance(value, list) else str(value)
