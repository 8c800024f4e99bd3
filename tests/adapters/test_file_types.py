"""What a file is, whatever it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from baton.adapters.file_types import sniff
from tests.stores import picture

ZIP = b"PK\x03\x04\x14\0\0\0\x08\0" + bytes(60)
OFFICE = "application/vnd.openxmlformats-officedocument."


@pytest.mark.parametrize(
    "content,name,kind",
    [
        (picture("PNG"), "photo.exe", "image/png"),
        (picture("JPEG"), "photo.png", "image/jpeg"),
        (picture("GIF"), "x", "image/gif"),
        (picture("WEBP"), "x", "image/webp"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "x.txt", "application/pdf"),
        (ZIP, "x.zip", "application/zip"),
        (ZIP, "x", "application/zip"),
        (ZIP, "x.docx", f"{OFFICE}wordprocessingml.document"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "x.png", "image/svg+xml"),
        (b"<html><script>1</script></html>", "x.png", "text/html"),
        (b"alert(1)\n", "x.js", "text/plain"),
        (b"alert(1)\n", "x.html", "text/plain"),
        (b"import os\n", "x.py", "text/plain"),
        ("Привет, мир\n".encode() * 1000, "x.png", "text/plain"),
        (b"a,b\r\n1,2\r\n", "x.csv", "text/plain"),
        (b"BM is how this text begins", "x", "text/plain"),
        (b"\x00\x01\x02\x03" * 20, "x.png", "application/octet-stream"),
        (b"\x9c\x00\x17\xfe", "x", "application/octet-stream"),
    ],
)
def test_looks_into_the_file(tmp_path: Path, content: bytes, name: str, kind: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert sniff(path, name) == kind


def test_an_empty_file_is_just_bytes(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    assert sniff(path, "x.html") == "application/octet-stream"
