"""The one client for addresses that people name: it calls nothing inside, and nobody can keep it waiting.

A host is resolved once; each of its addresses is checked, and the connection goes to a checked one, so that a second
answer of the name server changes nothing. TLS and the Host header keep the name. No proxy of the environment is used,
no cookie kept, nothing unpacked. A redirect is followed by hand, and its target is checked like the first address.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from typing import Any

import httpcore2
from django.conf import settings

from baton.adapters.deadlines import Deadline, TooLate, run_within
from baton.lib.public_addresses import may_be_called
from baton.lib.web_urls import BadUrl, WebUrl, follow_redirect, parse_url

SECONDS = 10.0
"""For everything together: names, connections, redirects, and the answer to its end."""
LARGEST_ANSWER = 64 * 1024
MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 307, 308})
_CHUNK = 16 * 1024

Resolve = Callable[[str, int], list[str]]


class OutgoingError(Exception):
    """No answer was got; the message says why, in words that may be shown to whoever named the address."""


class Forbidden(OutgoingError):
    """The address may not be called."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered. `body` is at most the first 64 KB; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def system_resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float = SECONDS,
    resolve: Resolve = system_resolve,
) -> Answer:
    """Post the body and return the answer, whatever its status; redirects are followed with the same body.

    Raises OutgoingError, and Forbidden where an address on the way may not be called.
    """
    deadline = Deadline(seconds)
    try:
        target = parse_url(url)
        for _ in range(MOST_REDIRECTS + 1):
            answer = _post_once(target, body, headers, deadline, resolve)
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or location is None:
                return answer
            target = follow_redirect(target, location)
    except BadUrl as error:
        raise Forbidden(str(error)) from None
    raise OutgoingError(f"More than {MOST_REDIRECTS} redirects.")


def _post_once(url: WebUrl, body: bytes, headers: Mapping[str, str], deadline: Deadline, resolve: Resolve) -> Answer:
    if url.scheme == "http" and settings.BATON_OUTGOING_HTTPS_ONLY:
        raise Forbidden("This server calls https addresses only.")
    sent = {
        "Host": url.authority,
        "User-Agent": "Baton",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **headers,
        "Content-Length": str(len(body)),
    }
    network = _CheckedNetwork(deadline, resolve)
    pool = httpcore2.ConnectionPool(ssl_context=_trust(), network_backend=network, max_connections=1)
    address = httpcore2.URL(scheme=url.scheme, host=url.host, port=url.port, target=url.target)
    try:
        with pool, pool.stream("POST", address, headers=list(sent.items()), content=body) as response:
            names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            return Answer(response.status, names, _read(response.iter_stream(), deadline))
    except (httpcore2.TimeoutException, TimeoutError):
        if deadline.is_over:
            raise OutgoingError(f"No whole answer within {deadline.seconds:g} seconds.") from None
        raise OutgoingError("The receiver did not answer in time.") from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
        raise OutgoingError(f"The connection failed: {str(error) or type(error).__name__}") from error


def _read(chunks: Iterable[bytes], deadline: Deadline) -> bytes:
    read = bytearray()
    for chunk in chunks:
        read += chunk
        if len(read) >= LARGEST_ANSWER:
            break
        deadline.left()
    return bytes(read[:LARGEST_ANSWER])


class _CheckedNetwork(httpcore2.NetworkBackend):
    """Connects to checked addresses only, and within the deadline whatever timeouts it is told."""

    def __init__(self, deadline: Deadline, resolve: Resolve) -> None:
        self._deadline = deadline
        self._resolve = resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Return a connection to the first checked address that takes it."""
        failure: OSError = OSError("the host has no address")
        for address in _check(_resolve_within(host, port, self._deadline, self._resolve)):
            try:
                connected = socket.create_connection((address, port), self._deadline.left())
            except OSError as error:
                failure = error
            else:
                connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return _Stream(connected, self._deadline)
        raise failure


class _Stream(httpcore2.NetworkStream):
    """A connection on which each wait is as long as the deadline leaves."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket = connected
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return the next bytes."""
        self._socket.settimeout(self._deadline.left())
        return self._socket.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        rest = memoryview(buffer)
        while rest:
            self._socket.settimeout(self._deadline.left())
            rest = rest[self._socket.send(rest[:_CHUNK]) :]

    def close(self) -> None:
        """Close the connection."""
        with suppress(OSError):
            self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """Return the connection with TLS, for the host's own name."""
        try:
            self._socket.settimeout(self._deadline.left())
            return _Stream(ssl_context.wrap_socket(self._socket, server_hostname=server_hostname), self._deadline)
        except BaseException:
            self.close()
            raise

    def get_extra_info(self, info: str) -> Any:
        """Return nothing that HTTP/1.1 can't do without."""
        return None


def _check(addresses: list[str]) -> list[str]:
    """Return the addresses. Raises Forbidden where any of them may not be called: a name with two faces has neither."""
    for text in addresses:
        if "%" in text or not may_be_called(ip_address(text), settings.BATON_OUTGOING_NETWORKS):
            # Without the address: what names resolve to inside is nobody's business outside.
            raise Forbidden("The host's address may not be called: it is not on the public Internet.")
    return addresses


def _resolve_within(host: str, port: int, deadline: Deadline, resolve: Resolve) -> list[str]:
    """Return the host's addresses in time."""
    try:
        return run_within(deadline, lambda: resolve(host, port))
    except TooLate:
        raise OutgoingError("The host's name could not be looked up in time.") from None
    except (OSError, UnicodeError) as error:
        raise OutgoingError(f"The host's name could not be looked up: {error}") from error


@cache
def _trust() -> ssl.SSLContext:
    # Reading the system's certificates takes longer than most requests.
    return httpcore2.default_ssl_context()
