"""Do what comes round by the clock."""

from __future__ import annotations

from celery import shared_task


@shared_task(name="baton.make_rounds")
def make_rounds() -> None:
    """Make the rounds whose time has come."""
    from baton.jobs.deliver import wake
    from baton.reactions.rounds import make_rounds

    if make_rounds():
        wake()
