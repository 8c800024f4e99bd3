"""Writing an archive's tasks, with what hangs on them, and telling the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.utils import timezone

from baton.adapters.pictures import TYPES as PICTURES
from baton.core.actor import Actor
from baton.core.commands.archive_checks import PRIORITIES
from baton.core.commands.archive_files import Files
from baton.core.commands.import_report import Created
from baton.core.commands.task_labels import by_folded_name
from baton.core.commands.task_tally import kind_of
from baton.core.events.facts.comments import CommentAdded
from baton.core.events.facts.files import ATTACHMENT_FIELDS, AttachmentAdded
from baton.core.events.facts.projects import HistoryImported
from baton.core.events.facts.tasks import TaskCreated
from baton.core.events.record import record
from baton.core.models import Assignment, Attachment, Comment, Label, Origin, Project, Tally, Task, TaskLabel
from baton.core.queries import archive_shapes as shapes
from baton.core.queries.archive_tasks import ATTACHMENT, COMMENT, TASK

_AT_ONCE = 500


class PlacedTasks:
    """The rows of an archive's tasks in a project, made by the importer at one moment."""

    def __init__(self, actor: Actor, project: Project, files: Files, working: dict[str, int]) -> None:
        self._actor = actor
        self._project = project
        self._files = files
        self._working = working
        self._now = timezone.now()
        self._tasks: dict[int, Task] = {}
        self._labels: dict[str, Label] = {}
        self._comments: list[tuple[Comment, shapes.Comment]] = []
        self._attachments: list[tuple[Attachment, shapes.Attachment]] = []

    def place(self, said: Sequence[shapes.Task]) -> None:
        """Write the rows of all tasks. Their labels are there."""
        self._labels = {label.name_folded: label for label in Label.objects.filter(project=self._project)}
        made = Task.objects.bulk_create([self._task(task) for task in said], _AT_ONCE)
        self._tasks = {task.number: task for task in made}
        self._place_parents(said)
        for task in said:
            self._hang_on(self._tasks[task.number], task)
        self._place_people_and_labels(said)
        Comment.objects.bulk_create([row for row, _ in self._comments], _AT_ONCE)
        Attachment.objects.bulk_create([row for row, _ in self._attachments], _AT_ONCE)
        kinds = Counter(kind for task in made if (kind := kind_of(task)))
        Tally.objects.bulk_create(Tally(**kind._asdict(), difference=count) for kind, count in kinds.items())
        Origin.objects.bulk_create(self._origins(said), _AT_ONCE)
        Project.objects.filter(pk=self._project.pk).update(tasks_count=len(made))

    def tell(self, said: Iterable[shapes.Task]) -> None:
        """Record that the tasks, comments and files came into being here."""
        for task in said:
            row = self._tasks[task.number]
            key = f"{self._project.key}-{task.number}"
            self._record(TaskCreated(key=key), row, self._appearing(row, task))
        for comment, _ in self._comments:
            self._record(CommentAdded(comment=comment.pk), comment.task, {"text": (None, comment.text)})
        for file, _ in self._attachments:
            changes = {field: (None, getattr(file, field)) for field in ATTACHMENT_FIELDS}
            self._record(AttachmentAdded(attachment=file.pk), file.task, changes)

    def tell_history(self, history: Iterable[shapes.Fact]) -> None:
        """Record what the archive tells of the time before."""
        for told in history:
            fact = HistoryImported(
                told=told.verb, actor=told.actor or "", at=told.at, changes=told.changes, details=told.details
            )
            self._record(fact, None if told.task is None else self._tasks[told.task], {})

    def count(self, created: Created) -> None:
        """Tell how many rows there are now."""
        created.tasks = len(self._tasks)
        created.comments = len(self._comments)
        created.attachments = len(self._attachments)

    def _task(self, said: shapes.Task) -> Task:
        working = self._workers(said)
        return Task(
            project=self._project,
            number=said.number,
            title=said.title,
            description=said.description,
            status=said.status,
            priority=PRIORITIES[said.priority],
            lead_id=working[0] if working else None,
            due_at=_utc(said.due_date),
            rank=said.rank,
            created_by_id=self._actor.person,
            created_at=_utc(said.created_at),
            updated_at=self._now,
            completed_at=_utc(said.completed_at),
            assignees_count=len(working),
            labels_count=len(by_folded_name(said.labels)),
            comments_count=len(said.comments),
            attachments_count=len(said.attachments),
        )

    def _workers(self, said: shapes.Task) -> list[int]:
        return [self._working[ref] for ref in said.assignees if ref in self._working]

    def _place_parents(self, said: Iterable[shapes.Task]) -> None:
        children = []
        for task in said:
            if task.parent is not None:
                row = self._tasks[task.number]
                row.parent = self._tasks[task.parent]
                children.append(row)
        Task.objects.bulk_update(children, ["parent"], _AT_ONCE)

    def _place_people_and_labels(self, said: Sequence[shapes.Task]) -> None:
        assignments, carried = [], []
        for task in said:
            row = self._tasks[task.number]
            assignments += [
                Assignment(task=row, user_id=user, position=position)
                for position, user in enumerate(self._workers(task))
            ]
            carried += [TaskLabel(task=row, label=self._labels[folded]) for folded in by_folded_name(task.labels)]
        Assignment.objects.bulk_create(assignments, _AT_ONCE)
        TaskLabel.objects.bulk_create(carried, _AT_ONCE)

    def _hang_on(self, task: Task, said: shapes.Task) -> None:
        me = self._actor.person
        for comment in said.comments:
            at, edited_at = _utc(comment.created_at), _utc(comment.edited_at)
            row = Comment(task=task, author_id=me, text=comment.text, created_at=at, edited_at=edited_at)
            self._comments.append((row, comment))
        for file in said.attachments:
            kept = self._files.of(file)
            attachment = Attachment(
                task=task,
                name=kept.name,
                path=kept.path,
                size=file.size,
                content_type=kept.content_type,
                sha256=file.sha256,
                wants_thumbnail=kept.content_type in PICTURES,
                uploaded_by_id=me,
                uploaded_at=_utc(file.uploaded_at),
            )
            self._attachments.append((attachment, file))

    def _origins(self, said: Iterable[shapes.Task]) -> list[Origin]:
        me = self._actor.person
        rows = [self._task_origin(self._tasks[task.number], task) for task in said]
        for comment, told in self._comments:
            placed: dict[str, Any] = {"author": [me, comment.version]}
            rows.append(Origin(kind=COMMENT, thing=comment.pk, said={"author": told.author}, placed=placed))
        for file, was in self._attachments:
            placed = {"uploaded_by": me, "name": file.name, "content_type": file.content_type}
            words = {"uploaded_by": was.uploaded_by, "name": was.name, "content_type": was.content_type}
            rows.append(Origin(kind=ATTACHMENT, thing=file.pk, said=words, placed=placed))
        return rows

    def _task_origin(self, row: Task, said: shapes.Task) -> Origin:
        words = {
            "uuid": said.uuid,
            "created_by": said.created_by,
            "updated_at": msgspec.to_builtins(said.updated_at),
            "assignees": said.assignees,
            "delegated": said.delegated,
            "delegations": msgspec.to_builtins(said.delegations),
        }
        placed = {
            "uuid": str(row.uuid),
            "created_by": row.created_by_id,
            "updated_at": msgspec.to_builtins(row.updated_at),
            "assignees": self._workers(said),
            "delegated": [False, row.lead_id],
        }
        return Origin(kind=TASK, thing=row.pk, said=words, placed=placed)

    def _appearing(self, row: Task, said: shapes.Task) -> dict[str, tuple[None, Any]]:
        values = {
            "title": row.title,
            "description": row.description or None,
            "status": row.status,
            "priority": said.priority,
            "assigned_to": row.lead_id,
            "assignees": self._workers(said) or None,
            "parent": row.parent_id,
            "labels": sorted(self._labels[folded].name for folded in by_folded_name(said.labels)) or None,
            "due_date": row.due_at,
            "completed_at": row.completed_at,
        }
        return {field: (None, value) for field, value in values.items() if value is not None}

    def _record(self, fact: Any, task: Task | None, changes: dict[str, tuple[None, Any]]) -> None:
        task_id = None if task is None else task.pk
        record(self._actor, fact, at=self._now, project_id=self._project.pk, task_id=task_id, changes=changes)


def _utc(moment: datetime | None) -> Any:
    return None if moment is None else moment.astimezone(UTC)
