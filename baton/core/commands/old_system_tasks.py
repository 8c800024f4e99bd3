"""The tasks of an older system, what was said of them and what is told of their past."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any

import msgspec
from django.db.models import F
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.checks import TEXT_LENGTH, TITLE_LENGTH
from baton.core.commands.comments import COMMENT_LENGTH
from baton.core.commands.old_ids import OldIds
from baton.core.commands.old_system_people import USER
from baton.core.commands.old_systems import OldSystem, OldTask, Tell
from baton.core.commands.task_tally import kind_of
from baton.core.commands.task_titles import kept_title
from baton.core.events.facts.comments import CommentAdded
from baton.core.events.facts.projects import HistoryImported
from baton.core.events.facts.tasks import TaskCreated
from baton.core.events.record import record
from baton.core.models import Assignment, Comment, Priority, Project, Status, Tally, Task
from baton.lib import rank
from baton.lib.unit_of_work import unit_of_work

TASK, COMMENT, CHANGE = "task", "comment", "change"
_Owned = tuple[OldTask, int]
_AT_ONCE = 500


def import_tasks(actor: Actor, old: OldSystem, project_id: int | None, ids: OldIds, *, tell: Tell) -> None:
    """Make the tasks in the project, or each in its creator's inbox."""
    new = [task for task in old.tasks if not ids.is_here(TASK, task.old_id)]
    kept = ids.keepable(Task, (task.old_id for task in new))
    moved = len(new) - len(kept) if new and new[0].old_id.isdecimal() else 0
    if moved:
        ids.report.notes.append(f"Tasks with another number here, since theirs is taken: {moved}.")
    homes: dict[int, list[_Owned]] = defaultdict(list)
    for task in new:
        creator = ids.find(USER, task.creator)
        if creator is None:
            ids.leave_out(TASK, f"Task {task.old_id} ({task.title!r}) belongs to nobody who is here.")
            tell(1)
        else:
            homes[project_id or _inbox_of(creator)].append((task, creator))
    for home, tasks in homes.items():
        _Placing(actor, home, ids, kept).place(tasks)
        tell(len(tasks))


def import_comments(actor: Actor, old: OldSystem, ids: OldIds, *, tell: Tell) -> None:
    """Bring the comments, their authors and times with them."""
    projects = _projects_of(ids, old)
    rows: list[tuple[str, Comment]] = []
    for comment in old.comments:
        tell(1)
        if ids.is_here(COMMENT, comment.old_id):
            continue
        task, author = ids.find(TASK, comment.task), ids.find(USER, comment.author)
        if task not in projects or author is None:
            ids.leave_out(COMMENT, f"Comment {comment.old_id} has no task or no author here.")
            continue
        text = _text(comment.text, COMMENT_LENGTH)
        rows.append((comment.old_id, Comment(task_id=task, author_id=author, text=text, created_at=comment.at)))
    Comment.objects.bulk_create([row for _, row in rows], _AT_ONCE)
    _count_comments(Counter(row.task_id for _, row in rows))
    now = timezone.now()
    with unit_of_work():
        for old_id, row in rows:
            ids.note(COMMENT, old_id, row.pk)
            fact, changes = CommentAdded(comment=row.pk), {"text": (None, row.text)}
            record(actor, fact, at=now, project_id=projects[row.task_id], task_id=row.task_id, changes=changes)


def import_changes(actor: Actor, old: OldSystem, ids: OldIds, *, tell: Tell) -> None:
    """Tell the log what the older system told of its tasks."""
    projects = _projects_of(ids, old)
    now = timezone.now()
    with unit_of_work():
        for change in old.changes:
            tell(1)
            if ids.is_here(CHANGE, change.old_id):
                continue
            task = ids.find(TASK, change.task)
            if task is None or task not in projects:
                ids.leave_out(CHANGE, f"Entry {change.old_id} of the history has no task here.")
                continue
            fact = HistoryImported(
                told="task.edited",
                actor="",
                at=msgspec.to_builtins(change.at.astimezone(UTC)),
                changes={change.field: [None, change.value]},
                details={"said": change.said},
            )
            record(actor, fact, at=now, project_id=projects[task], task_id=task)
            ids.note(CHANGE, change.old_id, task)


