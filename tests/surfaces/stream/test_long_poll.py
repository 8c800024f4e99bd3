"""`/api/events/?wait=`: the answer of any poll, later."""

from __future__ import annotations

import http.client
import json
import threading
from time import monotonic
from typing import Any

import pytest

from baton.core.commands.all_sessions import log_out_everywhere
from baton.core.models import User
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import actor_of, bearer, make_project, make_task
from tests.surfaces.stream.served import PATIENCE, Served
from tests.traces import let_the_log_settle


def header_of(user: User) -> str:
    return bearer(user)["HTTP_AUTHORIZATION"]


def poll(served: Served, header: str, query: str) -> tuple[int, Any, float]:
    """Return status, body and how long it took."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
    started = monotonic()
    connection.request("GET", f"/api/events/?{query}", headers={"Authorization": header})
    answer = connection.getresponse()
    body = json.loads(answer.read())
    connection.close()
    return answer.status, body, monotonic() - started


def end_of_log(served: Served, header: str) -> str:
    let_the_log_settle()
    return str(poll(served, header, "page_size=200")[1]["cursor"])


def test_what_is_there_is_given_at_once(served: Served, cast: Cast) -> None:
    status, body, took = poll(served, header_of(cast.owner), "wait=9")
    assert status == 200
    assert body["results"]
    assert took < 5


def test_it_waits_for_what_happens(served: Served, cast: Cast) -> None:
    header = header_of(cast.owner)
    cursor = end_of_log(served, header)
    timer = threading.Timer(0.5, make_task, (cast.owner, cast.project, "Now"))
    timer.start()
    status, body, took = poll(served, header, f"after={cursor}&wait=9")
    timer.join()
    assert (status, [event["verb"] for event in body["results"]]) == (200, ["task.created"])
    assert 0.4 < took < 5
    assert body["cursor"] == body["results"][0]["cursor"]


def test_it_waits_for_its_project_only(served: Served, cast: Cast) -> None:
    header, other = header_of(cast.owner), make_project(cast.owner, "Other")
    cursor = end_of_log(served, header)
    timer = threading.Timer(0.3, make_task, (cast.owner, cast.project, "Elsewhere"))
    timer.start()
    status, body, took = poll(served, header, f"after={cursor}&wait=1&project={other.pk}")
    timer.join()
    assert (status, body["results"]) == (200, [])
    assert 0.9 < took < 5


def test_the_same_refusals(served: Served, cast: Cast) -> None:
    header = header_of(cast.owner)
    for query in ("wait=26", "wait=-1", "wait=x", "wait=1&after=x", "wait=1&after=0-999999", "wait=1&wait=1"):
        status, body, _ = poll(served, header, query)
        assert (status, body["code"]) == (400, "invalid_query"), query
    assert poll(served, header, "wait=1&project=99999999")[0] == 404
    assert poll(served, "Bearer nonsense", "wait=1")[0] == 401


def test_a_log_out_while_it_waits(served: Served, cast: Cast) -> None:
    header = header_of(cast.owner)
    cursor = end_of_log(served, header)
    other = make_project(cast.owner, "Other")
    cursor = end_of_log(served, header)
    timer = threading.Timer(0.3, log_out_everywhere, (actor_of(cast.owner),))
    timer.start()
    status, body, took = poll(served, header, f"after={cursor}&wait=9&project={other.pk}")
    timer.join()
    assert (status, body["code"]) == (401, "dead_credential")
    assert took < 3


def test_a_server_without_the_live_side_answers_at_once(transactional_db: None, cast: Cast) -> None:
    let_the_log_settle()
    caller = Caller(cast.owner)
    let_the_log_settle()
    cursor = caller.get("/api/events/?page_size=200").body["cursor"]
    started = monotonic()
    answer = caller.get(f"/api/events/?after={cursor}&wait=5")
    assert (answer.status, answer.body["results"]) == (200, [])
    assert monotonic() - started < 4


@pytest.mark.parametrize("wait", ["0", ""])
def test_no_time_to_wait(served: Served, cast: Cast, wait: str) -> None:
    header = header_of(cast.owner)
    cursor = end_of_log(served, header)
    status, _, took = poll(served, header, f"after={cursor}&wait={wait}")
    assert status == (200 if wait else 400)
    assert took < 2
