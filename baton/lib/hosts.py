"""Hosts as they stand in a URL: a name or an address, with a port or without."""

from __future__ import annotations

import re

_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?")


def is_host(text: str) -> bool:
    """Is this a host in small letters, with or without a port?"""
    found = _HOST.fullmatch(text)
    return found is not None and (found["port"] is None or 0 < int(found["port"]) < 65536)


def host_name(host: str) -> str:
    """Return the host without its port; an IPv6 address keeps its brackets."""
    found = _HOST.fullmatch(host)
    return host if found is None or found["port"] is None else host[: found.start("port") - 1]
