"""Which dialect a request speaks, and where dialects stand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, override_settings

from baton.surfaces.wire.dialects.dialect import dialect_named
from baton.surfaces.wire.dialects.links import absolute
from baton.surfaces.wire.dialects.mounting import mounted, rooted_at
from tests.cast import Cast
from tests.factories import bearer

pytestmark = pytest.mark.django_db

HOSTS = {"localhost:1337": "tasktable", "issues.example.com": "issuetracker", "[::1]:80": "taskapi"}


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def says(client: Client, path: str, host: str = "testserver", **options: Any) -> tuple[int, str]:
    with override_settings(BATON_DIALECT_HOSTS=HOSTS, ALLOWED_HOSTS=["*"]):
        answer = client.get(path, headers={"Host": host}, **options)
    return answer.status_code, answer.headers.get("Content-Type", "")


NATIVE = "application/problem+json"


@pytest.mark.parametrize(
    "host,path,native",
    [
        ("testserver", "/nothing/", True),
        ("testserver", "/issuetracker/nothing/", False),
        ("testserver", "/issuetrackers/nothing/", True),
        ("issues.example.com", "/nothing/", False),
        ("issues.example.com:8443", "/nothing/", False),
        ("ISSUES.example.com", "/nothing/", False),
        ("localhost:1337", "/nothing/", False),
        ("localhost:1338", "/nothing/", True),
        ("localhost", "/nothing/", True),
        ("issues.example.com.evil.org", "/nothing/", True),
    ],
)
def test_the_host_or_the_path_tells_the_dialect(client: Client, host: str, path: str, native: bool) -> None:
    status, kind = says(client, path, host)

    assert status == 404
    assert (kind == NATIVE) is native


def test_everything_else_stays_as_it_is_on_a_dialects_host(client: Client, cast: Cast) -> None:
    host = "issues.example.com"

    assert says(client, "/livez", host)[0] == 200
    assert says(client, "/admin/login/", host)[0] == 200
    assert says(client, "/api/projects/999999/", host) == (401, NATIVE)
    with override_settings(BATON_DIALECT_HOSTS=HOSTS, ALLOWED_HOSTS=["*"]):
        token = bearer(cast.owner)["HTTP_AUTHORIZATION"]
        answer = client.get("/api/projects/999999/", headers={"Host": host, "Authorization": token})
    assert (answer.status_code, answer["Content-Type"]) == (404, NATIVE)


def test_an_unknown_host_is_refused_as_ever(client: Client) -> None:
    with override_settings(BATON_DIALECT_HOSTS=HOSTS, ALLOWED_HOSTS=["testserver"]):
        answer = client.get("/livez", headers={"Host": "issues.example.com"})
    assert answer.status_code == 400


def test_one_that_is_switched_off_is_not_there(client: Client) -> None:
    with override_settings(BATON_DIALECTS=("tasktable",)):
        assert mounted("issuetracker") == []
        assert len(mounted("tasktable")) == 1
        assert says(client, "/issuetracker/nothing/") == (404, NATIVE)
        assert says(client, "/nothing/", "issues.example.com") == (404, NATIVE)


def test_the_routes_of_a_host_are_made_once() -> None:
    assert rooted_at("tasktable") is rooted_at("tasktable")
    assert rooted_at("tasktable").handler404 == "baton.surfaces.wire.last_resort.page_not_found"


def test_links_hold_below_the_prefix_and_at_the_root(rf: Any) -> None:
    spoken = dialect_named("tasktable")
    below = rf.get("/tasktable/api/tasks/", headers={"Host": "localhost:8000"})
    at_root = rf.get("/api/tasks/", headers={"Host": "localhost:1337"})

    assert absolute(below, spoken, "/api/tasks/7/") == "http://localhost:8000/tasktable/api/tasks/7/"
    assert absolute(at_root, spoken, "/api/tasks/7/") == "http://localhost:1337/api/tasks/7/"
