"""The tasks of the caller's inbox."""

from __future__ import annotations

import re
from typing import Any, ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from baton.core.actor import Actor
from baton.core.commands.account_upkeep import ensure_inbox
from baton.core.commands.task_creation import create_task
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.errors import NotFound, Stale
from baton.core.models import Task as TaskRow
from baton.core.queries import shapes
from baton.core.queries.brief_tasks import find_inbox
from baton.core.queries.inbox import NumberedPage, get_inbox_task, list_inbox
from baton.surfaces.dialects.taskmaster.mapping import show_task, task_fields
from baton.surfaces.dialects.taskmaster.schemas import TaskIn, read_parts, read_whole
from baton.surfaces.dialects.taskmaster.view import TaskmasterView

PAGE_SIZE = 10
EDIT_TRIES = 5

_PAGE = re.compile(r"[1-9][0-9]{0,8}", re.ASCII).fullmatch


class TaskCreation(TaskmasterView):
    """`POST` a new task, at the address that the original really had."""

    def post(self, request: Request) -> Response:
        """Answer 201 with the task."""
        values = read_whole(TaskIn, request.data)
        task = create_task(self.actor, inbox_of(self.actor), task_fields(values))
        return Response(show_task(task), 201)


class Tasks(TaskCreation):
    """`GET` a page of tasks, the oldest first; `POST` a new one, as the original's README has it."""

    hot: ClassVar = frozenset({"get"})

    def get(self, request: Request) -> Response:
        """List tasks by `?page=`. A page that there isn't is a 404."""
        number = _page_number(request)
        page = list_inbox(self.actor, number, PAGE_SIZE)
        return Response(
            {
                "count": page.count,
                "previous": _link(request, number - 1, page),
                "next": _link(request, number + 1, page),
                "results": [show_task(task) for task in page.tasks],
            }
        )


class Task(TaskmasterView):
    """One task: `GET`, `PUT` (which changes what is sent), `DELETE` (into the trash)."""

    hot: ClassVar = frozenset({"get"})

    def get(self, request: Request, task_id: UUID) -> Response:
        """Show the task."""
        return Response(show_task(_find(self.actor, task_id)))

    def put(self, request: Request, task_id: UUID) -> Response:
        """Change what is sent."""
        return Response(show_task(_edit(self.actor, task_id, request.data)))

    def delete(self, request: Request, task_id: UUID) -> Response:
        """Put the task into the trash: 200 with a message."""
        trash_task(self.actor, _find(self.actor, task_id).id)
        return Response({"message": "Task deleted successfully"})


def inbox_of(actor: Actor) -> int:
    """Return the id of the project where the actor's tasks lie."""
    return find_inbox(actor) or ensure_inbox(actor, actor.person).pk


def _find(actor: Actor, task_id: UUID) -> shapes.InboxTask:
    try:
        return get_inbox_task(actor, task_id)
    except NotFound:
        raise NotFound("Task not found", code="task_not_found") from None


def _edit(actor: Actor, task_id: UUID, sent: Any) -> TaskRow:
    """Change what was sent and differs from what is shown.

    What is shown may change meanwhile, and with it what the sent means: then it is looked at again. The last writer
    wins, but only over what it has written.
    """
    for tries_left in reversed(range(EDIT_TRIES)):
        task = _find(actor, task_id)
        values = read_parts(TaskIn, sent, show_task(task))
        try:
            version = task.version if tries_left else None
            return edit_task(actor, task.id, task_fields(values, task.status), expected_version=version)
        except Stale:
            continue
    raise AssertionError("the last try asks for no version")


def _page_number(request: Request) -> int:
    sent = request.query_params.get("page") or "1"
    if not _PAGE(sent):
        raise NotFound
    return int(sent)


def _link(request: Request, number: int, page: NumberedPage) -> str | None:
    """Return the address of a neighbouring page, with everything else that was asked."""
    if not 1 <= number <= -(-page.count // PAGE_SIZE):
        return None
    here = request.build_absolute_uri()
    return remove_query_param(here, "page") if number == 1 else replace_query_param(here, "page", number)
