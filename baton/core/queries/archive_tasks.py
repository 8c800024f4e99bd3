"""A project's tasks for its archive, some hundred at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgspec

from baton.core.models import Assignment, Attachment, Comment, Delegation, Origin, Priority, Project, Task, TaskLabel
from baton.core.queries import archive_shapes as shapes
from baton.core.queries.archive_people import People

TASK, COMMENT, ATTACHMENT = "task", "comment", "attachment"
_AT_ONCE = 200
_Row = TypeVar("_Row", bound=Any)
Said = dict[str, Any]


def tasks_of(project: Project, people: People) -> Iterator[shapes.Task]:
    """Yield the tasks of the project that are not in the trash, by number."""
    tasks = Task.objects.filter(project=project, trashed_at=None).order_by("number")
    last = 0
    while found := list(tasks.filter(number__gt=last).select_related("parent")[:_AT_ONCE]):
        last = found[-1].number
        yield from _Chunk(found, people).records()


def as_said(origin: Origin | None, present: Said) -> Said:
    """Return what the archive said of those fields that still hold what the import placed."""
    if origin is None:
        return {}
    return {
        field: origin.said[field]
        for field, value in present.items()
        if field in origin.said and origin.placed[field] == value
    }


class _Chunk:
    """Some tasks, with all that hangs on them looked up at once."""

    def __init__(self, tasks: list[Task], people: People) -> None:
        keys = [task.pk for task in tasks]
        self._tasks = tasks
        self._people = people
        self._assigned = _by_task(Assignment.objects.filter(task__in=keys).order_by("position"))
        self._labels = _by_task(TaskLabel.objects.filter(task__in=keys).select_related("label"))
        self._comments = _by_task(Comment.objects.filter(task__in=keys).order_by("created_at", "id"))
        self._delegations = _by_task(Delegation.objects.filter(task__in=keys).order_by("created_at", "id"))
        kept = Attachment.objects.filter(task__in=keys, trashed_at=None)
        self._attachments = _by_task(kept.order_by("uploaded_at", "id"))
        self._origins = {
            **_origins(TASK, keys),
            **_origins(COMMENT, (row.pk for rows in self._comments.values() for row in rows)),
            **_origins(ATTACHMENT, (row.pk for rows in self._attachments.values() for row in rows)),
        }
        people.look_up(self._mentioned())

    def records(self) -> Iterator[shapes.Task]:
        """Yield the archive's record of each task."""
        return (self._task(task) for task in self._tasks)

    def _mentioned(self) -> Iterator[int]:
        yield from (task.created_by_id for task in self._tasks)
        yield from (row.user_id for rows in self._assigned.values() for row in rows)
        yield from (row.author_id for rows in self._comments.values() for row in rows)
        yield from (row.uploaded_by_id for rows in self._attachments.values() for row in rows)
        for rows in self._delegations.values():
            yield from (user for row in rows for user in (row.giver_id, row.receiver_id))

    def _task(self, task: Task) -> shapes.Task:
        assignees = [row.user_id for row in self._assigned[task.pk]]
        origin = self._origins.get((TASK, task.pk))
        said = as_said(
            origin,
            {
                "uuid": str(task.uuid),
                "created_by": task.created_by_id,
                "updated_at": msgspec.to_builtins(task.updated_at),
                "assignees": assignees,
                "delegated": [task.delegated, task.lead_id],
            },
        )
        refs = said["assignees"] if "assignees" in said else [self._people.ref(user) for user in assignees]
        parent = task.parent if task.parent and not task.parent.trashed_at else None
        return shapes.Task(
            number=task.number,
            uuid=said.get("uuid", str(task.uuid)),
            title=task.title,
            description=task.description,
            status=task.status,
            priority=Priority(task.priority).name.lower(),
            assignees=[self._people.name(ref) for ref in refs],
            delegated=said.get("delegated", task.delegated),
            parent=parent.number if parent else None,
            labels=sorted(row.label.name for row in self._labels[task.pk]),
            due_date=task.due_at,
            rank=task.rank,
            created_by=self._author(said, "created_by", task.created_by_id),
            created_at=task.created_at,
            updated_at=said.get("updated_at", task.updated_at),
            completed_at=task.completed_at,
            comments=[self._comment(row) for row in self._comments[task.pk]],
            delegations=[*self._told(origin), *(self._delegation(row) for row in self._delegations[task.pk])],
            attachments=[self._attachment(row) for row in self._attachments[task.pk]],
        )

    def _comment(self, row: Comment) -> shapes.Comment:
        said = as_said(self._origins.get((COMMENT, row.pk)), {"author": [row.author_id, row.version]})
        return shapes.Comment(
            author=self._author(said, "author", row.author_id),
            text=row.text,
            created_at=row.created_at,
            edited_at=row.edited_at,
        )

    def _attachment(self, row: Attachment) -> shapes.Attachment:
        present = {"uploaded_by": row.uploaded_by_id, "name": row.name, "content_type": row.content_type}
        said = as_said(self._origins.get((ATTACHMENT, row.pk)), present)
        return shapes.Attachment(
            name=said.get("name", row.name),
            size=row.size,
            content_type=said.get("content_type", row.content_type),
            sha256=row.sha256,
            uploaded_by=self._author(said, "uploaded_by", row.uploaded_by_id),
            uploaded_at=row.uploaded_at,
        )

    def _delegation(self, row: Delegation) -> shapes.Delegation:
        return shapes.Delegation(
            giver=self._people.ref(row.giver_id),
            receiver=self._people.ref(row.receiver_id),
            state=row.state,
            note=row.note,
            answer=row.answer,
            created_at=row.created_at,
            answered_at=row.answered_at,
        )

    def _told(self, origin: Origin | None) -> Iterator[shapes.Delegation]:
        """Yield the delegations that the task brought along from elsewhere."""
        for said in origin.said["delegations"] if origin else ():
            delegation = msgspec.convert(said, shapes.Delegation)
            self._people.name(delegation.giver)
            self._people.name(delegation.receiver)
            yield delegation

    def _author(self, said: Said, field: str, user_id: int) -> str:
        return self._people.name(said[field]) if field in said else self._people.ref(user_id)


def _by_task(rows: Iterable[_Row]) -> defaultdict[int, list[_Row]]:
    found: defaultdict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.task_id].append(row)
    return found


def _origins(kind: str, things: Iterable[int]) -> dict[tuple[str, int], Origin]:
    keys = list(things)
    return {(kind, row.thing): row for row in Origin.objects.filter(kind=kind, thing__in=keys)} if keys else {}
