"""A project's report over HTTP: its three forms, its period, and its subscription."""

from __future__ import annotations

import csv
import re
from base64 import b64encode
from hashlib import sha256
from io import StringIO
from typing import Any

import pytest
import time_machine

from baton.core.commands.projects import edit_project
from baton.core.models import Project, User
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.surfaces.api.caller import Caller, pointers
from tests.traces import nothing_changes

NASTY = "<script>alert(1)</script>"


def address(project: Project, query: str = "") -> str:
    return f"projects/{project.pk}/report/{query}"


@pytest.fixture
def viewer(cast: Cast) -> Caller:
    return Caller(cast.viewer)


def test_as_json(cast: Cast, viewer: Caller) -> None:
    make_task(cast.owner, cast.project, assignees=[cast.editor.pk])
    answer = viewer.get(address(cast.project))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert "Accept" in answer.headers["Vary"]
    report = answer.json()
    assert report["project"] == {"id": cast.project.pk, "key": cast.project.key, "name": "Operations"}
    assert (report["created"], report["done"], report["open"], report["step"]) == (1, 0, 1, "day")
    assert len(report["series"]) == 30
    assert report["by_person"][0]["person"]["username"] == "edgar"
    assert report["cycle_time"]["median"] is None


@pytest.mark.parametrize(
    "query, accept, media_type",
    [
        ("?format=html", "", "text/html; charset=utf-8"),
        ("?format=csv", "text/html", "text/csv; charset=utf-8"),
        ("?format=json", "text/html", "application/json"),
        ("", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("", "text/csv", "text/csv; charset=utf-8"),
        ("", "*/*", "application/json"),
        ("", "image/png", "application/json"),
        ("", "text/html;q=0.1, application/json", "application/json"),
    ],
)
def test_the_form_asked_for(cast: Cast, viewer: Caller, query: str, accept: str, media_type: str) -> None:
    headers = {"HTTP_ACCEPT": accept} if accept else {}
    assert viewer.get(address(cast.project, query), **headers).headers["Content-Type"] == media_type


def test_the_page_runs_nothing_and_shows_every_text_as_text(cast: Cast, viewer: Caller) -> None:
    edit_project(actor_of(cast.owner), cast.project.pk, {"name": NASTY})
    User.objects.filter(pk=cast.editor.pk).update(name=NASTY)
    make_task(cast.owner, cast.project, assignees=[cast.editor.pk])
    answer = viewer.get(address(cast.project, "?format=html"))
    page = answer.content.decode()
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 3
    assert not re.search(r"\son\w+=|style=|https?://(?!www\.w3\.org/2000/svg)", page)
    found = re.search("<style>(.*)</style>", page, re.DOTALL)
    assert found is not None
    source = b64encode(sha256(found[1].encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert policy == f"sandbox; default-src 'none'; style-src 'sha256-{source}'"
    assert answer.headers["Content-Disposition"].startswith("inline; ")
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_speaks_the_readers_language_in_their_time_zone(cast: Cast) -> None:
    User.objects.filter(pk=cast.viewer.pk).update(language="ru", timezone="Asia/Vladivostok")
    with time_machine.travel("2026-05-31T20:00:00Z", tick=False):
        answer = Caller(cast.viewer).get(address(cast.project, "?format=html"), HTTP_ACCEPT_LANGUAGE="en")
    page = answer.content.decode()
    assert '<html lang="ru">' in page
    assert answer.headers["Content-Language"] == "ru"
    # It is June there already.
    assert "3 мая 2026 г. – 1 июня 2026 г." in page
    assert "1 июня 2026 г. 6:00 (Asia/Vladivostok)" in page


def test_the_spreadsheet(cast: Cast, viewer: Caller) -> None:
    edit_project(actor_of(cast.owner), cast.project.pk, {"name": "=HYPERLINK()"})
    make_task(cast.owner, cast.project, assignees=[cast.editor.pk], priority=3)
    answer = viewer.get(address(cast.project, "?format=csv"))
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline="")))
    cells = {(row["table"], row["row"], row["column"]): row["value"] for row in rows}
    assert len(cells) == len(rows)
    assert cells["report", "project", "name"] == "'=HYPERLINK()"
    assert cells["total", "", "created"] == "1"
    assert cells["by_person", "edgar", "todo"] == "1"
    assert cells["by_priority", "high", "open"] == "1"
    assert cells["cycle_time", "", "median"] == ""


