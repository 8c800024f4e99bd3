"""The scheduler: sends each job of the schedule when its time has come."""

from __future__ import annotations

from celery import Celery
from celery.beat import Service


def make_beat(app: Celery) -> Service:
    """Return a scheduler that can run in a thread and whose `stop()` is heeded within a second."""
    return Service(app, max_interval=1, scheduler_cls=app.conf.beat_scheduler, remote_control=False)  # type: ignore[call-arg]  # newer than the stubs
