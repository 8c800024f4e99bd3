"""History and what can be taken back from it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from baton.core.queries.shapes.people import Person
from baton.core.queries.shapes.shape import JsonObject, Shape, one_of

KindName = Annotated[str, one_of("task", "project")]


class Event(Shape):
    """One fact of history. `changes` and `data` are JSON as the log holds it."""

    cursor: str
    id: int
    verb: str
    project: int | None
    task: int | None
    actor: Person | None
    at: datetime
    changes: JsonObject
    data: JsonObject
    request_id: str


class Trashed(Shape):
    """A task or a project in the trash; `project` is the project's id, a project's own."""

    kind: KindName
    id: int
    key: str
    title: str
    project: int
    trashed_at: datetime
    expires_at: datetime
