"""Messages on their way to people and webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from baton.core.models.delivery import Channel, DeliveryState
from baton.core.queries.shapes.people import Person
from baton.core.queries.shapes.shape import Shape, one_of

ChannelName = Annotated[str, one_of(*Channel.values)]
DeliveryStateName = Annotated[str, one_of(*DeliveryState.values)]


class Attempt(Shape):
    """One try of a delivery. `answer` is the beginning of what came back, `status` its HTTP or SMTP status, if any."""

    at: datetime
    status: int | None
    answer: str
    error: str
    duration_ms: int


class Delivery(Shape):
    """A message on its way to a `webhook`, or as a `letter` of this name to a `user` (None: who has no account).

    `event` and its `verb` are what it follows from, if it is one event. `message_id` is what the receiver knows a
    repetition by.
    """

    id: int
    channel: ChannelName
    webhook: int | None
    user: Person | None
    letter: str | None
    project: int | None
    task: int | None
    event: int | None
    verb: str
    message_id: str
    state: DeliveryStateName
    tries: int
    next_try_at: datetime | None
    last_error: str
    created_at: datetime
    finished_at: datetime | None
    attempts: list[Attempt]
