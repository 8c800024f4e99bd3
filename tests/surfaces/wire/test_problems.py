"""Every kind of error answers with a problem document."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, override_settings

from baton.core.models import Session
from baton.surfaces.wire.problems import LONGEST_DETAIL, pointer

from . import addresses
from .addresses import RAISED
from .conftest import MIDDLEWARE

Check = Callable[..., dict[str, Any]]

EXPECTED: dict[str, tuple[int, str, dict[str, str]]] = {
    "not-found": (404, "not_found", {}),
    "denied": (403, "denied", {}),
    "dead": (401, "dead_credential", {"WWW-Authenticate": 'Bearer realm="baton", error="invalid_token"'}),
    "conflict": (409, "in_the_way", {}),
    "stale": (412, "stale", {}),
    "invalid": (400, "invalid", {}),
    "drf-validation": (400, "invalid", {}),
    "drf-list": (400, "invalid", {}),
    "drf-parse": (400, "parse_error", {}),
    "drf-not-authenticated": (401, "not_authenticated", {"WWW-Authenticate": 'Bearer realm="baton"'}),
    "drf-authentication-failed": (
        401,
        "authentication_failed",
        {"WWW-Authenticate": 'Bearer realm="baton", error="invalid_token"'},
    ),
    "drf-permission": (403, "denied", {}),
    "drf-not-found": (404, "not_found", {}),
    "drf-not-acceptable": (406, "not_acceptable", {}),
    "drf-media": (415, "unsupported_media_type", {}),
    "drf-throttled": (429, "throttled", {"Retry-After": "3"}),
    "django-404": (404, "not_found", {}),
    "django-permission": (403, "denied", {}),
    "django-suspicious": (400, "bad_request", {}),
    "django-bad-request": (400, "bad_request", {}),
    "too-big": (413, "too_large", {}),
    "too-many-fields": (400, "too_many_fields", {}),
    "refused": (422, "odd", {"Retry-After": "9"}),
    "operational": (503, "unavailable", {"Retry-After": "2"}),
    "bug": (500, "internal_error", {}),
    "surrogate": (500, "internal_error", {}),
}


def test_every_kind_is_expected() -> None:
    assert set(EXPECTED) == set(RAISED)


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("address", ["/api/raises/", "/plain/"])
@pytest.mark.parametrize("kind", EXPECTED)
def test_exception_has_its_document(client: Client, problem_of: Check, kind: str, address: str, debug: bool) -> None:
    status, code, headers = EXPECTED[kind]
    with override_settings(DEBUG=debug):
        response = client.get(f"{address}{kind}/")
    document = problem_of(response, status, code)
    assert document["instance"] == f"{address}{kind}/"
    for name, value in headers.items():
        assert response[name] == value


def test_all_fields_come_at_once_with_pointers(client: Client, problem_of: Check) -> None:
    document = problem_of(client.get("/api/raises/invalid/"), 400)
    assert document["errors"] == [
        {"pointer": "/title", "code": "max_length", "detail": "Too long."},
        {"pointer": "/parent", "code": "cycle", "detail": "A cycle."},
    ]
    document = problem_of(client.get("/api/raises/drf-validation/"), 400)
    assert document["errors"] == [
        {"pointer": "/a~1b", "code": "odd", "detail": "wrong"},
        {"pointer": "/members/1/role", "code": "odd", "detail": "bad"},
    ]
    document = problem_of(client.get("/api/raises/drf-list/"), 400)
    assert [error["pointer"] for error in document["errors"]] == ["", ""]


def test_errors_is_the_last_member(client: Client) -> None:
    assert list(json.loads(client.get("/api/raises/invalid/").content))[-1] == "errors"


def test_pointer_escapes() -> None:
    assert pointer("a/b", 0, "c~d") == "/a~1b/0/c~0d"
    assert pointer() == ""


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "head"])
@pytest.mark.parametrize(
    "path", ["/api/nowhere/", "/api/thing", "/nowhere", "/api/raises/a/b/c", "/api/%00/", "/api/%ff/"]
)
def test_unknown_path_is_404_and_never_a_redirect(
    client: Client, problem_of: Check, path: str, method: str, debug: bool
) -> None:
    with override_settings(DEBUG=debug):
        response = getattr(client, method)(path)
    if method == "head":
        assert response.status_code == 404
    else:
        problem_of(response, 404, "not_found")


@pytest.mark.parametrize("debug", [False, True])
def test_people_keep_their_pages(client: Client, debug: bool) -> None:
    with override_settings(DEBUG=debug):
        for path, status in [("/admin/nowhere/", 404), ("/admin/page/", 400), ("/admin/plain/bug/", 500)]:
            response = client.get(path)
            assert response.status_code == status
            assert response["Content-Type"].startswith("text/html")
        assert client.get("/admin/page").status_code == 301


def test_error_page_of_a_plain_view_becomes_a_document(client: Client, problem_of: Check) -> None:
    problem_of(client.get("/page/"), 400)


@pytest.mark.parametrize("debug", [False, True])
def test_foreign_host_is_refused(client: Client, problem_of: Check, debug: bool) -> None:
    with override_settings(DEBUG=debug):
        problem_of(client.get("/api/me/", headers={"host": "evil.example"}), 400)


def test_csrf_failure(problem_of: Check) -> None:
    client = Client(enforce_csrf_checks=True)
    problem_of(client.post("/form/"), 403, "csrf_failed")
    assert client.post("/admin/page/")["Content-Type"].startswith("text/html")


def test_method_not_allowed_says_what_is(client: Client, problem_of: Check) -> None:
    response = client.delete("/api/echo/")
    problem_of(response, 405, "method_not_allowed")
    assert response["Allow"] == "POST, OPTIONS"
    response = client.generic("BREW", "/api/echo/")
    problem_of(response, 405, "method_not_allowed")


@pytest.mark.parametrize("kind,status", [("operational", 503), ("bug", 500), ("django-suspicious", 400), ("dead", 500)])
def test_error_in_a_middleware(client: Client, problem_of: Check, kind: str, status: int) -> None:
    with override_settings(MIDDLEWARE=[*MIDDLEWARE, f"{addresses.__name__}.gone"]):
        problem_of(client.get("/api/me/", {"kind": kind}), status)


def test_no_content_has_no_length(client: Client, ana: Session) -> None:
    response = client.delete("/api/me/", headers={"x-session": str(ana.pk)})
    assert response.status_code == 204
    assert "Content-Length" not in response
    assert client.get("/api/rows/")["Content-Length"]


def test_body_over_the_limit(client: Client, problem_of: Check) -> None:
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100):
        for media_type in ("application/json", "application/x-www-form-urlencoded"):
            body = b'"' + b"a" * 200 + b'"'
            problem_of(client.post("/api/echo/", body, content_type=media_type), 413, "too_large")
        problem_of(client.post("/api/echo/", {"a": "b" * 200}), 413, "too_large")


def test_the_caller_gets_no_megabyte_back(client: Client, problem_of: Check) -> None:
    body = {"title": "x", "members": [{"role": "r" * 100_000}], "k" * 100_000: 1}
    response = client.post("/api/thing/", body, content_type="application/json")
    problem_of(response, 400)
    assert len(response.content) < 6 * LONGEST_DETAIL


@pytest.mark.django_db(transaction=True)
def test_faulty_statement_is_a_bug_and_not_an_outage(client: Client, problem_of: Check) -> None:
    body = {"sql": "SELECT * FROM no_such_table"}
    problem_of(client.post("/api/sql/", body, content_type="application/json"), 500, "internal_error")


@pytest.mark.django_db(transaction=True)
def test_row_that_is_already_there_is_a_conflict(client: Client, problem_of: Check) -> None:
    body = {"sql": "INSERT INTO core_label_twice VALUES (1)"}
    client.post(
        "/api/sql/", {"sql": "CREATE TABLE core_label_twice (id integer PRIMARY KEY)"}, content_type="application/json"
    )
    try:
        assert client.post("/api/sql/", body, content_type="application/json").status_code == 204
        problem_of(client.post("/api/sql/", body, content_type="application/json"), 409, "conflict")
    finally:
        client.post("/api/sql/", {"sql": "DROP TABLE core_label_twice"}, content_type="application/json")
