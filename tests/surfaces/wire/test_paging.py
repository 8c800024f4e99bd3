"""Pages by cursor, there and back."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from baton.surfaces.wire.paging import PageRequest
from baton.surfaces.wire.refusals import Refused

from .addresses import ROWS_LISTING

Check = Callable[..., dict[str, Any]]


def _walk(client: Client, url: str | None, way: str) -> list[list[int]]:
    pages = []
    while url is not None:
        body = client.get(url).json()
        pages.append([row["id"] for row in body["results"]])
        url = body[way]
    return pages


def test_there_and_back(client: Client) -> None:
    assert _walk(client, "/api/rows/?page_size=3&ordering=at", "next") == [[1, 2, 3], [4, 5, 6], [7]]
    assert _walk(client, "/api/rows/?page_size=3", "next") == [[7, 6, 5], [4, 3, 2], [1]]
    last = client.get(client.get(client.get("/api/rows/?page_size=3").json()["next"]).json()["next"]).json()
    assert last["next"] is None
    assert _walk(client, last["previous"], "previous") == [[4, 3, 2], [7, 6, 5]]


def test_envelope(client: Client) -> None:
    body = client.get("/api/rows/").json()
    assert list(body) == ["results", "next", "previous"]
    assert body["next"] is body["previous"] is None
    assert "Link" not in client.get("/api/rows/").headers
    assert client.get("/api/rows/?count=true").json()["count"] == 7


def test_links_keep_the_other_parameters(client: Client) -> None:
    response = client.get("/api/rows/?search=%D0%B9%26&page_size=3&count=1")
    following = response.json()["next"]
    assert following.startswith("http://testserver/api/rows/?search=%D0%B9%26&page_size=3&count=1&cursor=")
    assert response["Link"] == f'<{following}>; rel="next"'
    middle = client.get(following)
    body = middle.json()
    assert body["next"].count("cursor=") == 1
    assert middle["Link"] == f'<{body["next"]}>; rel="next", <{body["previous"]}>; rel="prev"'


def _cursor(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


AT = "2026-05-01T00:00:00Z"
GOOD = ["n", "-at", [AT, 1]]


def test_cursor_by_hand_is_good() -> None:
    _filters, page = ROWS_LISTING.read(RequestFactory().get("/", {"cursor": _cursor(GOOD)}))
    assert page.after is not None
    assert (page.after[0].isoformat(), page.after[1], page.backwards) == ("2026-05-01T00:00:00+00:00", 1, False)
    _filters, page = ROWS_LISTING.read(RequestFactory().get("/", {"cursor": _cursor(["p", "-at", [None, 1]])}))
    assert (page.after, page.backwards) == ((None, 1), True)


@pytest.mark.parametrize(
    "value",
    [
        None, 1, "x", {}, [], ["n"], ["n", "-at"], ["n", "-at", AT], ["n", "-at", [AT]], ["n", "-at", [AT, 1, 2]],
        ["x", "-at", [AT, 1]], ["n", "at", [AT, 1]], ["n", "id", [1]], ["n", "secret", [AT, 1]],
        ["n", "-at", [AT, "1"]],
        ["n", "-at", [AT, 1.5]], ["n", "-at", [AT, True]], ["n", "-at", [AT, None]], ["n", "-at", ["x", 1]],
        ["n", "-at", [1, 1]], ["n", "-at", ["2026-05-01T00:00:00", 1]], ["n", "-at", [AT, 10**20]],
        ["n", "-at", [AT, -(2**63) - 1]], ["n", "-at", ["0001-01-01T00:00:00+14:00", 1]],
    ],
)  # fmt: skip
def test_foreign_cursor_is_refused(client: Client, problem_of: Check, value: object) -> None:
    document = problem_of(client.get("/api/rows/", {"cursor": _cursor(value)}), 400)
    assert [(e["pointer"], e["code"]) for e in document["errors"]] == [("?cursor", "invalid_cursor")]


@pytest.mark.parametrize("text", ["", "!", "a", "%00", "é", "=" * 10, "x" * 10_000, "bnVsbA", "/////"])
def test_garbage_is_refused(client: Client, problem_of: Check, text: str) -> None:
    document = problem_of(client.get("/api/rows/?cursor=" + text), 400)
    assert document["errors"][0]["pointer"] == "?cursor"


def test_texts_in_a_cursor_must_be_storable(client: Client, problem_of: Check) -> None:
    for text in ("\x00", "\ud800"):
        query = {"ordering": "title", "cursor": _cursor(["n", "title", [text, 1]])}
        problem_of(client.get("/api/rows/", query), 400)


@given(st.binary())
def test_no_cursor_breaks_the_server(raw: bytes) -> None:
    request = RequestFactory().get("/", {"cursor": urlsafe_b64encode(raw).decode()})
    with pytest.raises(Refused):
        ROWS_LISTING.read(request)


def test_first_page_costs_nothing() -> None:
    filters, page = ROWS_LISTING.read(RequestFactory().get("/"))
    assert (filters, page) == ({}, PageRequest(ordering="-at"))
