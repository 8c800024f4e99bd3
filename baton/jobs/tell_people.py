"""Tell people what they are told by the clock."""

from __future__ import annotations

from celery import shared_task


@shared_task(name="baton.send_digests")
def send_digests() -> str:
    """Write the digests whose hour has come; say how many."""
    from baton.core.commands.digests import queue_digests

    return _woken_for(queue_digests(), "digests")


@shared_task(name="baton.remind")
def remind() -> str:
    """Remind people of what is due, where it has become the hour for it; say how many letters that takes."""
    from baton.core.commands.reminders import remind

    return _woken_for(remind(), "reminders")


@shared_task(name="baton.send_weekly_reports")
def send_weekly_reports() -> str:
    """Write the weekly reports whose hour has come; say how many."""
    from baton.core.commands.weekly_reports import queue_weekly_reports

    return _woken_for(queue_weekly_reports(), "reports")


def _woken_for(number: int, noun: str) -> str:
    """Have what was written sent at once."""
    from baton.jobs.deliver import wake

    if number:
        wake()
    return f"{number} {noun}"


@shared_task(name="baton.forget_notifications")
def forget_notifications() -> str:
    """Delete what people were told long ago; say how much."""
    from datetime import timedelta

    from django.conf import settings
    from django.utils import timezone

    from baton.core.commands.notifications import forget_notifications

    before = timezone.now() - timedelta(days=settings.BATON_NOTIFICATION_DAYS)
    number = 0
    while forgotten := forget_notifications(before):
        number += forgotten
    return f"deleted {number}"
