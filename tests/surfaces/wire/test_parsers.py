"""Bodies by their media type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

Check = Callable[..., dict[str, Any]]
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/xml", "", "application/jsonx", "application/json; charset=latin-1",
     "application/json; charset=bz2_codec", f"{FORM}; charset=utf-16"],
)  # fmt: skip
def test_other_media_types_are_refused(client: Client, problem_of: Check, media_type: str) -> None:
    problem_of(client.generic("POST", "/api/echo/", b"{}", media_type), 415, "unsupported_media_type")


def test_empty_body(client: Client, problem_of: Check) -> None:
    for media_type in ("application/json", FORM, ""):
        problem_of(client.generic("POST", "/api/echo/", b"", media_type), 400, "empty_body")
        assert client.generic("POST", "/api/empty/", b"", media_type).json() == {"data": {}}


def test_forms_are_read(client: Client) -> None:
    response = client.generic("POST", "/api/echo/", b"a=1&b=%D0%B9&a=2&c=", FORM)
    assert response.json() == {"data": {"a": ["1", "2"], "b": ["й"], "c": [""]}}
    response = client.post("/api/echo/", {"a": "й", "f": SimpleUploadedFile("x.txt", b"hello")})
    assert response.json() == {"data": {"a": ["й"], "f": ["x.txt"]}}


@pytest.mark.parametrize("body", [b"a=%00", b"a%00=1", b"a=%ED%A0%80", b"a=%FF", b"a=\xff"])
def test_forms_refuse_what_cannot_be_kept(client: Client, problem_of: Check, body: bytes) -> None:
    problem_of(client.generic("POST", "/api/echo/", body, FORM), 400, "parse_error")


def _multipart(*parts: bytes) -> bytes:
    return b"".join(b"--cut\r\n" + part + b"\r\n" for part in parts) + b"--cut--\r\n"


@pytest.mark.parametrize("value", [b"x\x00y", b"\xff", b"\xed\xa0\x80"])
def test_multipart_refuses_what_cannot_be_kept(client: Client, problem_of: Check, value: bytes) -> None:
    body = _multipart(b'Content-Disposition: form-data; name="a"\r\n\r\n' + value)
    response = client.generic("POST", "/api/echo/", body, "multipart/form-data; boundary=cut")
    document = problem_of(response, 400, "parse_error")
    assert document["errors"][0]["pointer"] == "/a"


@pytest.mark.parametrize(
    "media_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\xe9",
        "multipart/form-data; boundary=" + "x" * 300,
    ],
)
def test_multipart_without_a_good_boundary(client: Client, problem_of: Check, media_type: str) -> None:
    problem_of(client.generic("POST", "/api/echo/", b"--cut\r\n", media_type), 400, "parse_error")


def test_broken_part(client: Client, problem_of: Check) -> None:
    head = b'Content-Disposition: form-data; name="a"; filename="x"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    response = client.generic("POST", "/api/echo/", _multipart(head + b"!"), "multipart/form-data; boundary=cut")
    problem_of(response, 400, "parse_error")


def test_too_many_fields(client: Client, problem_of: Check) -> None:
    with override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=10):
        body = b"&".join(b"a=1" for _ in range(11))
        problem_of(client.generic("POST", "/api/echo/", body, FORM), 400, "too_many_fields")
        problem_of(client.post("/api/echo/", {f"a{n}": "1" for n in range(11)}), 400, "too_many_fields")
        problem_of(client.get("/api/rows/?" + body.decode()), 400, "too_many_fields")