class _Placing:
    """The new tasks of one project."""

    def __init__(self, actor: Actor, project_id: int, ids: OldIds, kept: dict[str, int]) -> None:
        self._actor = actor
        self._ids = ids
        self._kept = kept
        self._now = timezone.now()
        self._project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
        self._titles = _titles_in(self._project)
        self._uuids: set[Any] = set()

    def place(self, owned: Sequence[_Owned]) -> None:
        """Write the rows and tell the log."""
        tasks = [task for task, _ in owned]
        wanted = [task.uuid for task in tasks if task.uuid is not None]
        self._uuids = set(Task.objects.filter(uuid__in=wanted).values_list("uuid", flat=True))
        rows = [self._row(task, creator) for task, creator in owned]
        workers = [self._workers(task) for task in tasks]
        for row, people in zip(rows, workers, strict=True):
            row.lead_id, row.assignees_count = people[0] if people else None, len(people)
        # Django inserts those that have their ids first.
        Task.objects.bulk_create(rows, _AT_ONCE)
        Assignment.objects.bulk_create(
            [
                Assignment(task=row, user_id=user, position=position)
                for row, people in zip(rows, workers, strict=True)
                for position, user in enumerate(people)
            ],
            _AT_ONCE,
        )
        kinds = Counter(kind for row in rows if (kind := kind_of(row)))
        Tally.objects.bulk_create(Tally(**kind._asdict(), difference=count) for kind, count in kinds.items())
        self._project.tasks_count += len(rows)
        self._project.save(update_fields=["last_number", "tasks_count"])
        self._tell(tasks, rows, workers)

    def _row(self, old: OldTask, creator: int) -> Task:
        project = self._project
        project.last_number += 1
        title = self._title(old)
        created_at = old.created_at or self._now
        updated_at = old.updated_at or created_at
        row = Task(
            pk=self._kept.get(old.old_id),
            project=project,
            number=project.last_number,
            title=title,
            unique_title=kept_title(project, title),
            description=_text(old.description, TEXT_LENGTH),
            status=old.status,
            priority=Priority.MEDIUM,
            due_at=old.due_at,
            rank=rank.initial(project.last_number),
            created_by_id=creator,
            created_at=created_at,
            updated_at=updated_at,
            completed_at=updated_at if old.status == Status.DONE else None,
        )
        if old.uuid is not None and old.uuid not in self._uuids:
            row.uuid = old.uuid
        return row

    def _title(self, old: OldTask) -> str:
        title = plain = " ".join(_text(old.title, TITLE_LENGTH).split("\n")).replace("\r", " ").strip() or "?"
        number = 1
        while self._project.unique_titles and title in self._titles:
            number += 1
            title = f"{plain[: TITLE_LENGTH - 12]} ({number})"
        self._titles.add(title)
        if title != old.title:
            self._ids.report.notes.append(f"Task {old.old_id}, {old.title!r}, is called {title!r} here.")
        return title

    def _workers(self, old: OldTask) -> list[int]:
        found = (self._ids.find(USER, user) for user in old.assignees)
        return list(dict.fromkeys(user for user in found if user is not None))

    def _tell(self, tasks: Sequence[OldTask], rows: Sequence[Task], workers: Sequence[list[int]]) -> None:
        with unit_of_work():
            for old, row, people in zip(tasks, rows, workers, strict=True):
                self._ids.note(TASK, old.old_id, row.pk)
                values = {
                    "title": row.title,
                    "description": row.description or None,
                    "status": row.status,
                    "priority": Priority(row.priority).name.lower(),
                    "assigned_to": row.lead_id,
                    "assignees": people or None,
                    "due_date": row.due_at,
                    "completed_at": row.completed_at,
                }
                record(
                    self._actor,
                    TaskCreated(key=f"{self._project.key}-{row.number}"),
                    at=self._now,
                    project_id=self._project.pk,
                    task_id=row.pk,
                    changes={field: (None, value) for field, value in values.items() if value is not None},
                )


def _inbox_of(user_id: int) -> int:
    return Project.objects.get(owner=user_id, is_inbox=True).pk


def _titles_in(project: Project) -> set[str]:
    if not project.unique_titles:
        return set()
    return set(Task.objects.filter(project=project, trashed_at=None).values_list("title", flat=True))


def _projects_of(ids: OldIds, old: OldSystem) -> dict[int, int]:
    """Return the project of every task that is here and was brought."""
    found = {task for said in old.tasks if (task := ids.find(TASK, said.old_id)) is not None}
    projects: dict[int, int] = {}
    for batch in _batches(sorted(found)):
        projects.update(Task.objects.filter(pk__in=batch).values_list("pk", "project_id"))
    return projects


def _count_comments(added: Counter[int]) -> None:
    by_number: dict[int, list[int]] = defaultdict(list)
    for task, number in added.items():
        by_number[number].append(task)
    for number, tasks in by_number.items():
        for batch in _batches(tasks):
            Task.objects.filter(pk__in=batch).update(comments_count=F("comments_count") + number)


def _batches(numbers: list[int]) -> Iterable[list[int]]:
    return (numbers[start : start + _AT_ONCE] for start in range(0, len(numbers), _AT_ONCE))


def _text(text: str, limit: int) -> str:
    """Return the text as it can be kept: without NULs, and not beyond every measure."""
    return text.replace("\0", "")[:limit]
