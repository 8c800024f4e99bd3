"""Between the core's tasks and the original's."""

from __future__ import annotations

from datetime import UTC

from django.conf import settings
from rest_framework.request import Request

from baton.core.queries.contact_tasks import Contact, ContactComment, ContactTask
from baton.core.queries.users import name_in_parts
from baton.surfaces.dialects.tasktable.dialect import DIALECT
from baton.surfaces.wire.dialects.links import absolute
from baton.surfaces.wire.dialects.projection import StatusProjection, show_date

STATUS = StatusProjection(
    shown={"todo": "n", "planned": "n", "in_progress": "w", "review": "w", "done": "c"},
    read={"n": "todo", "w": "in_progress", "c": "done"},
)
LABELS = {"n": "New", "w": "In work", "c": "Completed"}


def is_strict() -> bool:
    """Shall the dialect behave as its original first did?"""
    return bool(settings.BATON_TASKTABLE_STRICT)


def task_url(request: Request, task_id: int) -> str:
    """Return the address of a task."""
    return absolute(request, DIALECT, f"/api/tasks/{task_id}/")


def show_row(task: ContactTask, url: str) -> dict[str, object]:
    """Return a task as it stands in the list."""
    return {"url": url, **_words(task), **_people(task), "status": STATUS.show(task.status), **_more(task)}


def show_whole(task: ContactTask, comments: list[ContactComment]) -> dict[str, object]:
    """Return a task with its comments, as it stands alone."""
    said = [show_comment(comment) for comment in comments]
    status = STATUS.show(task.status)
    return {**_words(task), **_people(task), "status": status, "task_comments": said, **_more(task)}


def show_flat(task: ContactTask, url: str) -> dict[str, object]:
    """Return a task as it is written: the people by their ids."""
    flat = {
        "url": url,
        **_words(task),
        "creator": task.creator.id,
        "performer": task.lead and task.lead.id,
        "status": STATUS.show(task.status),
    }
    if is_strict():
        return flat
    return {**flat, "delegated": task.delegated, "performers": [person.id for person in task.assignees]}


def show_comment(comment: ContactComment) -> dict[str, object]:
    """Return a comment, with its time to the minute in UTC."""
    posted = comment.created_at.astimezone(UTC).strftime("%d.%m.%Y %H:%M")
    return {"description": comment.text, "author": show_person(comment.author), "post_date": posted}


def show_person(person: Contact) -> dict[str, object]:
    """Return a person, by the names they have in two parts or else by the one they have."""
    first, last = name_in_parts(person.name, person.first_name, person.last_name)
    return {
        "id": person.id,
        "username": person.username,
        "email": person.email or "",
        "first_name": first,
        "last_name": last,
    }


def _words(task: ContactTask) -> dict[str, object]:
    due = show_date(task.due_at)
    return {
        "id": task.id,
        "name": task.title,
        "specification": task.description,
        "due_date": due and due.isoformat(),
    }


def _people(task: ContactTask) -> dict[str, object]:
    return {"creator": show_person(task.creator), "performer": show_person(task.lead) if task.lead else None}


def _more(task: ContactTask) -> dict[str, object]:
    """Return what the original's author wished for and strict mode leaves out."""
    if is_strict():
        return {}
    return {"delegated": task.delegated, "performers": [show_person(person) for person in task.assignees]}
