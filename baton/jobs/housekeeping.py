"""What keeps the database small: emptying the trash, adding up the ledger, forgetting what has run out."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone


@shared_task(name="baton.empty_trash")
def empty_trash() -> None:
    """Delete for good what has lain in the trash for its time."""
    from baton.core.commands.trash import has_purgeable, purge_trash

    before = timezone.now() - timedelta(days=settings.BATON_TRASH_DAYS)
    while has_purgeable(before):
        purge_trash(before)


@shared_task(name="baton.compact_tallies")
def compact_tallies() -> None:
    """Add up the ledger of tasks."""
    from baton.core.commands.task_tally import compact_tallies

    while compact_tallies():
        pass


@shared_task(name="baton.forget_guesses")
def forget_guesses() -> None:
    """Delete the counters of wrong guesses that have run out."""
    from baton.core.commands.guesses import forget_old_guesses

    forget_old_guesses()


@shared_task(name="baton.forget_answers")
def forget_answers() -> None:
    """Delete answers kept for Idempotency-Key for longer than they hold."""
    from baton.core.models import IdempotencyKey

    IdempotencyKey.objects.filter(created_at__lt=timezone.now() - timedelta(hours=24)).delete()


@shared_task(name="baton.forget_slots")
def forget_slots() -> None:
    """Delete the slots of work that can't come again: those of yearly work among them have had a year and more."""
    from baton.core.commands.job_slots import forget_slots

    forget_slots(timezone.now() - timedelta(days=400))
