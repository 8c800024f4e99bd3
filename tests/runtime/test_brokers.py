"""Workers over real brokers, which go away, hang and lose everything; the table is the truth."""

from __future__ import annotations

import json
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mail_server import mail_server
from tests.migrated_database import migrated_database
from tests.receiver import Receiver, receiving
from tests.runtime.conftest import Broker, find_postgresql
from tests.runtime.driving import Api, end_pauses, once, pass_an_hour, run_sql, wait_for
from tests.runtime.production import Worker, granian, scheduling, working, working_by_a_wrong_clock
from tests.servers.gate import gate

# Said of the module, so that no broker is started in vain.
pytestmark = pytest.mark.skipif(not find_postgresql(), reason="TEST_DATABASE_URL names no PostgreSQL")

FAST = 1.5
"""Seconds in which a change is answered, on a machine that does much else; a broker is waited for longer."""


@dataclass
class Site:
    """A project whose new tasks are told to a receiver, and the settings of what serves it."""

    api: Api
    project: int
    receiver: Receiver
    database: str
    workers: dict[str, str]

    def create(self, number: int) -> list[int]:
        """Create tasks; return their ids."""
        return [self.create_one(f"Task {n}") for n in range(number)]

    def create_one(self, title: str, **fields: int) -> int:
        began = time.monotonic()
        task: int = self.api.post("tasks/", {"project": self.project, "title": title, **fields})["id"]
        assert time.monotonic() - began < FAST
        return task

    def told(self) -> list[int]:
        """Return the tasks that the receiver was told of, in the order in which it was."""
        return [json.loads(sent.body)["data"]["task"] for sent in list(self.receiver.sent)]

    def run_sql(self, *statements: str) -> list[tuple[object, ...]]:
        """Run statements in the site's database."""
        return run_sql(self.database, *statements)


@pytest.fixture(scope="module")
def server(
    broker: Broker, django_db_setup: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Api, dict[str, str]]]:
    """Run a web process for which the broker hangs all the time; give somebody who calls it, and its settings."""
    folder = tmp_path_factory.mktemp("site")
    with migrated_database(django_db_setup, folder) as database, gate(broker.url) as way:
        given = {"DATABASE_URL": database, "BATON_OUTGOING_NETWORKS": "127.0.0.1/32"}
        way.hang()
        with granian(folder, **given, CELERY_BROKER_URL=way.url) as (port, _):
            api = Api(port)
            api.register()
            yield api, given
        assert way.count == 0, "a request reached for the broker"


@pytest.fixture
def site(server: tuple[Api, dict[str, str]], broker: Broker) -> Iterator[Site]:
    """Give a project whose new tasks are told to a receiver, with a broker that holds nothing."""
    broker.wipe()
    api, given = server
    with receiving() as receiver:
        project = api.post("projects/", {"name": "Garden"})["id"]
        hook = api.post("webhooks/", {"url": receiver.url, "project": project, "verbs": ["task.created"]})
        yield Site(api, project, receiver, given["DATABASE_URL"], given)
        api.delete(f"webhooks/{hook['id']}/")


@contextmanager
def two_workers(site: Site, folder: Path, broker_url: str) -> Iterator[tuple[Worker, Worker]]:
    given = {**site.workers, "CELERY_BROKER_URL": broker_url}
    with working(folder, "one", "--beat", **given) as one, working(folder, "two", "--beat", **given) as two:
        one.wait_until_ready()
        two.wait_until_ready()
        yield one, two


def test_two_workers_with_two_schedules_do_everything_once(site: Site, broker: Broker, tmp_path: Path) -> None:
    doomed = site.create(3)
    for task in doomed:
        site.api.delete(f"tasks/{task}/")
    site.run_sql("UPDATE core_task SET trashed_at = {now} - interval '40 days' WHERE trashed_at IS NOT NULL")
    site.run_sql("DELETE FROM core_jobrun")

    with two_workers(site, tmp_path, broker.url) as workers:
        tasks = site.create(30)
        # As if neither had ever run: both send every job at once.
        wait_for(lambda: site.run_sql("SELECT 1 FROM core_event WHERE verb = 'task.purged'"))
        wait_for(lambda: len(site.told()) >= len(doomed + tasks))
        schedule = {"baton.compact_tallies", "baton.forget_slots", "baton.sweep_files", "baton.forget_answers"}
        wait_for(lambda: schedule <= {str(name) for (name,) in site.run_sql("SELECT name FROM core_jobrun")})
        for worker in workers:
            worker.process.send_signal(signal.SIGTERM)
        assert [worker.process.wait(30) for worker in workers] == [0, 0]

    assert site.told() == doomed + tasks
    purged = site.run_sql("SELECT task_id FROM core_event WHERE verb = 'task.purged' ORDER BY id")
    assert Counter(task for (task,) in purged) == Counter(doomed)
    assert site.run_sql("SELECT name, problem FROM core_jobrun WHERE problem <> ''") == []
    for worker in workers:
        assert "Traceback" not in worker.log.read_text()


def test_a_broker_that_was_away_is_caught_up_with(site: Site, broker: Broker, tmp_path: Path) -> None:
    with gate(broker.url) as way, two_workers(site, tmp_path, way.url) as workers:
        tasks = site.create(2)
        _wait_until_told(site, tasks, workers)
        for outage in (way.close, way.hang):
            outage()
            tasks += site.create(10)
            time.sleep(2)
            broker.wipe()
            way.open()
            tasks += site.create(2)
            _wait_until_told(site, tasks, workers)
    assert site.told() == tasks, "each is told once, and in order"


