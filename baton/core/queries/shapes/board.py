"""A project's board."""

from __future__ import annotations

from baton.core.queries.shapes.projects import VisibilityName
from baton.core.queries.shapes.shape import Shape
from baton.core.queries.shapes.tasks import StatusName, Task


class BoardProject(Shape):
    """The project of a board, in short."""

    id: int
    key: str
    name: str
    visibility: VisibilityName
    version: int


class BoardColumn(Shape):
    """The tasks of one status in rank order; `count` says how many there are, shown or not."""

    status: StatusName
    tasks: list[Task]
    count: int


class Board(Shape):
    """A project's tasks by status."""

    project: BoardProject
    columns: list[BoardColumn]
