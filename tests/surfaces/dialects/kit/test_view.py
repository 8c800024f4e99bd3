"""The life of a request in a dialect: DRF's habits around the kit's strictness."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from baton.core.commands.accounts import change_password
from baton.core.commands.dialect_tokens import issue_dialect_token
from tests.cast import Cast
from tests.factories import NOBODY, PASSWORD, actor_of, bearer

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.surfaces.dialects.kit.example")]

THINGS = "/issuetracker/things/"


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def token(cast: Cast) -> dict[str, Any]:
    return {"HTTP_AUTHORIZATION": f"Token {issue_dialect_token(NOBODY, cast.owner, 'issuetracker')}"}


def test_who_holds_the_token_acts_through_the_dialect(client: Client, cast: Cast, token: dict[str, Any]) -> None:
    answer = client.get(THINGS, **token)

    assert (answer.status_code, answer.content) == (200, b'{"who":%d,"surface":"issuetracker"}' % cast.owner.pk)
    assert answer["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert "Accept" in answer["Vary"]


def test_nobody_is_challenged_before_the_method_is_looked_at(client: Client) -> None:
    answer = client.delete(THINGS)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"
    assert answer.content == b'{"detail":"Authentication credentials were not provided."}'


@pytest.mark.parametrize(
    "header,said",
    [
        ("Token", "Invalid token header. No credentials provided."),
        ("Token a b", "Invalid token header. Token string should not contain spaces."),
        ("Token " + "0" * 40, "Invalid token."),
        ("Token \udce9", "Invalid token."),
    ],
)
def test_a_bad_token_is_refused_on_open_views_too(client: Client, cast: Cast, header: str, said: str) -> None:
    answer = client.get("/issuetracker/open/", HTTP_AUTHORIZATION=header)

    assert (answer.status_code, answer.json()) == (401, {"detail": said})


def test_tokens_of_other_surfaces_are_refused(client: Client, cast: Cast) -> None:
    other = issue_dialect_token(NOBODY, cast.owner, "tasktable")

    assert client.get(THINGS, HTTP_AUTHORIZATION=f"Token {other}").status_code == 401
    assert client.get(THINGS, headers={"Authorization": bearer(cast.owner)["HTTP_AUTHORIZATION"]}).status_code == 401


def test_a_new_password_ends_the_token(client: Client, cast: Cast, token: dict[str, Any]) -> None:
    change_password(actor_of(cast.owner), PASSWORD, "another battery of horses", "network")

    assert client.get(THINGS, **token).json() == {"detail": "Invalid token."}


def test_a_method_there_is_not_is_named(client: Client, token: dict[str, Any]) -> None:
    answer = client.put(THINGS, **token)

    assert (answer.status_code, answer.json()) == (405, {"detail": 'Method "PUT" not allowed.'})


def test_bad_fields_are_told_in_the_frameworks_form(client: Client, token: dict[str, Any]) -> None:
    answer = client.post(THINGS, {"name": "far too long"}, "application/json", **token)

    assert answer.status_code == 400
    assert answer.content == (b'{"name":["too long"],"size":["This field is required."]}')


def test_a_refusal_of_the_core_gets_the_dialects_names_and_sentences(client: Client, token: dict[str, Any]) -> None:
    answer = client.post(THINGS, {"name": "taken", "size": 1}, "application/json", **token)

    assert (answer.status_code, answer.json()) == (400, {"name": ["there is one already"], "size": ["Too big."]})


def test_an_empty_body_has_no_fields(client: Client, token: dict[str, Any]) -> None:
    answer = client.post(THINGS, b"", "application/json", **token)

    assert answer.json() == {"name": ["This field is required."], "size": ["This field is required."]}


@pytest.mark.parametrize("body", [b"{", b"[" * 5000, b'{"name": "\\u0000"}', b'{"name": "\\ud800"}'])
def test_what_is_not_json_is_one_sentence(client: Client, token: dict[str, Any], body: bytes) -> None:
    answer = client.post(THINGS, body, "application/json", **token)

    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("JSON parse error - ")


def test_another_type_of_body_is_refused(client: Client, token: dict[str, Any]) -> None:
    answer = client.post(THINGS, b"x", "text/plain", **token)

    assert (answer.status_code, answer.json()) == (415, {"detail": 'Unsupported media type "text/plain" in request.'})


def test_a_bug_is_told_without_a_trace(client: Client, token: dict[str, Any]) -> None:
    answer = client.post(THINGS, {"name": "x", "size": 1}, "application/json", **token)

    assert (answer.status_code, answer.json()) == (500, {"detail": "A server error occurred."})


def test_an_unknown_path_below_the_prefix_is_refused_in_the_dialect(client: Client) -> None:
    answer = client.get("/issuetracker/nothing/")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert answer.json() == {"detail": "Not found."}
    assert client.get("/nothing/")["Content-Type"] == "application/problem+json"


def test_a_missing_slash_is_added_for_who_reads(client: Client) -> None:
    answer = client.get("/issuetracker/open?x=1")

    assert (answer.status_code, answer["Location"]) == (301, "/issuetracker/open/?x=1")
    assert client.post("/issuetracker/open").status_code == 404


def test_a_browser_gets_a_page_with_errors_too(client: Client, token: dict[str, Any]) -> None:
    page = client.get(THINGS, HTTP_ACCEPT="text/html", **token)
    refused = client.get(THINGS, HTTP_ACCEPT="text/html")

    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert (refused.status_code, refused["Content-Type"]) == (401, "text/html; charset=utf-8")
    assert b"Authentication credentials were not provided." in refused.content


def test_options_describes_the_resource(client: Client, token: dict[str, Any]) -> None:
    assert client.options(THINGS, **token).json()["name"] == "Things"
    assert client.options(THINGS).status_code == 401


def test_the_answer_is_english_whoever_asks(client: Client, token: dict[str, Any]) -> None:
    answer = client.post(THINGS, {"size": 1}, "application/json", HTTP_ACCEPT_LANGUAGE="ru", **token)

    assert answer.json() == {"name": ["This field is required."]}
