"""`/task`, `/task/{id}` and `/task/{id}/log`: the tasks of the caller's inbox."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.commands.account_upkeep import ensure_inbox
from baton.core.commands.task_creation import create_task
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.queries.brief_tasks import INBOX, find_inbox, get_brief_task, list_brief_tasks
from baton.surfaces.dialects.taskapi.errors import json_answer
from baton.surfaces.dialects.taskapi.forms import read_form
from baton.surfaces.dialects.taskapi.history import list_log
from baton.surfaces.dialects.taskapi.mapping import show_task
from baton.surfaces.dialects.taskapi.schemas import read_changes, read_filters, read_new_task
from baton.surfaces.dialects.taskapi.view import OneTaskView, TaskApiView, read_task_id
from baton.surfaces.wire.respond import no_content


class Tasks(TaskApiView):
    """`GET` all one's tasks; `POST` a new one."""

    hot = frozenset({"get"})

    def get(self, request: Request) -> HttpResponse:
        """List the tasks, narrowed by `status` and by `completion_at`, the last day."""
        tasks = list_brief_tasks(self.actor, INBOX, read_filters(request))
        return json_answer([show_task(task) for task in tasks])

    def post(self, request: Request) -> HttpResponse:
        """Create a task: 201 with it."""
        fields = read_new_task(read_form(request))
        inbox = find_inbox(self.actor) or ensure_inbox(self.actor, self.actor.person).pk
        return json_answer(show_task(create_task(self.actor, inbox, fields)), 201)


class Task(OneTaskView):
    """One task: `GET`, `PUT` (also as `POST`, as the README has it), `DELETE`."""

    hot = frozenset({"get"})

    def get(self, request: Request, task_id: str) -> HttpResponse:
        """Show the task."""
        return json_answer(show_task(get_brief_task(self.actor, INBOX, read_task_id(task_id))))

    def put(self, request: Request, task_id: str) -> HttpResponse:
        """Change what is sent and not empty; answer with the whole task."""
        present = get_brief_task(self.actor, INBOX, read_task_id(task_id))
        fields = read_changes(read_form(request), present)
        return json_answer(show_task(edit_task(self.actor, present.id, fields)))

    def post(self, request: Request, task_id: str) -> HttpResponse:
        """Do what PUT does."""
        return self.put(request, task_id)

    def delete(self, request: Request, task_id: str) -> HttpResponse:
        """Put the task into the trash: 204."""
        present = get_brief_task(self.actor, INBOX, read_task_id(task_id))
        trash_task(self.actor, present.id)
        return no_content()


class TaskLog(OneTaskView):
    """`GET` what has changed of a task."""

    def get(self, request: Request, task_id: str) -> HttpResponse:
        """List the changes, the oldest first."""
        present = get_brief_task(self.actor, INBOX, read_task_id(task_id))
        return json_answer(list_log(self.actor, present.id))