@pytest.mark.faults
@pytest.mark.parametrize("is_wiped", [False, True], ids=["down", "down and wiped"])
def test_a_thousand_letters_come_once_each_though_the_broker_was_away(
    is_wiped: bool, site: Site, broker: Broker, tmp_path: Path
) -> None:
    """R02 and R03: nobody waits for the broker, and all is out soon after its return."""
    name = f"ben{int(is_wiped)}"
    reader = Api(site.api.port)
    ben = reader.register(name)
    site.api.post(f"projects/{site.project}/members/", {"user_id": ben})
    with mail_server() as mail, gate(broker.url) as way:
        site.workers |= {"BATON_EMAIL_HOST": mail.host, "BATON_EMAIL_PORT": str(mail.port)}
        with two_workers(site, tmp_path, way.url):
            way.close()
            for number in range(1000):
                site.create_one(f"Task {number}", assigned_to=ben)
            if is_wiped:
                broker.wipe()
            way.open()
            arrived: Counter[str] = Counter()

            def has_all() -> bool:
                arrived.clear()
                arrived.update(one.subject for one in list(mail.arrived) if one.subject.startswith("Task Assigned: "))
                return len(arrived) >= 1000

            wait_for(has_all, 75, why=lambda: f"{len(arrived)} of 1000 in {len(mail.arrived)} letters")
            time.sleep(3)
            has_all()
    assert arrived == Counter({f"Task Assigned: Task {number}": 1 for number in range(1000)})


def test_workers_wait_for_a_broker_that_is_not_there_yet(site: Site, broker: Broker, tmp_path: Path) -> None:
    with gate(broker.url) as way:
        way.close()
        with working(tmp_path, "early", "--beat", **site.workers, CELERY_BROKER_URL=way.url) as worker:
            tasks = site.create(3)
            # It has a thread that follows the log, and needs no broker for that.
            is_indexed = f"SELECT 1 FROM core_searchentry WHERE task_id = {tasks[-1]}"
            wait_for(lambda: site.run_sql(is_indexed), why=worker.log.read_text)
            assert site.told() == []
            way.open()
            _wait_until_told(site, tasks, (worker,))


def test_nothing_waits_for_what_a_killed_worker_held(site: Site, broker: Broker, tmp_path: Path) -> None:
    given = {**site.workers, "CELERY_BROKER_URL": broker.url}
    is_at_it, may_end = threading.Event(), threading.Event()

    def stall(_sent: object) -> tuple[int, dict[str, str], bytes]:
        is_at_it.set()
        may_end.wait(30)
        return (204, {}, b"")

    site.receiver.reply = stall
    with working(tmp_path, "killed", "--beat", **given) as killed:
        tasks = site.create(5)
        assert is_at_it.wait(30), killed.log.read_text()
        killed.process.kill()
        killed.process.wait(30)
    may_end.set()
    # The broker keeps what was not acknowledged: Valkey for an hour. The lease in the table is over sooner.
    pass_an_hour(site.database)
    with working(tmp_path, "next", "--beat", **given) as following:
        following.wait_until_ready()
        wait_for(lambda: len(once(site.receiver)) == len(tasks), 20, why=following.log.read_text)
    assert Counter(site.told()) == Counter({tasks[0]: 2, **dict.fromkeys(tasks[1:], 1)})


def test_workers_with_wrong_clocks_heed_a_schedule_with_a_right_one(site: Site, broker: Broker, tmp_path: Path) -> None:
    """R16: what is good for seconds is so by the database's clock."""
    given = {**site.workers, "CELERY_BROKER_URL": broker.url}
    site.receiver.reply = lambda _sent: (503 if len(site.receiver.sent) == 1 else 204, {}, b"")
    with (
        scheduling(tmp_path, "schedule", **given),
        working_by_a_wrong_clock(600, tmp_path, "ahead", **given) as ahead,
        working_by_a_wrong_clock(-600, tmp_path, "behind", **given) as behind,
    ):
        workers = (ahead, behind)
        for worker in workers:
            worker.wait_until_ready()
        tasks = site.create(3)
        wait_for(site.told, why=ahead.log.read_text)
        wait_for(lambda: site.run_sql("SELECT 1 FROM core_delivery WHERE state = 'waiting' AND tries = 1"))
        # Nobody is woken up for it: a tick finds it.
        end_pauses(site.database)
        _wait_until_told(site, [*tasks, tasks[0]], workers)
        for worker in workers:
            wait_for(lambda worker=worker: _ticks(worker) > 1, why=worker.log.read_text)  # type: ignore[misc]
        time.sleep(2)
    assert site.told() == [tasks[0], *tasks]


def _ticks(worker: Worker) -> int:
    """Return how often the worker has done what only the schedule asks for."""
    return len(re.findall(r"Task baton\.make_thumbnails\[.*succeeded", worker.log.read_text()))


def _wait_until_told(site: Site, tasks: list[int], workers: tuple[Worker, ...]) -> None:
    def why() -> str:
        return f"{site.told()} of {tasks}" + "".join(worker.log.read_text()[-4000:] for worker in workers)

    wait_for(lambda: len(site.told()) >= len(tasks), 40, why=why)
