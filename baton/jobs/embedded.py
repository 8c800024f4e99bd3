"""Worker and scheduler as threads of the serving process; their broker is this process's memory."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import structlog

from baton.lib import heartbeat

log = structlog.get_logger(__name__)

# The worker is looked for by /readyz: it shows itself at its start and with every tick.
_SIGN_OF_LIFE = 60.0
_STOPPING = 10.0


class EmbeddedJobs:
    """Celery's worker and beat, started and stopped with the process; they install no signal handlers."""

    def __init__(self, *, threads: int = 2) -> None:
        self._threads = threads
        self._stop_asked = threading.Event()
        self._running: list[threading.Thread] = []
        self._beat: Any = None
        self._worker: Any = None

    def start(self) -> None:
        """Start both; returns at once, since importing Celery takes longer than the server should wait."""
        heartbeat.expect("worker", within=_SIGN_OF_LIFE)
        self._spawn("jobs", self._run)

    def stop(self) -> None:
        """Stop both after the jobs in work; gives up waiting after a while, for what is unfinished is done again."""
        heartbeat.forget("worker")
        self._stop_asked.set()
        if self._beat is not None:
            self._beat.stop()
        if self._worker is not None:
            # Celery's worker looks at this between two messages and then ends in its own thread, cleanly.
            from celery.worker import state

            state.should_stop = 0
        for thread in self._running:
            thread.join(_STOPPING)
            if thread.is_alive():
                log.warning("jobs.still_running", thread=thread.name)

    def _spawn(self, name: str, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name=name, daemon=True)
        self._running.append(thread)
        thread.start()

    def _run(self) -> None:
        """Make worker and beat, then be the worker."""
        from celery.beat import Service
        from celery.worker import WorkController

        from baton.jobs.app import EMBEDDED_BROKER, app

        app.conf.update(
            broker_url=EMBEDDED_BROKER,
            # Threads can't be killed, so Celery refuses limits for them.
            task_time_limit=None,
            task_soft_time_limit=None,
            worker_enable_remote_control=False,
        )
        self._worker = WorkController(
            app=app,
            pool_cls="threads",
            concurrency=self._threads,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            ready_callback=lambda _consumer: heartbeat.show("worker"),
        )
        # A short loop, so that a stop doesn't wait for a sleeping schedule.
        self._beat = Service(app, max_interval=1, scheduler_cls="celery.beat:Scheduler", remote_control=False)
        if self._stop_asked.is_set():
            return
        self._spawn("beat", self._beat.start)
        self._worker.start()
