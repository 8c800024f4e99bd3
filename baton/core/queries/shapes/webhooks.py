"""Webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from baton.core.models.webhook import PauseReason
from baton.core.queries.shapes.people import Person
from baton.core.queries.shapes.shape import Shape, one_of

PauseReasonName = Annotated[str, one_of(*PauseReason.values)]


class Webhook(Shape):
    """A receiver of a project's events, or of one's own (without a project); `user` answers for it.

    `is_behind` says that it is catching up with the log. Its secret is never shown here.
    """

    id: int
    project: int | None
    user: Person
    url: str
    verbs: list[str]
    projects: list[int]
    is_active: bool
    paused_at: datetime | None
    paused_reason: PauseReasonName | None
    failing_since: datetime | None
    is_behind: bool
    created_at: datetime
    updated_at: datetime
    version: int


class NewWebhook(Webhook):
    """A webhook just made: the only time that its secret is shown."""

    secret: str
