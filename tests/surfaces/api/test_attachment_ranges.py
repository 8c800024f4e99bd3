"""Parts of a file (RFC 9110, section 14)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cast import Cast
from tests.factories import make_task
from tests.files.forms import Sender

CONTENT = bytes(range(256)) * 1000
SIZE = len(CONTENT)


@pytest.fixture
def editor(cast: Cast) -> Sender:
    return Sender(cast.editor)


@pytest.fixture
def url(cast: Cast, editor: Sender, store: Path) -> str:
    """Return the address of a file's content."""
    task = make_task(cast.owner, cast.project)
    shape: dict[str, Any] = editor.attach(task.pk, CONTENT, "x.bin").json()
    return str(shape["url"])


@pytest.mark.parametrize(
    "asked,start,stop",
    [
        ("bytes=0-0", 0, 1),
        ("bytes=5-9", 5, 10),
        ("bytes=100-", 100, SIZE),
        ("bytes=-7", SIZE - 7, SIZE),
        ("BYTES = 1-2", None, None),
        ("Bytes=1-2", 1, 3),
        ("bytes=-999999999", 0, SIZE),
        (f"bytes={SIZE - 1}-{SIZE * 9}", SIZE - 1, SIZE),
        ("bytes=9-5", None, None),
        ("bytes=-", None, None),
        ("bytes=a-b", None, None),
        ("lines=1-2", None, None),
        ("bytes=0-1,5-6", None, None),
        ("bytes=" + "9" * 40 + "-", None, None),
    ],
)
def test_gives_the_part_or_all(editor: Sender, url: str, asked: str, start: int | None, stop: int | None) -> None:
    answer = editor.get(url, HTTP_RANGE=asked)
    assert answer.headers["Accept-Ranges"] == "bytes"
    if start is None or stop is None:
        assert (answer.status_code, answer.body) == (200, CONTENT)
        assert "Content-Range" not in answer.headers
        return
    assert (answer.status_code, answer.body) == (206, CONTENT[start:stop])
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    assert answer.headers["Content-Length"] == str(stop - start)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE + 5}-{SIZE + 9}", "bytes=-0"])
def test_what_is_not_there_is_416(editor: Sender, url: str, asked: str) -> None:
    answer = editor.get(url, HTTP_RANGE=asked)
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{SIZE}")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_part_of_another_file_is_not_mixed_in(editor: Sender, url: str) -> None:
    tag = editor.get(url).headers["ETag"]
    assert editor.get(url, HTTP_RANGE="bytes=0-4", HTTP_IF_RANGE=tag).status_code == 206
    for other in ('"another"', f"W/{tag}", "Sat, 21 Nov 2026 10:00:00 GMT"):
        answer = editor.get(url, HTTP_RANGE="bytes=0-4", HTTP_IF_RANGE=other)
        assert (answer.status_code, answer.body) == (200, CONTENT)


def test_who_holds_it_gets_nothing(editor: Sender, url: str) -> None:
    tag = editor.get(url).headers["ETag"]
    answer = editor.get(url, HTTP_IF_NONE_MATCH=tag, HTTP_RANGE="bytes=0-4")
    assert (answer.status_code, answer.content) == (304, b"")


def test_head_tells_without_sending(editor: Sender, url: str) -> None:
    full = editor.get(url)
    head = editor.client.head(url, **editor.credential)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Length", "ETag", "Content-Type", "Content-Disposition", "Accept-Ranges"):
        assert head.headers[name] == full.headers[name]
