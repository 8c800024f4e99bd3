"""mail: how many letters a worker sends, what telling three people costs a request, and how soon a letter is out."""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from bench import data, pairs, servers
from bench.cores import OTHERS, on_cores
from bench.databases import make_databases
from bench.load import BadAnswer
from bench.one_client import Ask, one_client
from tests.mail_server import MailServer, mail_server

# Enough that plans PostgreSQL makes at the beginning still fit at the end: with a hundred it would read whole tables.
_TASKS = 5_000
_IN_ROUND = 10
_BEFORE = 6
"""Letters before any task: the three verify their addresses and hear that they are members."""
_SOON = 30
_LONGEST = 120.0
_KEY = secrets.token_urlsafe(50)
_PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Mailed:
    """What was measured on one database: the letters of so many seconds, and each wait from commit to SMTP."""

    database: str
    letters: int
    seconds: float
    waits: list[float]

    @property
    def rate(self) -> float:
        """Return the letters a second."""
        return self.letters / self.seconds


def measure_mail(database: str, say: Callable[[str], None]) -> tuple[Mailed, list[pairs.Pair]]:
    """Create tasks, then have the single process write to those they are for. Raises BadAnswer, NotServing."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-bench-")))
        url = make_databases(database, ("mailed",), folder, stack)[0]
        with on_cores(OTHERS):
            mail = stack.enter_context(mail_server())
        workshop = _with_mail(servers.granian(folder, url, threads=1), mail)
        single = _with_mail(servers.serve(folder, url), mail)
        token = servers.fill(workshop, _TASKS)
        with servers.running(single, folder / "serve.log", token) as served, _asking(served) as ask:
            say(f"{database}: one letter after the other ...")
            site = _open_site(served, ask)
            _wait_for(_BEFORE, mail)
            waits = _wait_for_each(mail, ask, site)
        with servers.running(workshop, folder / "granian.log", token) as served, _asking(served) as ask:
            say(f"{database}: tasks for three, and for nobody ...")
            costs = _compare(database, ask, served.pid, site)
        with servers.running(single, folder / "serve.log", token), on_cores(OTHERS):
            say(f"{database}: the letters about them ...")
            letters, seconds = _wait_for_all(mail)
        return Mailed(database, letters, seconds, waits), costs


@dataclass(frozen=True, slots=True)
class _Site:
    project: int
    reached: list[int]
    unreached: list[int]


def _with_mail(program: servers.Program, mail: MailServer) -> servers.Program:
    # One key, so that the token of the one server is good at the other.
    given = {"BATON_EMAIL_HOST": mail.host, "BATON_EMAIL_PORT": str(mail.port), "BATON_SECRET_KEY": _KEY}
    return replace(program, environment={**program.environment, **given})


@contextmanager
def _asking(served: servers.Served) -> Iterator[Ask]:
    with on_cores(OTHERS), one_client(served) as ask:
        yield ask


def _open_site(served: servers.Served, ask: Ask) -> _Site:
    """Make a project with three people who have addresses, and three of the generated ones, who have none."""
    project = msgspec.json.decode(ask("/api/projects/", {"name": "Letters"}, "POST"))["id"]
    reached = [_register(served, f"reached{number}") for number in range(3)]
    unreached = [user + 1 for user in range(data.USERS) if user != data.CALLER][:3]
    for person in (*reached, *unreached):
        ask(f"/api/projects/{project}/members/", {"user_id": person}, "POST")
    return _Site(project, reached, unreached)


def _register(served: servers.Served, name: str) -> int:
    fields = {"username": name, "email": f"{name}@example.org", "password": _PASSWORD, "password_confirm": _PASSWORD}
    status, answer = served.ask("POST", "/api/auth/register/", fields, signed_in=False)
    if status != 201:
        raise BadAnswer(f"register: {answer}")
    return int(answer["id"])


def _compare(database: str, ask: Ask, pid: int, site: _Site) -> list[pairs.Pair]:
    def cost(name: str, assignees: list[int]) -> pairs.Cost:
        task = {"project": site.project, "title": name, "assignees": assignees}
        return pairs.Cost(name, lambda _: ask("/api/tasks/", task, "POST"), pid, _IN_ROUND)

    told = "a task for three who are written to"
    found = [
        pairs.Pair(
            database, "mail", 1.1, cost(told, site.reached), cost("for three without addresses", site.unreached)
        ),
        pairs.Pair(database, "mail", 1.1, cost(told, site.reached), cost("for nobody", [])),
    ]
    for pair in found:
        pair.measure()
    return found


def _wait_for_all(mail: MailServer) -> tuple[int, float]:
    """Wait for all that the tasks ask for; return how many letters came, and the seconds from the first to the last."""
    known, letters = _BEFORE + _SOON, 3 * 2 * (pairs.ROUNDS * _IN_ROUND + 1)
    _wait_for(known + letters, mail)
    return letters, mail.arrived[-1].at - mail.arrived[known].at


def _wait_for(number: int, mail: MailServer) -> None:
    """Wait until so many letters have arrived in all. Raises BadAnswer."""
    end = time.perf_counter() + _LONGEST
    while len(mail.arrived) < number:
        if time.perf_counter() > end:
            raise BadAnswer(f"{len(mail.arrived)} letters of {number} within {_LONGEST:g} s")
        time.sleep(0.02)


def _wait_for_each(mail: MailServer, ask: Ask, site: _Site) -> list[float]:
    """Create a task when the letter about the last is out; return the milliseconds from its answer to SMTP's."""
    waits = []
    for number in range(_SOON):
        known = len(mail.arrived)
        task = {"project": site.project, "title": f"Soon {number}", "assignees": site.reached[:1]}
        ask("/api/tasks/", task, "POST")
        answered = time.perf_counter()
        while len(mail.arrived) == known and time.perf_counter() < answered + _LONGEST:
            time.sleep(0.002)
        # It may have arrived before the answer did.
        waits.append(max(0.0, 1000 * (mail.arrived[-1].at - answered)))
        time.sleep(0.2)
    return waits
