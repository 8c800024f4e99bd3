"""Query parameters are typed; what is wrong is named, all at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, RequestFactory

from baton.surfaces.wire.query_parameters import Somebody, query_pairs
from baton.surfaces.wire.refusals import Refused

from .addresses import ROWS_LISTING

Check = Callable[..., dict[str, Any]]


def _filters(query: str) -> dict[str, Any]:
    return ROWS_LISTING.read(RequestFactory().get(f"/api/rows/?{query}"))[0]


@pytest.mark.parametrize(
    "query,value",
    [
        ("project=9223372036854775807", 2**63 - 1),
        ("mine=true", True),
        ("mine=0", False),
        ("status=todo,done", ("todo", "done")),
        ("status=done,done", ("done",)),
        ("kind=a", "a"),
        ("who=me", Somebody.ME),
        ("who=none", Somebody.NONE),
        ("who=5", 5),
        ("search=%20%D0%B9%20", "й"),
        ("search=", ""),
    ],
)
def test_values(query: str, value: object) -> None:
    assert list(_filters(query).values()) == [value]


def test_times_with_an_unescaped_plus() -> None:
    at = "2026-05-01T00:00:00"
    assert _filters(f"after={at}+02:00") == _filters(f"after={at}%2B02:00")
    assert _filters("after=2026-05-01") == _filters(f"after={at}Z")


@pytest.mark.parametrize(
    "query,code",
    [
        ("project=0", "out_of_range"),
        ("project=-1", "out_of_range"),
        ("project=9223372036854775808", "out_of_range"),
        ("project=" + "9" * 10_000, "out_of_range"),
        ("project=abc", "invalid"),
        ("project=", "invalid"),
        ("project=1.0", "invalid"),
        ("project=%D9%A1", "invalid"),
        ("project=-", "invalid"),
        ("mine=yes", "invalid"),
        ("status=", "invalid_choice"),
        ("status=todo,", "invalid_choice"),
        ("kind=c", "invalid_choice"),
        ("who=you", "invalid"),
        ("after=0000-01-01", "out_of_range"),
        ("after=2026-05-01T00:00:00", "offset_required"),
        ("search=" + "x" * 21, "max_length"),
        ("search=%00", "unstorable_text"),
        ("page_size=0", "out_of_range"),
        ("page_size=-1", "out_of_range"),
        ("page_size=201", "out_of_range"),
        ("page_size=100000000000000000000", "out_of_range"),
        ("page_size=abc", "invalid"),
        ("count=maybe", "invalid"),
        ("ordering=secret", "invalid_choice"),
        ("ordering=--at", "invalid_choice"),
        ("colour=red", "unknown_parameter"),
        ("kind=a&kind=b", "repeated_parameter"),
    ],
)
def test_bad_value_is_named(client: Client, problem_of: Check, query: str, code: str) -> None:
    document = problem_of(client.get(f"/api/rows/?{query}"), 400, "invalid_query")
    assert [(e["pointer"], e["code"]) for e in document["errors"]] == [(f"?{query.partition('=')[0]}", code)]


def test_all_bad_values_come_at_once(client: Client, problem_of: Check) -> None:
    document = problem_of(client.get("/api/rows/?page_size=x&kind=c&colour=red&cursor=!&%00=1"), 400)
    assert sorted(e["pointer"] for e in document["errors"]) == ["?\\x00", "?colour", "?cursor", "?kind", "?page_size"]


@pytest.mark.parametrize("query", ["search=%FF", "search=%ED%A0%80", "%ff=1"])
def test_bytes_that_are_not_utf8_are_refused(client: Client, problem_of: Check, query: str) -> None:
    problem_of(client.get(f"/api/rows/?{query}"), 400)


def test_raw_bytes_of_a_query_are_read_as_utf8() -> None:
    request = RequestFactory().get("/", QUERY_STRING="search=й".encode().decode("latin-1"))
    assert query_pairs(request) == [("search", "й")]
    with pytest.raises(Refused):
        query_pairs(RequestFactory().get("/", QUERY_STRING="search=\xff"))
