"""Letters from real processes: killed, told twice, with wrong clocks, and before mail servers of every temper.

For `bin/test --faults`, but for two kills; what one process can show is in tests/reactions/test_mail.py.
"""

from __future__ import annotations

import random
import signal
import time
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.mail_server import STALL, TRICKLE, Arrived, MailServer, mail_server
from tests.receiver import receiving
from tests.runtime.driving import Api, address_of, end_pauses, pass_an_hour, run_sql, wait_for
from tests.runtime.production import working, working_by_a_wrong_clock
from tests.runtime.serving import Served, free_port, serving

KEY = "a key of the tests only, long enough for anything"
PEOPLE = ("ben", "carl", "dora")
TEAMS = 30
UNFINISHED = "SELECT count(*) FROM core_delivery WHERE state IN ('waiting', 'held', 'sending')"
ORPHANED_FOR = 60.0
"""Seconds within which what a killed worker held is taken up (the lease is shorter)."""


@dataclass
class Site:
    """A project with people who are told of their tasks, and what they have been promised."""

    api: Api
    database: str
    mail: MailServer
    settings: dict[str, str]
    project: int = 0
    people: dict[str, int] = field(default_factory=dict)
    promised: set[tuple[str, str]] = field(default_factory=set)

    def open(self, names: Sequence[str]) -> None:
        """Have the people come, and the project."""
        self.people = {name: self.api.register(name) for name in names}
        self.api.register()
        self.project = self.api.post("projects/", {"name": "Garden"})["id"]
        for person in self.people.values():
            self.api.post(f"projects/{self.project}/members/", {"user_id": person})

    def create(self, title: str, names: Sequence[str] = PEOPLE) -> None:
        """Create a task for these people; what is acknowledged is promised."""
        assignees = [self.people[name] for name in names]
        self.api.post("tasks/", {"project": self.project, "title": title, "assignees": assignees})
        self.promised |= {(f"Task Assigned: {title}", address_of(name)) for name in names}

    def arrived(self) -> dict[tuple[str, str], list[Arrived]]:
        """Return what arrived of each letter, which is a subject and a recipient."""
        found: dict[tuple[str, str], list[Arrived]] = defaultdict(list)
        for letter in list(self.mail.arrived):
            if letter.subject.startswith("Task Assigned: "):
                found[(letter.subject, letter.recipients[0])].append(letter)
        return found

    def wait_until_sent(self, seconds: float) -> None:
        """Wait until nothing is left to be sent."""
        wait_for(lambda: self.promised <= set(self.arrived()), seconds, why=lambda: str(len(self.arrived())))
        wait_for(lambda: run_sql(self.database, UNFINISHED)[0][0] == 0, seconds)

    def check(self) -> None:
        """Check that nothing was lost, and that nothing was sent again."""
        self.check_repeats([])

    def check_repeats(self, killed_at: list[float]) -> None:
        """Check that nothing was lost, that nobody sees anything twice, and that a kill repeats one letter at most."""
        arrived = self.arrived()
        assert self.promised <= set(arrived), f"lost: {self.promised - set(arrived)}"
        assert {key: letters for key, letters in arrived.items() if len({one.message_id for one in letters}) > 1} == {}
        repeated = [one.at for letters in arrived.values() for one in letters[:-1]]
        # Each was taken by the server, and the kill that came next kept it from being noted.
        kills = Counter(bisect(killed_at, at) for at in repeated)
        print(f"{len(repeated)} letters repeated after {len(killed_at)} kills")  # noqa: T201  # for -rP
        assert len(repeated) <= len(killed_at)
        assert {kill: number for kill, number in kills.items() if number > 1} == {}


@contextmanager
def site(
    folder: Path, database: str, mail: MailServer, names: Sequence[str] = PEOPLE
) -> Iterator[tuple[Site, Path, int]]:
    """Give a site that is set up, its data folder and the port to serve it at."""
    settings = {
        "BATON_SECRET_KEY": KEY,
        "DATABASE_URL": database,
        "BATON_EMAIL_HOST": mail.host,
        "BATON_EMAIL_PORT": str(mail.port),
        "BATON_OUTGOING_NETWORKS": "127.0.0.1/32",
    }
    data, port = folder / "data", free_port()
    found = Site(Api(port), database, mail, settings)
    with served(found, data, port):
        found.open(names)
    yield found, data, port


@contextmanager
def served(found: Site, data: Path, port: int) -> Iterator[Served]:
    with serving(data, "--no-demo", port=port, **found.settings) as process:
        process.wait_until_ready(90)
        yield process