def test_a_period_asked_for(cast: Cast, viewer: Caller) -> None:
    def period(query: str) -> Any:
        return viewer.get(address(cast.project, query)).json()["period"]

    with time_machine.travel("2026-05-31T20:00:00Z", tick=False):
        viewer = Caller(cast.viewer)
        zone = {"timezone": "UTC"}
        assert period("") == {"from": "2026-05-02", "until": "2026-05-31", **zone}
        assert period("?from=2026-05-30") == {"from": "2026-05-30", "until": "2026-05-31", **zone}
        assert period("?until=2026-01-30") == {"from": "2026-01-01", "until": "2026-01-30", **zone}
        assert period("?from=2026-08-01") == {"from": "2026-08-01", "until": "2026-08-01", **zone}
        assert period("?from=9999-12-30&until=9999-12-30") == {"from": "9999-12-30", "until": "9999-12-30", **zone}
        weeks = viewer.get(address(cast.project, "?from=2025-06-01")).json()
        assert (weeks["step"], len(weeks["series"])) == ("week", 53)


@pytest.mark.parametrize(
    "query, errors",
    [
        ("?from=yesterday", {"?from": "invalid"}),
        ("?from=2026-02-30&until=2026-5-1", {"?from": "invalid", "?until": "invalid"}),
        ("?from=20260501", {"?from": "invalid"}),
        ("?from=2026-05-01T00:00:00Z", {"?from": "invalid"}),
        ("?from=2026-W2-01", {"?from": "invalid"}),
        ("?from=0001-01-01", {"?from": "out_of_range"}),
        ("?until=9999-12-31", {"?until": "out_of_range"}),
        ("?from=2026-05-02&until=2026-05-01", {"?until": "before_from"}),
        ("?from=2010-01-01&until=2026-05-01", {"?from": "too_long"}),
        ("?format=pdf", {"?format": "invalid_choice"}),
        ("?of=2026", {"?of": "unknown_parameter"}),
    ],
)
def test_bad_input(cast: Cast, viewer: Caller, query: str, errors: dict[str, str]) -> None:
    answer = viewer.get(address(cast.project, query))
    assert answer.status_code == 400
    assert pointers(answer) == errors


def test_who_sees_the_project_sees_its_report(cast: Cast) -> None:
    for user, status in ((cast.owner, 200), (cast.viewer, 200), (cast.outsider, 404)):
        assert Caller(user).get(address(cast.project)).status_code == status
        assert Caller(user).get(address(cast.project, "?format=html")).status_code == status
    assert Caller().get(address(cast.project)).status_code == 401


def test_the_weekly_letter(cast: Cast, viewer: Caller) -> None:
    path = f"projects/{cast.project.pk}/report/subscription/"
    assert viewer.get(path).json() == {"is_subscribed": False}
    assert [viewer.put(path, None).status_code for _ in range(2)] == [204, 204]
    assert viewer.get(path).json() == {"is_subscribed": True}
    assert Caller(cast.owner).get(path).json() == {"is_subscribed": False}
    assert [viewer.delete(path).status_code for _ in range(2)] == [204, 204]
    assert viewer.get(path).json() == {"is_subscribed": False}
    outsider = Caller(cast.outsider)
    with nothing_changes():
        assert [outsider.call(method, path).status_code for method in ("GET", "PUT", "DELETE")] == [404] * 3
