"""Declared shapes: every field that is wrong is named, and nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

Check = Callable[..., dict[str, Any]]
PATH = "/api/thing/"


def _post(client: Client, body: object, method: str = "post") -> Any:
    return getattr(client, method)(PATH, json.dumps(body), content_type="application/json")


def test_post_fills_in_the_defaults(client: Client) -> None:
    assert _post(client, {"title": "x"}).json() == {"title": "x", "note": ""}
    assert _post(client, {"title": "x"}, "put").json() == {"title": "x", "note": ""}


def test_patch_gives_what_was_sent_and_null_clears(client: Client) -> None:
    assert _post(client, {}, "patch").json() == {}
    body: dict[str, Any] = {"note": None, "owner": None, "due_date": None}
    assert _post(client, body, "patch").json() == {"note": "", "owner": None, "due_date": None}
    body = {"due_date": "2026-05-01T02:00:00+02:00"}
    assert _post(client, body, "patch").json() == {"due_date": "2026-05-01T00:00:00Z"}


def test_texts_are_kept_as_they_are(client: Client) -> None:
    title = " \u202eй\u200d😀 "
    assert _post(client, {"title": title}).json()["title"] == title


def test_what_the_resource_shows_may_be_put_back(client: Client) -> None:
    assert _post(client, {"title": "x", "id": 1, "version": {}}, "put").status_code == 200


@pytest.mark.parametrize(
    "body,expected",
    [
        ({}, [("/title", "required")]),
        ({"title": None}, [("/title", "null")]),
        ({"title": ""}, [("/title", "blank")]),
        ({"title": " \n"}, [("/title", "blank")]),
        ({"title": "x" * 21}, [("/title", "max_length")]),
        ({"title": 1}, [("/title", "invalid")]),
        ({"title": True}, [("/title", "invalid")]),
        ({"title": ["x"]}, [("/title", "invalid")]),
        ({"title": {}}, [("/title", "invalid")]),
        ({"title": "x", "size": True}, [("/size", "invalid")]),
        ({"title": "x", "size": 1.0}, [("/size", "invalid")]),
        ({"title": "x", "size": ""}, [("/size", "invalid")]),
        ({"title": "x", "size": [1]}, [("/size", "invalid")]),
        ({"title": "x", "size": 2**63}, [("/size", "max_value")]),
        ({"title": "x", "size": -(2**63) - 1}, [("/size", "min_value")]),
        ({"title": "x", "size": 10**1000}, [("/size", "max_value")]),
        ({"title": "x", "size": "9" * 30}, [("/size", "invalid")]),
        ({"title": "x", "owner": 0}, [("/owner", "min_value")]),
        ({"title": "x", "is_open": 1}, [("/is_open", "invalid")]),
        ({"title": "x", "is_open": "maybe"}, [("/is_open", "invalid")]),
        ({"title": "x", "is_open": {}}, [("/is_open", "invalid")]),
        ({"title": "x", "is_open": None}, [("/is_open", "null")]),
        ({"title": "x", "due_date": "0000-01-01"}, [("/due_date", "out_of_range")]),
        ({"title": "x", "due_date": "2026-05-01T00:00:00"}, [("/due_date", "offset_required")]),
        ({"title": "x", "due_date": 1777600000}, [("/due_date", "invalid")]),
        ({"title": "x", "members": {}}, [("/members", "not_a_list")]),
        ({"title": "x", "members": [1]}, [("/members/0", "invalid")]),
        ({"title": "x", "members": [{"role": "owner"}, {"role": "x"}]}, [("/members/1/role", "invalid_choice")]),
        ({"title": "x", "members": [{"role": "owner", "a": 1}]}, [("/members/0/a", "unknown_field")]),
        ({"title": "x", "colour": 1}, [("/colour", "unknown_field")]),
        ({"title": 1, "size": "x", "a/b": 1}, [("/a~1b", "unknown_field"), ("/size", "invalid"), ("/title", "invalid")]),  # noqa: E501
        ([], [("", "not_an_object")]),
        (None, [("", "not_an_object")]),
        (1, [("", "not_an_object")]),
        ("x", [("", "not_an_object")]),
    ],
)  # fmt: skip
def test_bad_input_is_named(client: Client, problem_of: Check, body: object, expected: list[tuple[str, str]]) -> None:
    document = problem_of(_post(client, body), 400, "invalid")
    assert sorted((e["pointer"], e["code"]) for e in document["errors"]) == expected


def test_forms(client: Client, problem_of: Check) -> None:
    sent = {"title": "x", "size": "12", "is_open": "on", "members[0]role": "owner", "csrfmiddlewaretoken": "t"}
    assert client.post(PATH, sent).json() == {
        "title": "x", "note": "", "size": 12, "is_open": True, "members": [{"role": "owner"}],
    }  # fmt: skip
    document = problem_of(client.post(PATH, {"title": "x", "colour": "red"}), 400, "invalid")
    assert [e["pointer"] for e in document["errors"]] == ["/colour"]


def test_one_request_leaves_nothing_for_the_next(client: Client) -> None:
    assert _post(client, {"title": "", "x": 1}).status_code == 400
    assert _post(client, {"title": "a", "size": 1, "members": [{"role": "owner"}]}).status_code == 200
    assert _post(client, {"title": "b"}).json() == {"title": "b", "note": ""}
