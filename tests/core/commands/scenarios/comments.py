"""Comments."""

from __future__ import annotations

from baton.core.commands import comments, undo
from baton.core.models import Comment, Event, Task
from tests.cast import Cast
from tests.core.commands.scenarios.full_task import Scenario
from tests.factories import actor_of


def _comment(task: Task) -> int:
    return Comment.objects.get(task=task).pk


def _deleted_comment(cast: Cast, task: Task) -> int:
    comments.delete_comment(actor_of(cast.owner), _comment(task))
    return Event.objects.latest("pk").pk


SCENARIOS: dict[str, list[Scenario]] = {
    "comments.add_comment": [lambda cast, task: comments.add_comment(actor_of(cast.editor), task.pk, "Still.")],
    "comments.edit_comment": [
        lambda cast, task: comments.edit_comment(actor_of(cast.owner), _comment(task), "It leaks.")
    ],
    "comments.restore_comment": [
        lambda cast, task: undo.undo_event(actor_of(cast.owner), _deleted_comment(cast, task))
    ],
    "comments.delete_comment": [lambda cast, task: comments.delete_comment(actor_of(cast.owner), _comment(task))],
}
