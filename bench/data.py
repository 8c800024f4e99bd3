"""The generated tasks: from one seed, so that both programs hold the same, down to ids and microseconds.

Rows name each other by position (from 0); a database that numbers from 1 in the order of insertion makes them ids.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID

USERS = 20
PROJECTS = 10
MEMBERS = 12
CALLER = 0
STATUSES = ("todo", "planned", "in_progress", "review", "done")
PRIORITIES = ("low", "medium", "high")
LABELS = ("api", "backend", "bug", "cleanup", "design", "docs", "frontend", "infra", "legal", "urgent", "ux", "waiting")
_START = datetime(2026, 1, 5, 8, tzinfo=UTC)
_TEXT = (
    "check the new supplier contract before invoice update mail server certificate order printer paper for office "
    "review pull request about export of reports call customer back and plan meeting with sales write test case when "
    "upload fails move old files to archive clean kitchen rota prepare slides budget draft answer quarterly numbers "
    "migrate database backup restore broken link translate page fix login timeout measure slow query again"
)
_WORDS = _TEXT.split()


@dataclass(frozen=True, slots=True)
class Project:
    """A private project; its first member owns it."""

    key: str
    name: str
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A task with what hangs on it; `number` counts within the project."""

    uuid: UUID
    project: int
    number: int
    title: str
    description: str
    status: str
    priority: str
    assignees: tuple[int, ...]
    labels: tuple[str, ...]
    parent: int | None
    due_at: datetime | None
    created_by: int
    created_at: datetime
    completed_at: datetime | None
    comments: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Data:
    """Everything that both databases hold."""

    uuids: tuple[UUID, ...]
    projects: tuple[Project, ...]
    tasks: tuple[Task, ...]

    def seen_by(self, user: int) -> list[int]:
        """Return the positions of the tasks in the user's projects."""
        return [index for index, task in enumerate(self.tasks) if user in self.projects[task.project].members]


@cache
def generate(tasks: int, seed: int = 2) -> Data:
    """Return the people, ten projects and so many tasks: 1 in 10 with several assignees, 3 in 10 with labels."""
    chance = random.Random(seed)
    uuids = tuple(_uuid(chance) for _ in range(USERS))
    projects = tuple(_project(chance, index) for index in range(PROJECTS))
    made: list[Task] = []
    newest: dict[int, list[int]] = {index: [] for index in range(PROJECTS)}
    for index in range(tasks):
        project = chance.randrange(PROJECTS)
        made.append(_task(chance, index, project, projects[project].members, newest[project]))
        newest[project].append(index)
    return Data(uuids, projects, tuple(made))


def username(user: int) -> str:
    """Return what a user is called."""
    return f"person{user + 1:02}"


def title(chance: random.Random) -> str:
    """Return a title of 3 to 9 words."""
    return " ".join(chance.choices(_WORDS, k=chance.randint(3, 9))).capitalize()


def description(chance: random.Random) -> str:
    """Return nothing (1 in 5) or up to six sentences."""
    if chance.random() < 0.2:
        return ""
    return " ".join(
        f"{' '.join(chance.choices(_WORDS, k=chance.randint(4, 16))).capitalize()}."
        for _ in range(chance.randint(1, 6))
    )


def _uuid(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


def _project(chance: random.Random, index: int) -> Project:
    others = [user for user in range(USERS) if user != CALLER]
    # The caller belongs to six of the ten, so that visibility has something to hide.
    members = ([CALLER] if index < 6 else []) + chance.sample(others, MEMBERS - 1)
    return Project(f"P{index + 1}", title(chance), tuple(members))


def _task(chance: random.Random, index: int, project: int, members: tuple[int, ...], before: list[int]) -> Task:
    status = chance.choice(STATUSES)
    created = _START + timedelta(minutes=7 * index, microseconds=chance.randrange(1_000_000))
    several = chance.random() < 0.1
    people = chance.randint(2, 4) if several else int(chance.random() < 0.75)
    return Task(
        uuid=_uuid(chance),
        project=project,
        number=len(before) + 1,
        title=title(chance),
        description=description(chance),
        status=status,
        priority=chance.choice(PRIORITIES),
        assignees=tuple(chance.sample(members, people)),
        labels=labels(chance),
        parent=chance.choice(before) if before and chance.random() < 0.05 else None,
        due_at=created + timedelta(days=chance.randint(1, 60)) if chance.random() < 0.5 else None,
        created_by=chance.choice(members),
        created_at=created,
        completed_at=created + timedelta(days=2) if status == "done" else None,
        comments=tuple((chance.choice(members), title(chance)) for _ in range(chance.choice((0, 0, 0, 1, 3)))),
    )


def labels(chance: random.Random) -> tuple[str, ...]:
    """Return one to three labels for 3 tasks in 10."""
    return tuple(sorted(chance.sample(LABELS, chance.randint(1, 3)))) if chance.random() < 0.3 else ()
