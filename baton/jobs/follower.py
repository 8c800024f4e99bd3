"""Following the log as soon as it has grown. The tick of the schedule stays: a wake-up may be lost."""

from __future__ import annotations

import threading
from time import monotonic

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections

from baton.adapters.bus import Channel
from baton.adapters.bus.listening import Listening
from baton.core.events import log
from baton.reactions.follow import follow_all

logger = structlog.get_logger(__name__)

# What is written within it is followed together, and the answer to whoever wrote is out by then.
_GATHERS = 0.03
# Following writes too. So that it leaves room for the requests, it rests for a multiple of what it took.
_RESTS = 3
_LONGEST_REST = 1.0


class Follower:
    """A thread that is woken up by the commits of this process and of others; one wake-up waits at most.

    It needs no broker: the reactions go on while that is gone.
    """

    def __init__(self) -> None:
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._listening = Listening({Channel.LOG: lambda _: self._woken.set()})
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._listening.start()
        self._thread.start()

    def stop(self) -> None:
        """End, after the batch in work."""
        self._stopped.set()
        self._woken.set()
        self._listening.stop()
        self._thread.join()

    def _run(self) -> None:
        rest = _GATHERS
        while True:
            self._woken.wait()
            if self._stopped.wait(_GATHERS):
                return
            self._woken.clear()
            began = monotonic()
            is_unsettled = _follow()
            # What has not settled waits for somebody's older transaction, which may be in no hurry.
            rest = min(_LONGEST_REST, 2 * rest if is_unsettled else _RESTS * (monotonic() - began))
            if is_unsettled:
                self._woken.set()
            self._stopped.wait(rest)


def _follow() -> bool:
    """Follow the log; return whether it may have more, that could not be read yet."""
    try:
        # Asked before too: what settles while the log is read is read by nobody, and nothing else tells of it.
        was_unsettled = log.has_unsettled()
        # Not the job: that is the worker's sign of life, which this thread must not give for it.
        follow_all()
        return was_unsettled or log.has_unsettled()
    except (DatabaseError, InterfaceError) as error:
        logger.warning("follower.out_of_reach", error=str(error).strip())
    except Exception:  # nobody would begin another thread
        logger.exception("follower.failed")
    finally:
        close_old_connections()
    return False
