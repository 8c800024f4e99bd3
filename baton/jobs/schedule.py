"""What runs by the clock. Schedules that people make are rows, which one of these ticks reads."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab


def make_schedule(follow_seconds: float) -> dict[str, dict[str, Any]]:
    """Return Celery's beat schedule. A tick that nobody took in time is dropped: the next one does its work too."""
    return {
        "follow-log": {
            "task": "baton.follow_log",
            "schedule": follow_seconds,
            "options": {"expires": max(follow_seconds, 5)},
        },
        "clean-up-attachments": {
            "task": "baton.clean_up_attachments",
            "schedule": crontab(day_of_week="sunday", hour="2", minute="0"),
        },
        "compact-tallies": {"task": "baton.compact_tallies", "schedule": 600.0, "options": {"expires": 600}},
        "deliver-due": {"task": "baton.deliver_due", "schedule": 1.0, "options": {"expires": 5}},
        "empty-trash": {"task": "baton.empty_trash", "schedule": crontab(hour="3", minute="20")},
        "forget-answers": {"task": "baton.forget_answers", "schedule": crontab(minute="40")},
        "forget-deliveries": {"task": "baton.forget_deliveries", "schedule": 3600.0, "options": {"expires": 3600}},
        "forget-guesses": {"task": "baton.forget_guesses", "schedule": 900.0, "options": {"expires": 900}},
        "forget-notifications": {"task": "baton.forget_notifications", "schedule": crontab(hour="3", minute="30")},
        "forget-slots": {"task": "baton.forget_slots", "schedule": crontab(hour="3", minute="50")},
        "make-rounds": {"task": "baton.make_rounds", "schedule": 5.0, "options": {"expires": 5}},
        "make-thumbnails": {"task": "baton.make_thumbnails", "schedule": 2.0, "options": {"expires": 5}},
        "remind": {"task": "baton.remind", "schedule": 60.0, "options": {"expires": 60}},
        "send-digests": {"task": "baton.send_digests", "schedule": 60.0, "options": {"expires": 60}},
        "sweep-files": {"task": "baton.sweep_files", "schedule": 3600.0, "options": {"expires": 3600}},
    }
