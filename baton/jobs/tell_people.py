"""Tell people what they are told by the clock."""

from __future__ import annotations

from celery import shared_task


@shared_task(name="baton.send_digests")
def send_digests() -> None:
    """Write the digests whose hour has come."""
    from baton.core.commands.digests import queue_digests
    from baton.jobs.deliver import wake

    if queue_digests():
        wake()


@shared_task(name="baton.remind")
def remind() -> None:
    """Remind people of what is due, where it has become the hour for it."""
    from baton.core.commands.reminders import remind
    from baton.jobs.deliver import wake

    if remind():
        wake()


@shared_task(name="baton.forget_notifications")
def forget_notifications() -> None:
    """Delete what people were told long ago."""
    from datetime import timedelta

    from django.conf import settings
    from django.utils import timezone

    from baton.core.commands.notifications import forget_notifications

    before = timezone.now() - timedelta(days=settings.BATON_NOTIFICATION_DAYS)
    while forget_notifications(before):
        pass
