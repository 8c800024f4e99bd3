"""What runs by the clock, on one screen. Schedules that people make are rows, which one of these ticks reads."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from celery.schedules import crontab, maybe_schedule
from django.conf import settings

# What comes again sooner needs no making up for.
_SELDOM = timedelta(minutes=5)


def make_schedule() -> dict[str, dict[str, Any]]:
    """Return Celery's beat schedule. A tick that nobody took in time is dropped: the next one does its work too."""
    follow_seconds = settings.BATON_FOLLOW_SECONDS
    at_night = crontab(hour=str(settings.BATON_UPKEEP_AT.hour), minute=str(settings.BATON_UPKEEP_AT.minute))
    on_sundays = crontab(day_of_week="sunday", hour="2", minute="0")
    return {
        "follow-log": {
            "task": "baton.follow_log",
            "schedule": follow_seconds,
            "options": {"expires": max(follow_seconds, 5)},
        },
        "clean-up-attachments": {"task": "baton.clean_up_attachments", "schedule": on_sundays},
        "compact-tallies": {"task": "baton.compact_tallies", "schedule": 600.0, "options": {"expires": 600}},
        "deliver-due": {"task": "baton.deliver_due", "schedule": 1.0, "options": {"expires": 5}},
        "empty-trash": {"task": "baton.empty_trash", "schedule": at_night},
        "forget-answers": {"task": "baton.forget_answers", "schedule": crontab(minute="40")},
        "forget-credentials": {"task": "baton.forget_credentials", "schedule": on_sundays},
        "forget-deliveries": {"task": "baton.forget_deliveries", "schedule": 3600.0, "options": {"expires": 3600}},
        "forget-guesses": {"task": "baton.forget_guesses", "schedule": 900.0, "options": {"expires": 900}},
        "forget-notifications": {"task": "baton.forget_notifications", "schedule": at_night},
        "forget-slots": {"task": "baton.forget_slots", "schedule": at_night},
        "make-rounds": {"task": "baton.make_rounds", "schedule": 5.0, "options": {"expires": 5}},
        "make-thumbnails": {"task": "baton.make_thumbnails", "schedule": 2.0, "options": {"expires": 5}},
        "remind": {"task": "baton.remind", "schedule": 60.0, "options": {"expires": 60}},
        "send-digests": {"task": "baton.send_digests", "schedule": 60.0, "options": {"expires": 60}},
        "send-weekly-reports": {"task": "baton.send_weekly_reports", "schedule": 60.0, "options": {"expires": 60}},
        "sweep-files": {"task": "baton.sweep_files", "schedule": 3600.0, "options": {"expires": 3600}},
    }


def is_seldom(when: Any) -> bool:
    """Is a run that was missed to be made up for?"""
    return isinstance(when, crontab) or _period(when) >= _SELDOM


def find_next(when: Any, ran_at: datetime) -> datetime:
    """Return when a job runs next that began at `ran_at`; what has passed is due now."""
    schedule: Any = maybe_schedule(when)
    now: datetime = schedule.now()
    left: timedelta = schedule.remaining_estimate(ran_at)
    # The clock went on between the two; what is meant is a whole second.
    return (now + max(timedelta(), left) + timedelta(milliseconds=500)).replace(microsecond=0)


def tell(when: Any) -> str:
    """Return a schedule for people: seconds, or the five fields that cron has."""
    if isinstance(when, crontab):
        return str(when).removeprefix("<crontab: ").removesuffix(" (m/h/dM/MY/d)>")
    return f"every {_period(when).total_seconds():g} s"


def _period(when: Any) -> timedelta:
    schedule: Any = maybe_schedule(when)
    period: timedelta = schedule.run_every
    return period
