"""Let the reactions read on in the event log."""

from __future__ import annotations

from celery import shared_task

from baton.lib import heartbeat


@shared_task(name="baton.follow_log")
def follow_log() -> str:
    """Run every reaction over the events it hasn't seen; say how many, each counted for each reaction."""
    from baton.reactions.follow import follow_all

    handled = follow_all()
    heartbeat.show("worker")
    return f"handled {handled}"
