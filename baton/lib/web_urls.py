"""Addresses on the web that somebody else chose: read strictly, so that what is checked is what is called."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urljoin

from baton.lib.networks import Address

LONGEST_URL = 2000
_PORTS = {"http": 80, "https": 443}
# Printable ASCII, without what browsers and libraries read differently: user names, backslashes, fragments.
_URL = re.compile(
    r"(https?)://([a-z0-9_-][a-z0-9._-]{0,252}|\[[0-9a-f:.]{2,45}\])(?::([0-9]{1,5}))?(/[!$-;=?-\[\]-~]*|\?[!$-;=?-\[\]-~]*)?",
    re.IGNORECASE,
)


class BadUrl(ValueError):
    """It is no address that may be called; the message says why."""


@dataclass(frozen=True, slots=True)
class WebUrl:
    """An http or https address in its parts. `host` is as written, in lower case and without brackets."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """The scheme, host and port: what may be shown to those who may not know the path."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """The host, and the port where it isn't the scheme's own: the `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def parse_url(text: str) -> WebUrl:
    """Return the parts of an absolute address. Raises BadUrl."""
    if len(text) > LONGEST_URL:
        raise BadUrl(f"An address may have at most {LONGEST_URL} characters.")
    found = _URL.fullmatch(text)
    if found is None:
        raise BadUrl(
            "This must be an address such as https://example.com/hook: ASCII, without user names and fragments."
        )
    scheme, host, port = found[1].lower(), found[2].lower().strip("[]"), int(found[3] or _PORTS[found[1].lower()])
    if not 0 < port < 65536:
        raise BadUrl("A port lies between 1 and 65535.")
    target = found[4] or "/"
    return WebUrl(scheme, host, port, target if target.startswith("/") else f"/{target}")


def follow_redirect(url: WebUrl, location: str) -> WebUrl:
    """Return where a redirect leads. Raises BadUrl, also where it would leave https."""
    try:
        target = parse_url(urljoin(f"{url.origin}{url.target}", location))
    except ValueError:
        raise BadUrl("The redirect leads to no address that may be called.") from None
    if url.scheme == "https" and target.scheme != "https":
        raise BadUrl("The redirect leads from https to http.")
    return target


def read_literal(host: str) -> Address | None:
    """Return the address that a host spells, in any of the ways that resolvers understand; None for a name.

    `127.1`, `0x7f000001`, `2130706433` and `0177.0.0.1` are all the same host.
    """
    try:
        return IPv6Address(host) if ":" in host else IPv4Address(socket.inet_aton(host.rstrip(".")))
    except (OSError, ValueError):
        return None
