"""Forget wrong guesses that count no more."""

from __future__ import annotations

from celery import shared_task


@shared_task(name="baton.forget_guesses")
def forget_guesses() -> None:
    """Delete the counters that have run out."""
    from baton.core.commands.guesses import forget_old_guesses

    forget_old_guesses()