@pytest.mark.parametrize(
    "number", [pytest.param(2, marks=pytest.mark.any_database), pytest.param(200, marks=pytest.mark.faults)]
)
def test_kills_lose_nothing_and_nobody_sees_anything_twice(
    number: int, tmp_path: Path, migrated_database_url: str
) -> None:
    chance = random.Random(number)
    killed_at: list[float] = []
    # What was on its way to somebody holds up their next letters until its lease is over: others get those meanwhile.
    teams = [[f"{name}{team}" for name in PEOPLE] for team in range(min(number, TEAMS))]
    everybody = [name for team in teams for name in team]
    with mail_server() as mail, site(tmp_path, migrated_database_url, mail, everybody) as (found, data, port):
        mail.pause = 0.02
        for kill in range(number):
            with served(found, data, port) as process:
                for task in range(3):
                    found.create(f"Task {kill}-{task}", teams[kill % len(teams)])
                time.sleep(chance.uniform(0, 0.8))
                process.stop(signal.SIGKILL)
            # What was sent before may arrive a pause later; the next process needs longer than that.
            killed_at.append(time.perf_counter() + 5 * mail.pause)
            if number < 10:
                pass_an_hour(found.database)
        with served(found, data, port):
            found.wait_until_sent(ORPHANED_FOR)
        found.check_repeats(killed_at)


@pytest.mark.faults
def test_five_workers_told_of_everything_send_each_letter_once(
    tmp_path: Path, migrated_database_url: str, redis_url: str
) -> None:
    with (
        mail_server() as mail,
        site(tmp_path, migrated_database_url, mail) as (found, data, port),
        ExitStack() as running,
    ):
        workers = {**found.settings, "BATON_REDIS_URL": redis_url}
        with served(found, data, port):
            for worker in range(5):
                running.enter_context(working(data, f"worker{worker}", "--beat", **workers))
            for task in range(200):
                found.create(f"Task {task}")
            found.wait_until_sent(180)
        found.check()
        assert len(found.arrived()) == 3 * 200


@pytest.mark.faults
@pytest.mark.parametrize("minutes", [10, -10, 600])
def test_a_worker_whose_clock_is_wrong_neither_steals_nor_hurries(
    minutes: int, tmp_path: Path, migrated_database_url: str, redis_url: str
) -> None:
    with mail_server() as mail, site(tmp_path, migrated_database_url, mail) as (found, data, port):
        workers = {**found.settings, "BATON_REDIS_URL": redis_url}
        wrong = working_by_a_wrong_clock(60 * minutes, data, "wrong", "--beat", **workers)
        with served(found, data, port), wrong as worker:
            worker.wait_until_ready()
            found.wait_until_sent(30)
            mail.pause = 1.0
            mail.will("RCPT", "451 4.7.1 Greylisted", times=1, address=address_of("dora"))
            for task in range(4):
                found.create(f"Task {task}")
            first = 3 * 4 - 1
            wait_for(lambda: len(found.arrived()) >= first, 60, why=worker.log.read_text)
            # The one that was told to come back waits by the database's time: a minute, which isn't over for anybody.
            time.sleep(3)
            assert len(found.arrived()) == first
            end_pauses(found.database)
            found.wait_until_sent(30)
            assert f"clock {60 * minutes:+d}" in worker.log.read_text()
        found.check()


@pytest.mark.faults
def test_a_mail_server_that_was_away_is_caught_up_with(tmp_path: Path, migrated_database_url: str) -> None:
    mail_port = free_port()
    with site(tmp_path, migrated_database_url, MailServer(port=mail_port)) as (found, data, port):
        with served(found, data, port) as process:
            for task in range(50):
                found.create(f"Task {task}")
            wait_for(lambda: "delivery.failed" in process.log.read_text())
            assert process.get("/readyz")[0] == 200
            with mail_server(port=mail_port) as mail:
                found.mail = mail
                end_pauses(found.database)
                found.wait_until_sent(ORPHANED_FOR)
        found.check()


@pytest.mark.faults
def test_greylisted_letters_arrive_once_each(tmp_path: Path, migrated_database_url: str) -> None:
    with mail_server() as mail, site(tmp_path, migrated_database_url, mail) as (found, data, port):
        mail.will("DATA", "451 4.7.1 Greylisted", times=2, is_each=True)
        with served(found, data, port):
            for task in range(50):
                found.create(f"Task {task}")
            end = time.monotonic() + 120
            while not found.promised <= set(found.arrived()) and time.monotonic() < end:
                time.sleep(1)
                end_pauses(found.database)
            found.wait_until_sent(30)
        found.check()


@pytest.mark.faults
@pytest.mark.parametrize("stage, what", [("CONNECT", STALL), ("DATA", STALL), ("DATA", TRICKLE)])
def test_a_mail_server_that_stalls_for_its_thirty_seconds_holds_up_nothing_else(
    stage: str, what: str, tmp_path: Path, migrated_database_url: str
) -> None:
    with (
        mail_server() as mail,
        receiving() as receiver,
        site(tmp_path, migrated_database_url, mail) as (found, data, port),
        served(found, data, port),
    ):
        found.api.post("webhooks/", {"url": receiver.url, "project": found.project, "verbs": ["task.created"]})
        mail.will(stage, what)
        for task in range(10):
            found.create(f"Task {task}")
        wait_for(lambda: len(receiver.sent) == 10, 10)
        time.sleep(35)
        [(longest,)] = run_sql(found.database, "SELECT max(duration_ms) FROM core_attempt")
        assert 29_000 <= longest <= 31_000
        mail.forgive()
        end_pauses(found.database)
        found.wait_until_sent(ORPHANED_FOR)
        found.check()
