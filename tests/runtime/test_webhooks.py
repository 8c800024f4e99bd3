"""Webhooks from the real process, which is killed in the middle."""

from __future__ import annotations

import json
import signal
import threading
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tests.receiver import OK, Receiver, Reply, receiving
from tests.runtime.driving import Api, once, pass_an_hour, wait_for
from tests.runtime.serving import free_port, serving

KEY = "a key of the tests only, long enough for anything"


def test_a_receiver_gets_everything_in_order_though_the_server_is_killed(
    tmp_path: Path, migrated_database_url: str
) -> None:
    given = {
        "BATON_SECRET_KEY": KEY,
        "DATABASE_URL": migrated_database_url,
        "BATON_OUTGOING_NETWORKS": "127.0.0.1/32",
        "BATON_FOLLOW_SECONDS": "0.2",
    }
    data, port, receiver_port = tmp_path / "data", free_port(), free_port()
    middle, killed = threading.Event(), threading.Event()
    with ExitStack() as stack:
        with serving(data, "--no-demo", port=port, **given) as served:
            served.wait_until_ready(90)
            api = Api(served.port)
            api.register()
            project = api.post("projects/", {"name": "Garden"})["id"]
            hook = {"url": f"http://127.0.0.1:{receiver_port}/hook", "project": project, "verbs": ["task.created"]}
            api.post("webhooks/", hook)
            tasks = [api.post("tasks/", {"project": project, "title": f"Task {n}"})["id"] for n in range(20)]
            wait_for(lambda: "delivery.tried" in served.log.read_text())
            # Up at last, the receiver has the server killed while it is at the eighth; twelve wait in the database.
            stall = partial(_stall_at, 8, middle, killed)
            receiver = stack.enter_context(receiving(lambda _sent: stall(receiver), port=receiver_port))
            pass_an_hour(migrated_database_url)
            assert middle.wait(30), served.log.read_text()
            served.stop(signal.SIGKILL)
            killed.set()
        with serving(data, "--no-demo", port=port, **given) as served:
            served.wait_until_ready(90)
            tasks += [api.post("tasks/", {"project": project, "title": "Late"})["id"] for _ in range(3)]
            pass_an_hour(migrated_database_url)
            wait_for(lambda: len(once(receiver)) == len(tasks))
            assert served.stop() == 0
    assert [json.loads(sent.body)["data"]["task"] for sent in once(receiver)] == tasks
    assert len(receiver.sent) - len(tasks) <= 1, "only what was under way when it was killed comes again"


def _stall_at(number: int, reached: threading.Event, done: threading.Event, receiver: Receiver) -> Reply:
    if len(receiver.sent) == number:
        reached.set()
        done.wait(30)
    return OK
