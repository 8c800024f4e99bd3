"""Entity tags made from versions (RFC 9110, section 8.8 and 13).

A tag is `"7"`, or `"7.2.0"` where the representation also shows counters that move without the version: then
If-None-Match compares all of it, so a cached copy is never too old, and If-Match only the version before the first dot,
so a new comment does not make somebody's edit stale.
"""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

# No version is negative: a command that is told to expect this one refuses, after it has looked for the row.
NO_VERSION = -1

_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_VERSION = re.compile(r"(\d{1,18})(?:\.[\d.]*)?", re.ASCII)


def etag(version: int, *extras: int) -> str:
    """Return the strong tag of a version and of the counters that the representation shows beside it."""
    if not extras:
        return f'"{version}"'
    return f'"{".".join(map(str, (version, *extras)))}"'


def is_unchanged(request: HttpRequest | Request, tag: str) -> bool:
    """Does the caller hold this very representation (If-None-Match, weak comparison)?"""
    header = request.META.get("HTTP_IF_NONE_MATCH")
    if header is None:
        return False
    if header == tag or header.strip() == "*":
        return True
    return tag[1:-1] in (opaque for _weak, opaque in _TAG.findall(header))


def not_modified(tag: str) -> HttpResponse:
    """Return the answer to a caller who holds the present representation (304)."""
    response = HttpResponse(status=304, headers={"ETag": tag})
    del response.headers["Content-Type"]
    return response


def required_version(request: HttpRequest | Request) -> int | None:
    """Return the version that If-Match asks for; None where anything goes (no header, or `*`).

    What can't match (a weak tag, somebody else's tag, garbage) gives NO_VERSION, so the command answers Stale (412) and
    still NotFound or Denied first. Of a list only the highest version counts: who names it has seen it, and
    versions only rise, so an older one can't be the present one.
    """
    header = request.META.get("HTTP_IF_MATCH")
    if header is None or header.strip() == "*":
        return None
    versions = (_VERSION.fullmatch(opaque) for weak, opaque in _TAG.findall(header) if not weak)
    return max((int(version[1]) for version in versions if version), default=NO_VERSION)
