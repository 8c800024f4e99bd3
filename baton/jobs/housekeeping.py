"""What keeps the database small: emptying the trash, adding up the ledger, forgetting what has run out."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone


@shared_task(name="baton.empty_trash")
def empty_trash() -> str:
    """Delete for good what has lain in the trash for its time; say how much."""
    from baton.core.commands.trash import has_purgeable, purge_trash

    before = timezone.now() - timedelta(days=settings.BATON_TRASH_DAYS)
    number = 0
    while has_purgeable(before):
        number += purge_trash(before)
    return f"deleted {number}"


@shared_task(name="baton.compact_tallies")
def compact_tallies() -> str:
    """Add up the ledger of tasks; say how many entries went."""
    from baton.core.commands.task_tally import compact_tallies

    number = 0
    while replaced := compact_tallies():
        number += replaced
    return f"replaced {number}"


@shared_task(name="baton.forget_guesses")
def forget_guesses() -> str:
    """Delete the counters of wrong guesses that have run out; say how many."""
    from baton.core.commands.guesses import forget_old_guesses

    return f"deleted {forget_old_guesses()}"


@shared_task(name="baton.forget_answers")
def forget_answers() -> str:
    """Delete answers kept for Idempotency-Key for longer than they hold; say how many."""
    from baton.core.models import IdempotencyKey

    number, _ = IdempotencyKey.objects.filter(created_at__lt=timezone.now() - timedelta(hours=24)).delete()
    return f"deleted {number}"


@shared_task(name="baton.forget_slots")
def forget_slots() -> str:
    """Delete the slots of work that can't come again: those of yearly work among them have had a year and more."""
    from baton.core.commands.job_slots import forget_slots

    return f"deleted {forget_slots(timezone.now() - timedelta(days=400))}"


@shared_task(name="baton.forget_credentials")
def forget_credentials() -> str:
    """Delete sessions and tokens that ended long ago; say how many."""
    from baton.core.commands.credential_upkeep import forget_credentials

    forgotten = forget_credentials()
    return f"deleted {forgotten.sessions} sessions, {forgotten.tokens} tokens"
