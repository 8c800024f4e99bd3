"""What a search finds."""

from __future__ import annotations

from typing import Annotated

from baton.core.queries.shapes.shape import Shape, one_of
from baton.core.queries.shapes.tasks import StatusName

FoundKind = Annotated[str, one_of("task", "comment", "file")]


class FoundTask(Shape):
    """A task as a search shows it."""

    id: int
    key: str
    project: int
    title: str
    status: StatusName


class Found(Shape):
    """What a search found: a task, and where in it. `snippet` is HTML, escaped, with `<mark>`.

    `kind` is `task` (`field`: `title`, `description` or `labels`), `comment` or `file`; `id` is that thing's own.
    """

    kind: FoundKind
    id: int
    task: FoundTask
    field: str
    snippet: str
