"""Is an archive from somebody else sound? Every error is named before anything is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings

from baton.core.commands.checks import ASSIGNEES_PER_TASK, check_choice, check_line, check_moment, check_text
from baton.core.commands.comments import COMMENT_LENGTH
from baton.core.commands.projects import check_fields as check_project_fields
from baton.core.commands.task_fields import check_fields as check_task_fields
from baton.core.errors import FieldError
from baton.core.models import Priority, Role, Status
from baton.core.models.delegation import DelegationState
from baton.core.queries import archive_shapes as shapes
from baton.lib import rank
from baton.lib.zip_archives import ArchiveReader

PRIORITIES = {priority.name.lower(): priority.value for priority in Priority}
_LARGEST_NUMBER = 2**31 - 1
_LONGEST_WORD = 300
_SHA256 = re.compile(r"[0-9a-f]{64}")
_VERB = re.compile(r"[a-z_]{1,20}\.[a-z_]{1,20}")
_RANK = re.compile(rf"[0-9a-z]{{9,{rank.MAX_LENGTH}}}")
_TYPE = re.compile(r"[\w.+-]{1,50}/[\w.+-]{1,49}(; ?[\w=.+-]{1,60})?", re.ASCII)

Errors = Iterator[FieldError]


def check_archive(archive: shapes.Archive, reader: ArchiveReader) -> Errors:
    """Yield everything that is wrong with an archive whose JSON has the right shape."""
    if (archive.format, archive.version) != (shapes.FORMAT, shapes.VERSION):
        yield FieldError("/version", "unknown_format", "This is no archive of version 1.")
        return
    yield from _check_project(archive.project)
    yield from _check_people(archive)
    for index, task in enumerate(archive.tasks):
        yield from _inside(f"/tasks/{index}", _check_task(task, archive.project.last_number))
    yield from _check_unique("number", [task.number for task in archive.tasks])
    yield from _check_unique("rank", [task.rank for task in archive.tasks])
    yield from _check_parents(archive.tasks)
    numbers = {task.number for task in archive.tasks}
    for index, fact in enumerate(archive.history):
        yield from _inside(f"/history/{index}", _check_fact(fact, numbers))
    yield from _check_files(archive, reader)


def _check_project(project: shapes.Project) -> Errors:
    said: Any = {"name": project.name, "description": project.description, "visibility": project.visibility}
    yield from _inside("/project", check_project_fields(said))
    yield from _inside("/project", check_moment("/created_at", project.created_at))
    yield from _inside("/project", check_moment("/updated_at", project.updated_at))
    yield from _inside("/project", _check_words({"/uuid": project.uuid, "/key": project.key}))
    if not 0 <= project.last_number <= _LARGEST_NUMBER:
        yield FieldError("/project/last_number", "out_of_range", "This is no number of a task.")
    for index, label in enumerate(project.labels):
        said = {"labels": [label]}
        yield from (replace(error, pointer=f"/project/labels/{index}") for error in check_task_fields(said))
    for index, member in enumerate(project.members):
        yield from check_choice(f"/project/members/{index}/role", member.role, Role.values)


def _check_people(archive: shapes.Archive) -> Errors:
    known = {person.ref for person in archive.people}
    if len(known) < len(archive.people):
        yield FieldError("/people", "repeated", "Somebody stands here twice.")
    for index, person in enumerate(archive.people):
        if not person.ref:
            yield FieldError(f"/people/{index}/ref", "blank", "This may not be empty.")
        words = {"/ref": person.ref, "/name": person.name, "/email": person.email or ""}
        yield from _inside(f"/people/{index}", _check_words(words))
    for missing in sorted(set(_named(archive)) - known)[:100]:
        yield FieldError("/people", "missing", f"{missing[:_LONGEST_WORD]!r} is named, but is not here.")


def _named(archive: shapes.Archive) -> Iterator[str]:
    yield archive.project.owner
    yield from (member.person for member in archive.project.members)
    yield from (fact.actor for fact in archive.history if fact.actor is not None)
    for task in archive.tasks:
        yield task.created_by
        yield from task.assignees
        yield from (comment.author for comment in task.comments)
        yield from (file.uploaded_by for file in task.attachments)
        yield from (person for delegation in task.delegations for person in (delegation.giver, delegation.receiver))


def _check_task(task: shapes.Task, last_number: int) -> Errors:
    said: Any = {
        "title": task.title,
        "description": task.description,
        "status": task.status,
        "labels": task.labels,
        "due_at": task.due_date,
    }
    yield from check_task_fields(said)
    yield from check_choice("/priority", task.priority, PRIORITIES)
    yield from _check_words({"/uuid": task.uuid})
    for field in ("created_at", "updated_at", "completed_at"):
        yield from check_moment(f"/{field}", getattr(task, field))
    if not 1 <= task.number <= last_number:
        yield FieldError("/number", "out_of_range", "The number must lie between 1 and the project's last number.")
    elif task.rank != rank.initial(task.number) and not _RANK.fullmatch(task.rank):
        yield FieldError("/rank", "invalid", "This is no place in an order.")
    if (task.status == Status.DONE) != (task.completed_at is not None):
        yield FieldError("/completed_at", "contradiction", "A task has this time when, and only when, it is done.")
    if len(task.assignees) > ASSIGNEES_PER_TASK or len(set(task.assignees)) < len(task.assignees):
        yield FieldError("/assignees", "invalid", f"At most {ASSIGNEES_PER_TASK} people, each of them once.")
    for index, comment in enumerate(task.comments):
        yield from _inside(f"/comments/{index}", _check_comment(comment))
    for index, delegation in enumerate(task.delegations):
        yield from _inside(f"/delegations/{index}", _check_delegation(delegation))
    for index, file in enumerate(task.attachments):
        yield from _inside(f"/attachments/{index}", _check_attachment(file))


def _check_comment(comment: shapes.Comment) -> Errors:
    if not comment.text.strip():
        yield FieldError("/text", "blank", "This may not be empty.")
    yield from check_text("/text", comment.text, COMMENT_LENGTH)
    yield from check_moment("/created_at", comment.created_at)
    yield from check_moment("/edited_at", comment.edited_at)


def _check_delegation(delegation: shapes.Delegation) -> Errors:
    yield from check_choice("/state", delegation.state, DelegationState.values)
    yield from check_text("/note", delegation.note)
    yield from check_text("/answer", delegation.answer)
    yield from check_moment("/created_at", delegation.created_at)
    yield from check_moment("/answered_at", delegation.answered_at)


def _check_attachment(file: shapes.Attachment) -> Errors:
    yield from check_line("/name", file.name, _LONGEST_WORD)
    yield from check_moment("/uploaded_at", file.uploaded_at)
    if not _SHA256.fullmatch(file.sha256):
        yield FieldError("/sha256", "invalid", "This is no SHA-256 in hexadecimal.")
    if not _TYPE.fullmatch(file.content_type):
        yield FieldError("/content_type", "invalid", "This is no media type.")
    if not 0 <= file.size <= settings.BATON_MAX_ATTACHMENT:
        yield FieldError("/size", "too_large", f"A file may have at most {settings.BATON_MAX_ATTACHMENT:,} bytes.")


def _check_fact(fact: shapes.Fact, numbers: set[int]) -> Errors:
    if not _VERB.fullmatch(fact.verb):
        yield FieldError("/verb", "invalid", "This is no verb.")
    if fact.task is not None and fact.task not in numbers:
        yield FieldError("/task", "not_found", "There is no task of this number in the archive.")
    try:
        is_aware = datetime.fromisoformat(fact.at).tzinfo is not None
    except ValueError:
        is_aware = False
    if not is_aware or len(fact.at) > 40:
        yield FieldError("/at", "invalid", "This must be a time with its offset.")
    for field in ("changes", "details"):
        if any(check_text("", text, len(text)) for text in _texts(getattr(fact, field))):
            yield FieldError(f"/{field}", "characters", "Null characters and lone surrogates are not allowed.")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(key)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _check_parents(tasks: list[shapes.Task]) -> Errors:
    parents = {task.number: task.parent for task in tasks}
    is_good: set[int] = set()
    for index, task in enumerate(tasks):
        way: set[int] = set()
        number: int | None = task.number
        while number is not None and number not in is_good and number not in way and number in parents:
            way.add(number)
            number = parents[number]
        if number is not None and number not in parents:
            yield FieldError(f"/tasks/{index}/parent", "not_found", "There is no task of this number in the archive.")
        elif number in way:
            yield FieldError(f"/tasks/{index}/parent", "cycle", "A task can't be part of itself.")
        is_good |= way


def _check_files(archive: shapes.Archive, reader: ArchiveReader) -> Errors:
    wanted = {file.sha256: file.size for task in archive.tasks for file in task.attachments}
    for sha256, size in sorted(wanted.items()):
        if reader.size_of(shapes.FILES + sha256) != size:
            yield FieldError(
                "/file", "file_missing", f"{sha256} is missing, or has another size than the archive says."
            )
    known = {shapes.DOCUMENT, *(shapes.FILES + sha256 for sha256 in wanted)}
    for name in [name for name in reader.names() if name not in known][:100]:
        yield FieldError("/file", "unexpected_entry", f"{name[:_LONGEST_WORD]!r} is no part of a project's archive.")


def _check_unique(field: str, values: list[Any]) -> Errors:
    for value in [value for value, count in Counter(values).items() if count > 1][:100]:
        yield FieldError(f"/tasks/{values.index(value)}/{field}", "repeated", "Another task has the same.")


def _check_words(words: dict[str, str]) -> Errors:
    for pointer, word in words.items():
        yield from check_text(pointer, word, _LONGEST_WORD)


def _inside(pointer: str, errors: Iterable[FieldError]) -> Errors:
    return (replace(error, pointer=pointer + error.pointer) for error in errors)
