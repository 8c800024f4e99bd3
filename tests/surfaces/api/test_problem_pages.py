"""`/problems/<code>`, where the `type` of a problem document points."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client

from baton.surfaces.wire.problem_kinds import KINDS


@pytest.mark.parametrize("code", KINDS)
def test_each_has_a_page(client: Client, code: str) -> None:
    answer = client.get(f"/problems/{code}")
    assert answer.status_code == HTTPStatus.OK
    kind = {"type": f"/problems/{code}", "title": KINDS[code].title, "code": code, "meaning": KINDS[code].meaning}
    assert answer.json() == kind


@pytest.mark.parametrize("accept", ["text/html,application/xhtml+xml,*/*;q=0.8", "text/plain"])
def test_people_read_text(client: Client, accept: str) -> None:
    answer = client.get("/problems/stale", headers={"Accept": accept})
    assert (answer["Content-Type"], answer["Vary"].split(", ")[0]) == ("text/plain; charset=utf-8", "Accept")
    assert answer.content.decode().startswith("The resource has changed (stale)\n\n")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/problem+json", "image/png"])
def test_programs_read_json(client: Client, accept: str) -> None:
    answer = client.get("/problems/stale", headers={"Accept": accept})
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/json", "public, max-age=3600")


def test_all_are_listed(client: Client) -> None:
    listed = client.get("/problems/").json()["problems"]
    assert [kind["code"] for kind in listed] == list(KINDS)
    assert client.get("/problems/", headers={"Accept": "text/html"}).content.count(b"(") >= len(KINDS)


def test_the_type_of_a_problem_leads_to_its_page(client: Client, db: None) -> None:
    document = client.get("/api/tasks/").json()
    assert document["code"] == "not_authenticated"
    assert client.get(document["type"]).json()["title"] == document["title"]


@pytest.mark.parametrize("path", ["/problems/no_such_code", "/problems/%00", "/problems/stale/", "/problems/stale/x"])
def test_an_unknown_kind(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (HTTPStatus.NOT_FOUND, "application/problem+json")
    assert answer.json()["code"] == "not_found"


def test_they_are_only_read(client: Client) -> None:
    answer = client.post("/problems/stale")
    assert (answer.status_code, answer["Allow"]) == (HTTPStatus.METHOD_NOT_ALLOWED, "GET, HEAD, OPTIONS")
