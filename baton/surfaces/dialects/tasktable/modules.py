"""`/api/taskcreation/`, `/api/taskupdate/`, `/api/addcomment/`: the modules that stand beside `/api/tasks/`."""

from __future__ import annotations

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from baton.core.commands.comments import add_comment
from baton.core.commands.task_creation import create_task
from baton.core.commands.task_handover import edit_or_hand_on
from baton.core.commands.tasks import edit_task
from baton.core.errors import Denied
from baton.core.queries.contact_tasks import find_titled
from baton.surfaces.dialects.tasktable.changes import checked, read_creation, read_update
from baton.surfaces.dialects.tasktable.dialect import COMMENTS
from baton.surfaces.dialects.tasktable.mapping import is_strict
from baton.surfaces.dialects.tasktable.project import tasks_place, tasks_project
from baton.surfaces.dialects.tasktable.schemas import CreationIn, NamedCommentIn, UpdateIn
from baton.surfaces.dialects.tasktable.view import FormView


class TaskCreation(FormView):
    """Create a task."""

    name = "Task Creation"
    shape = CreationIn

    def post(self, request: Request) -> Response:
        """Answer 201 with the new task's id, under a key that holds its name."""
        task = create_task(self.actor, tasks_project(self.actor), read_creation(request.data))
        return Response({f"task '{task.title}' created successfully. Task id": task.pk}, 201)


class TaskUpdate(FormView):
    """Replace everything of a task."""

    name = "Task Update"
    shape = UpdateIn

    def put(self, request: Request) -> Response:
        """Answer with a sentence; in strict mode who performs the task may not hand it on."""
        present, fields = read_update(self.actor, request.data)
        if not is_strict():
            task = edit_or_hand_on(self.actor, present.id, fields)
            return self._done(task.title)
        try:
            task = edit_task(self.actor, present.id, fields)
        except Denied:
            # Raises for who may not edit it at all; else it was the performer.
            edit_task(self.actor, present.id, {})
            return Response({"Failure": "You cannot change the task performer"}, 403)
        return self._done(task.title)

    def _done(self, name: str) -> Response:
        return Response({"Success": f"task '{name}' has been updated"})


class AddComment(FormView):
    """Comment on a task by its name."""

    dialect = COMMENTS
    name = "Add Comment"
    shape = NamedCommentIn

    def post(self, request: Request) -> Response:
        """Answer 201 with a sentence."""
        said = checked(NamedCommentIn(data=request.data))
        found = find_titled(self.actor, tasks_place(), said["task_name"])
        if not found:
            raise ValidationError({"task_name": ["there is no task with that name"]})
        if len(found) > 1:  # in a project of the operator's, whose titles are not told apart
            raise ValidationError({"task_name": ["there are several tasks with that name"]})
        add_comment(self.actor, found[0], said["description"])
        return Response({"success": "Comment on the task was published successfully"}, 201)
