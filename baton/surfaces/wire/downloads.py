"""Files on the wire: in pieces, from any place (RFC 9110, section 14), and never as anything a browser would run."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import structlog
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from baton.adapters import storage
from baton.core.errors import NotFound
from baton.surfaces.wire.etags import is_unchanged, not_modified
from baton.surfaces.wire.refusals import Refused

BLOCK = 64 * 1024
# No script, no form, no origin, wherever the answer ends up being shown.
LOCKED_UP = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# What a browser shows without running any of it. All else is served as bytes: a script with its own type would pass a
# page's policy that trusts this origin.
_HARMLESS = re.compile(
    r"image/(png|jpeg|gif|webp|bmp|avif|heic|tiff)|(audio|video)/[\w.+-]+|text/(plain|csv)|application/(pdf|zip)"
)
_RANGE = re.compile(r"bytes=\s*(\d{0,19})-(\d{0,19})\s*", re.ASCII | re.IGNORECASE)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Download:
    """A kept file as it goes out. `tag` is its strong entity tag, with the quotes."""

    path: str
    size: int
    tag: str
    content_type: str
    headers: dict[str, str]


def file_response(request: Request, download: Download) -> HttpResponseBase:
    """Return the file, the part that was asked for (206), or 304. Raises NotFound where the store has lost it."""
    headers = {**download.headers, "ETag": download.tag, "Accept-Ranges": "bytes"}
    if is_unchanged(request, download.tag):
        return not_modified(download.tag)
    _require_whole(download)
    part = _asked_part(request, download)
    start, stop = part or (0, download.size)
    headers["Content-Length"] = str(stop - start)
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{download.size}"
    content_type = download.content_type if _HARMLESS.fullmatch(download.content_type) else "application/octet-stream"
    status = 200 if part is None else 206
    if request.method == "HEAD" or stop == start:
        return HttpResponse(status=status, content_type=content_type, headers=headers)
    return _Streamed(
        _Part(_open(download, start), stop - start), status=status, content_type=content_type, headers=headers
    )


def attachment_headers(name: str) -> dict[str, str]:
    """Return the headers of a file that is to be saved, never shown, under `name` (RFC 6266)."""
    return {**LOCKED_UP, "Content-Disposition": _disposition("attachment", name)}


def shown_headers(name: str, style: str) -> dict[str, str]:
    """Return the headers of a page that stands alone, with one style sheet that the policy's source `style` names.

    Whoever saves it finds it under `name`.
    """
    policy = f"{LOCKED_UP['Content-Security-Policy']}; style-src {style}"
    return {**LOCKED_UP, "Content-Security-Policy": policy, "Content-Disposition": _disposition("inline", name)}


def _disposition(kind: str, name: str) -> str:
    plain = re.sub(r'[^ -~]|["\\%;]', "_", name)
    # The second form is for clients that know no other.
    return f"{kind}; filename*=UTF-8''{quote(name, safe='')}; filename=\"{plain}\""


class _Streamed(FileResponse):
    block_size = BLOCK

    def set_headers(self, _filelike: Any) -> None:
        """Leave the headers as they are."""


class _Part:
    """So many bytes of a file, read in pieces."""

    def __init__(self, file: storage.Readable, length: int) -> None:
        self._file = file
        self._left = length

    def read(self, size: int = -1) -> bytes:
        """Return the next piece, empty at the end. Raises OSError where the file ends too early."""
        wanted = self._left if size < 0 else min(size, self._left)
        if not wanted:
            return b""
        piece = self._file.read(wanted)
        if not piece:
            # A client must not take it for whole: the connection breaks.
            raise OSError("A kept file is shorter than its row says.")
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _require_whole(download: Download) -> None:
    with suppress(storage.Missing):
        size = storage.size_of(download.path)
        if size == download.size:
            return
        log.error("file.damaged", path=download.path, size=size, expected=download.size)
        raise NotFound("The file is damaged in the store.", code="file_damaged")
    raise _missing(download)


def _open(download: Download, start: int) -> storage.Readable:
    try:
        return storage.open_kept(download.path, start)
    except storage.Missing:
        raise _missing(download) from None


def _missing(download: Download) -> NotFound:
    log.error("file.missing", path=download.path)
    return NotFound("The file is missing from the store.", code="file_missing")


def _asked_part(request: Request, download: Download) -> tuple[int, int] | None:
    """Return from where up to where; None for all of it: so for several parts too. Raises Refused (416)."""
    found = _RANGE.fullmatch(request.META.get("HTTP_RANGE", ""))
    if found is None or found.groups() == ("", "") or request.META.get("HTTP_IF_RANGE", download.tag) != download.tag:
        return None
    size = download.size
    if not found[1]:
        start, stop = max(0, size - int(found[2])), size
    else:
        start, stop = int(found[1]), min(size, int(found[2]) + 1) if found[2] else size
        if found[2] and int(found[2]) < start:
            return None
    if start >= stop:
        detail = f"The file has {size} bytes."
        raise Refused(416, "range_not_satisfiable", detail, Content_Range=f"bytes */{size}")
    return start, stop
