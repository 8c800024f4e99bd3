"""What runs by the clock. Schedules that people make are rows, which one of these ticks reads."""

from __future__ import annotations

from typing import Any


def make_schedule(follow_seconds: float) -> dict[str, dict[str, Any]]:
    """Return Celery's beat schedule. A tick that nobody took in time is dropped: the next one does its work too."""
    return {
        "follow-log": {
            "task": "baton.follow_log",
            "schedule": follow_seconds,
            "options": {"expires": max(follow_seconds, 5)},
        },
        "forget-guesses": {
            "task": "baton.forget_guesses",
            "schedule": 900,
            "options": {"expires": 900},
        },
    }
