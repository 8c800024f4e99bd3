"""`worker`: the jobs in a process of their own, for production."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    """Run the jobs that a broker hands out, and with `--beat` the schedule too."""

    help = "Run jobs from the broker in a process of their own; one worker of all should run with --beat."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--concurrency",
            type=int,
            default=4,
            help="jobs worked on at once, 4 if not given; mail takes up to three of them and leaves one, except of 1",
        )
        parser.add_argument("--beat", action="store_true", help="run the schedule too")

    def handle(self, *_args: Any, concurrency: int, beat: bool, **_options: Any) -> None:
        """Work until told to stop; a job in work is finished first."""
        from baton.jobs.app import EMBEDDED_BROKER, app
        from baton.reactions.deliver import leave_a_thread

        if app.conf.broker_url == EMBEDDED_BROKER:
            raise CommandError(
                "No broker is named: set BATON_BROKER_URL or BATON_REDIS_URL (`serve` has its own worker)."
            )
        if not 1 <= concurrency <= 256:
            raise CommandError("--concurrency must be between 1 and 256.")
        leave_a_thread(concurrency)
        with _beside(beat=beat):
            _work(app, concurrency)


@contextmanager
def _beside(*, beat: bool) -> Iterator[None]:
    """Run what a worker has beside Celery's: what follows the log, and the schedule where it is wanted."""
    from baton.jobs.app import app
    from baton.jobs.beat import make_beat
    from baton.jobs.follower import Follower

    if beat:
        # Two of them do no harm: every job reads what there is to do from the database and claims it there.
        threading.Thread(target=make_beat(app).start, name="beat", daemon=True).start()
    follower = Follower()
    follower.start()
    try:
        yield
    finally:
        follower.stop()


def _work(app: Any, concurrency: int) -> None:
    from celery.signals import setup_logging

    # Whoever listens to this sets logging up; Django's settings have done so.
    setup_logging.connect(_keep_logging, weak=False)
    app.worker_main(
        [
            "worker",
            # Jobs wait for the network and the database; threads share one connection pool, forked children can't.
            "--pool=threads",
            f"--concurrency={concurrency}",
            # RabbitMQ knows workers by their names, and turns the second of a name away.
            f"--hostname=baton-{os.getpid()}@%h",
            "--without-gossip",
            "--without-mingle",
        ]
    )


def _keep_logging(**_given: Any) -> None:
    """Leave logging as it is."""
