"""What lets somebody in: log-ins and tokens."""

from __future__ import annotations

from datetime import datetime

from baton.core.queries.shapes.shape import Shape


class Session(Shape):
    """A log-in of one's own; `current` is the one that asks."""

    id: int
    audience: str
    user_agent: str
    address: str | None
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    current: bool


class ApiToken(Shape):
    """An API token of one's own; `hint` is the beginning of its secret."""

    id: int
    name: str
    hint: str
    scopes: list[str]
    project: int | None
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


class NewApiToken(ApiToken):
    """A token just made: the only time that its secret is shown."""

    secret: str
