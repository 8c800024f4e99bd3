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

    def __init__(self, *, threads: int = 4) -> None:
        self._threads = threads
        self._stop_asked = threading.Event()
        self._running: list[threading.Thread] = []
        self._beat: Any = None
        self._worker: Any = None
        self._follower: Any = None

    def start(self) -> None:
        """Start both; returns at once, since importing Celery takes longer than the server should wait."""
        heartbeat.expect("worker", within=_SIGN_OF_LIFE)
        self._spawn("jobs", self._run)

    def stop(self) -> None:
        """Stop both after the jobs in work; gives up waiting after a while, for what is unfinished is done again."""
        heartbeat.forget("worker")
        self._stop_asked.set()
        if self._follower is not None:
            self._follower.stop()
        if self._beat is not None:
            self._beat.stop()
        if self._worker is not None:
            _stop_worker()
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
        from celery.worker import WorkController

        from baton.jobs.app import EMBEDDED_BROKER, app
        from baton.jobs.beat import make_beat
        from baton.jobs.follower import Follower
        from baton.reactions.deliver import leave_a_thread

        leave_a_thread(self._threads)
        app.conf.update(broker_url=EMBEDDED_BROKER, worker_enable_remote_control=False)
        self._worker = WorkController(
            app=app,
            pool_cls="threads",
            concurrency=self._threads,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            ready_callback=lambda _consumer: heartbeat.show("worker"),
        )
        self._beat = make_beat(app)
        if self._stop_asked.is_set():
            return
        self._follower = Follower()
        self._follower.start()
        self._spawn("beat", self._beat.start)
        self._worker.start()


def _stop_worker() -> None:
    """Have Celery's worker end in its own thread, after the jobs in work."""
    from celery.worker import state

    from baton.jobs.app import app

    state.should_stop = 0  # type: ignore[assignment]  # an exit code, as celery.worker.state says
    # It looks at the mark between two messages, or after waiting two seconds, twice. So it gets two messages, which
    # have expired when it takes them: nothing runs, or once more what runs all the time.
    for _ in range(2):
        app.send_task("baton.follow_log", expires=1e-6)
