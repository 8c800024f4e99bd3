"""A client's whole flow against the real process, with cookies and the CSRF token as a browser has them."""

from __future__ import annotations

import json
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

import pytest

from tests.runtime.serving import Served, serving

pytestmark = pytest.mark.any_database


class Browser:
    """Somebody's browser: it keeps cookies and echoes the CSRF token."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.jar = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.jar), HTTPRedirectHandler())

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Return the status and the body, decoded where it is JSON."""
        sent = {"Content-Type": "application/json", **headers}
        if token := next((cookie.value for cookie in self.jar if cookie.name == "csrftoken"), None):
            sent["X-CSRFToken"] = token
        data = None if body is None else json.dumps(body).encode()
        request = Request(path if "://" in path else self.root + path, data, sent, method=method)
        try:
            answer = self._opener.open(request, timeout=20)
        except HTTPError as error:
            answer = error
        with answer:
            said = answer.read().decode()
            is_json = answer.headers.get("Content-Type") == "application/json"
            return answer.status, json.loads(said) if is_json else said


@pytest.mark.parametrize("strict", ["0", "1"])
def test_from_the_registration_to_the_log_out(tmp_path: Path, migrated_database_url: str, strict: str) -> None:
    data = tmp_path / "data"
    with serving(data, "--no-demo", DATABASE_URL=migrated_database_url, TASKTABLE_STRICT=strict) as served:
        served.wait_until_ready()
        _work(served, is_strict=strict == "1")
        assert served.stop() == 0


def _work(served: Served, *, is_strict: bool) -> None:
    root = f"http://127.0.0.1:{served.port}/tasktable"
    peter, mary = Browser(root), Browser(root)
    for browser, name in ((peter, "Peter"), (mary, "Mary")):
        account = {"username": name, "email": f"{name}@example.org", "password": "secretpasswd951"}
        assert browser.ask("POST", "/api/registration/", account)[0] == 201
        assert browser.ask("GET", "/api/tasks/")[0] == 403
        assert browser.ask("POST", "/api/login/", account)[0] == 200

    task = {"name": "NY is in danger!", "specification": "Venom.", "due_date": "2099-12-20", "performer": "Mary"}
    status, said = peter.ask("POST", "/api/taskcreation/", task)
    assert status == 201
    (number,) = said.values()

    # As the root of the API leads, and with its page in between.
    links = mary.ask("GET", "/")[1]
    assert mary.ask("GET", links["tasks"], Accept="text/html")[1].count("csrfmiddlewaretoken") >= 1
    page = mary.ask("GET", links["tasks"])[1]
    assert [row["id"] for row in page["results"]] == [number]
    shown = mary.ask("GET", page["results"][0]["url"])[1]
    assert shown["performer"]["username"] == "Mary"
    assert ("delegated" in shown) is not is_strict

    assert mary.ask("POST", "/api/addcomment/", {"task_name": task["name"], "description": "On my way."})[0] == 201
    handed_on = {**task, "task_id": number, "performer": "Peter", "status": "w"}
    assert mary.ask("PUT", "/api/taskupdate/", handed_on)[0] == (403 if is_strict else 200)
    shown = peter.ask("GET", f"/api/tasks/{number}/")[1]
    assert shown["performer"]["username"] == ("Mary" if is_strict else "Peter")
    assert shown.get("delegated") == (None if is_strict else True)
    assert [comment["author"]["username"] for comment in shown["task_comments"]] == ["Mary"]

    assert peter.ask("DELETE", f"/api/tasks/{number}/")[0] == 204
    assert peter.ask("POST", "/api/logout/") == (200, {"success": "Sucessfully logged out"})
    assert peter.ask("GET", "/api/tasks/")[0] == 403
