"""What both clients do alike with the HTTP library."""

from __future__ import annotations

import httpx2

from baton.client.calls import Message

TIMEOUT = 30.0
AGENT = "baton-client"


def checked(url: str) -> str:
    """Return the server's address. Raises ValueError where it is none."""
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise ValueError(f"{url!r} is no address: {error}") from None
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise ValueError(f"{url!r} is no address of a server: it starts with http:// or https:// and names a host.")
    return url


def build_request(http: httpx2.Client | httpx2.AsyncClient, message: Message, bearer: str | None) -> httpx2.Request:
    """Return the message as the library's request, with the credential."""
    headers = dict(message.headers) | {"User-Agent": AGENT}
    if bearer is not None:
        headers["Authorization"] = f"Bearer {bearer}"
    timeout = http.timeout if message.timeout is None else message.timeout
    return http.build_request(
        message.method,
        message.path,
        params=list(message.query) or None,
        content=message.content,
        headers=headers,
        timeout=timeout,
    )


def reads_body(message: Message, response: httpx2.Response) -> bool:
    """Is the whole body wanted now? Not of a stream that was opened."""
    return not (message.is_streamed and response.is_success)
