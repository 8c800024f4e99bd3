"""Do what comes round by the clock."""

from __future__ import annotations

from celery import shared_task


@shared_task(name="baton.make_rounds")
def make_rounds() -> str:
    """Make the rounds whose time has come; say how many letters they are."""
    from baton.jobs.deliver import wake
    from baton.reactions.rounds import make_rounds

    number = make_rounds()
    if number:
        wake()
    return f"{number} letters"
