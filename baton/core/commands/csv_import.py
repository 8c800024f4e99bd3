"""Importing tasks from a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from io import TextIOWrapper
from typing import IO

from django.db import transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.access import lock_project, require
from baton.core.commands.checks import refuse
from baton.core.commands.import_report import DryRun, Report
from baton.core.commands.projects import create_project
from baton.core.commands.task_creation import create_task
from baton.core.commands.task_fields import TaskFields, check_fields
from baton.core.commands.tasks import edit_task
from baton.core.errors import FieldError, Invalid
from baton.core.events.facts.projects import ProjectImported
from baton.core.events.record import record
from baton.core.models import Label, Priority, Project, Status
from baton.core.policies.projects import can_import_into_project
from baton.core.policies.visibility import users_who_see
from baton.lib.csv_cells import read_rows, split_words
from baton.lib.text import fold

COLUMNS = ("key", "title", "description", "status", "priority", "due_date", "assigned_to", "labels", "parent")
IGNORED = frozenset({"created_by", "created_at", "updated_at", "completed_at"})
"""What an export has besides, and only the server can say."""

MOST_ROWS = 2000
_MOST_ERRORS = 1000
_PRIORITIES = {priority.name.lower(): priority.value for priority in Priority}


@dataclass(slots=True)
class _Row:
    line: int
    cells: dict[str, str]
    task_id: int | None = None
    errors: list[FieldError] = field(default_factory=list)

    def refuse(self, column: str, code: str, detail: str) -> None:
        self.errors.append(FieldError(f"/lines/{self.line}/{column}", code, detail))


def import_csv(
    actor: Actor, file: IO[bytes], project_id: int | None = None, *, name: str = "", dry_run: bool = False
) -> Report:
    """Create a task for each row, in a project or in a new one called `name`: all of them or none.

    Errors point at `/lines/{line}/{column}`. Raises NotFound, Denied, and Invalid except in a dry run, which reports
    what is wrong.
    """
    report = Report("csv")
    try:
        with transaction.atomic():
            project = _project(actor, project_id, name)
            _import(actor, project, _rows(file), report)
            report.created.projects = 0 if project_id else 1
            report.project_id, report.project_key = project.pk, project.key
            if dry_run:
                raise DryRun
    except DryRun:
        report.project_id = project_id
    except Invalid as error:
        if not dry_run:
            raise
        report = Report("csv", project_id, errors=list(error.errors))
    return report


def _project(actor: Actor, project_id: int | None, name: str) -> Project:
    if project_id is None:
        return create_project(actor, {"name": name})
    project = lock_project(actor, project_id)
    require(can_import_into_project(actor, project), "You may not create tasks in this project.")
    return project


def _import(actor: Actor, project: Project, rows: list[_Row], report: Report) -> None:
    people = _find_people(project, rows)
    labels_before = Label.objects.filter(project=project).count()
    keys = _keys(rows)
    for row in rows:
        _create(actor, project, row, keys, people)
    for row in rows:
        _put_under_parent(actor, row, keys)
    refuse([error for row in rows for error in row.errors][:_MOST_ERRORS])
    named = dict.fromkeys(name for row in rows for name in split_words(row.cells["assigned_to"]))
    report.people.matched = [name for name in named if fold(name) in people]
    report.people.unmatched = [name for name in named if fold(name) not in people]
    if report.people.unmatched:
        report.notes.append("Tasks of people who don't see the project are left to those who do, or to nobody.")
    report.created.tasks = len(rows)
    report.created.labels = Label.objects.filter(project=project).count() - labels_before
    fact = ProjectImported(source="csv", tasks=len(rows), comments=0, attachments=0, history=0)
    record(actor, fact, at=timezone.now(), project_id=project.pk)


def _rows(file: IO[bytes]) -> list[_Row]:
    """Return the rows under the header. Raises Invalid for what is no such table."""
    text = TextIOWrapper(file, "utf-8-sig", newline="")
    line = 0
    try:
        table = read_rows(text)
        line, header = next(table, (0, []))
        columns = _columns(header)
        rows: list[_Row] = []
        for line, cells in table:
            if len(rows) == MOST_ROWS:
                raise Invalid.field("/file", "too_long", f"At most {MOST_ROWS:,} rows can be imported at once.")
            rows.append(_row(line, columns, cells))
    except UnicodeDecodeError:
        raise Invalid.field("/file", "not_utf8", "The file is not UTF-8.") from None
    except csv.Error as error:
        raise Invalid.field(f"/lines/{line + 1}", "bad_csv", f"From here on this is no CSV: {error}.") from None
    finally:
        text.detach()
    refuse([error for row in rows for error in row.errors][:_MOST_ERRORS])
    return rows


def _columns(header: list[str]) -> list[str]:
    columns = [name.strip().lower() for name in header]
    refuse(_check_columns(columns))
    return columns


def _check_columns(columns: list[str]) -> Iterator[FieldError]:
    if "title" not in columns:
        detail = f"The first line must name the columns, `title` among them, with commas between: {', '.join(COLUMNS)}."
        yield FieldError("/lines/1/title", "required", detail)
    for index, name in enumerate(columns[:100]):
        pointer = f"/lines/1/{name[:50]}"
        if name not in COLUMNS and name not in IGNORED:
            yield FieldError(pointer, "unknown_column", f"There is no such column. Known: {', '.join(COLUMNS)}.")
        elif name in columns[:index]:
            yield FieldError(pointer, "repeated_column", "The column is there twice.")


def _row(line: int, columns: list[str], cells: list[str]) -> _Row:
    row = _Row(line, dict.fromkeys(COLUMNS, ""))
    if len(cells) != len(columns):
        row.errors.append(
            FieldError(f"/lines/{line}", "wrong_length", f"There are {len(cells)} cells, but {len(columns)} columns.")
        )
    row.cells.update(zip(columns, cells, strict=False))
    return row


def _keys(rows: list[_Row]) -> dict[str, _Row]:
    """Return the rows by the keys they have in the file."""
    found: dict[str, _Row] = {}
    for row in rows:
        key = row.cells["key"].strip()
        if key and key in found:
            row.refuse("key", "repeated", f"Line {found[key].line} has the same key.")
        elif key:
            found[key] = row
    return found


def _find_people(project: Project, rows: list[_Row]) -> dict[str, int]:
    """Return those who see the project among the usernames of the file, by folded name."""
    named = {fold(name) for row in rows for name in split_words(row.cells["assigned_to"])}
    seeing = users_who_see(project).filter(username_folded__in=sorted(named)[:MOST_ROWS])
    return dict(seeing.values_list("username_folded", "pk"))


def _create(actor: Actor, project: Project, row: _Row, keys: dict[str, _Row], people: dict[str, int]) -> None:
    fields = _fields(row, people)
    parent = row.cells["parent"].strip()
    if parent and parent not in keys:
        row.refuse("parent", "not_found", "No row of the file has this key.")
    elif parent:
        fields["parent_id"] = keys[parent].task_id  # None where it comes further down
    if row.errors:
        row.errors += [replace(error, pointer=f"/lines/{row.line}{error.pointer}") for error in check_fields(fields)]
        return
    try:
        row.task_id = create_task(actor, project.pk, fields).pk
    except Invalid as refusal:
        row.errors += [replace(error, pointer=f"/lines/{row.line}{error.pointer}") for error in refusal.errors]


def _put_under_parent(actor: Actor, row: _Row, keys: dict[str, _Row]) -> None:
    """Give the row's task the parent that was created after it."""
    parent = keys.get(row.cells["parent"].strip())
    if parent is None or row.task_id is None or parent.task_id is None:
        return
    try:
        edit_task(actor, row.task_id, {"parent_id": parent.task_id})
    except Invalid as refusal:
        row.errors += [replace(error, pointer=f"/lines/{row.line}{error.pointer}") for error in refusal.errors]


def _fields(row: _Row, people: dict[str, int]) -> TaskFields:
    cells = row.cells
    fields: TaskFields = {
        "title": cells["title"],
        "description": cells["description"],
        "labels": split_words(cells["labels"]),
        "assignees": [people[fold(name)] for name in split_words(cells["assigned_to"]) if fold(name) in people],
        "status": cells["status"].strip().lower() or Status.TODO.value,
        "due_at": _moment(row, cells["due_date"].strip()),
    }
    priority = cells["priority"].strip().lower() or "medium"
    if priority in _PRIORITIES:
        fields["priority"] = _PRIORITIES[priority]
    else:
        row.refuse("priority", "invalid_choice", f"This must be one of {', '.join(_PRIORITIES)}.")
    return fields


def _moment(row: _Row, text: str) -> datetime | None:
    """Return the time of a cell; a date is midnight in UTC."""
    if not text:
        return None
    try:
        if len(text) == len("2026-12-01"):
            return datetime.combine(date.fromisoformat(text), time(), UTC)
        return datetime.fromisoformat(text)
    except ValueError:
        row.refuse("due_date", "invalid", "This must be a date, or a time with its offset: 2026-12-01T17:00:00Z.")
        return None
