"""The first reaction: a line in the process's log for each event, with ids and without anything people wrote."""

from __future__ import annotations

import structlog

from baton.core.events.log import Cursor
from baton.core.models import Event

logger = structlog.get_logger(__name__)


def write_lines(events: list[Event]) -> None:
    """Log one line per event."""
    for event in events:
        logger.info(
            "event.recorded",
            verb=event.verb,
            cursor=str(Cursor(event.transaction, event.pk)),
            project=event.project_id,
            task=event.task_id,
            user=event.user_id,
            actor=event.actor_id,
            surface=event.surface,
            request_id=event.request_id,
        )
