"""Conditional requests (RFC 9110, section 13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, RequestFactory

from baton.surfaces.wire.etags import NO_VERSION, etag, required_version

Check = Callable[..., dict[str, Any]]


def test_tag_of_a_version() -> None:
    assert etag(7) == '"7"'
    assert etag(7, 2, 0) == '"7.2.0"'


@pytest.mark.parametrize("value", ['"7.2.0"', 'W/"7.2.0"', '"1", "7.2.0"', '"a,b" , W/"7.2.0"', "*"])
def test_held_copy_is_not_sent_again(client: Client, value: str) -> None:
    response = client.get("/api/tagged/", headers={"if-none-match": value})
    assert response.status_code == 304
    assert response.content == b""
    assert response["ETag"] == '"7.2.0"'
    assert response["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("value", ['"7"', '"7.2.1"', '"8.2.0"', "7.2.0", "", '"7.2.0', "garbage", "\xff"])
def test_other_copy_is_sent_again(client: Client, value: str) -> None:
    response = client.get("/api/tagged/", headers={"if-none-match": value})
    assert response.status_code == 200
    assert response["ETag"] == '"7.2.0"'
    assert response["Vary"] == "Authorization, Cookie"


@pytest.mark.parametrize("value", [None, "*", '"7"', '"7.2.0"', '"7.9.9"', '"3", "7"', '"7", "3"', '"x", "7"'])
def test_present_version_may_be_changed(client: Client, value: str | None) -> None:
    headers = {} if value is None else {"if-match": value}
    assert client.patch("/api/tagged/", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "value",
    [
        '"6"',
        '"8"',
        'W/"7"',
        "7",
        '"',
        '""',
        "garbage",
        '"77"',
        '"7a"',
        '"-7"',
        '"6", W/"7"',
        '"' + "7" * 30 + '"',
        '"\u0667"',
    ],
)
def test_any_other_version_is_stale(client: Client, problem_of: Check, value: str) -> None:
    problem_of(client.patch("/api/tagged/", headers={"if-match": value}), 412, "stale")


def test_what_cannot_match_asks_for_no_version() -> None:
    request = RequestFactory().patch("/", headers={"if-match": 'W/"7"'})
    assert required_version(request) == NO_VERSION
    assert required_version(RequestFactory().patch("/")) is None
