"""Who may do what with a task over HTTP: the whole table, every cell stated."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from baton.core.commands.comments import add_comment
from baton.core.commands.task_delegation import delegate_task
from baton.core.models import Role, Task, User
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import actor_of, add_member, make_project, make_task, make_user
from tests.traces import nothing_changes

# lead, helper: viewers who work on the task, as its lead or beside them. guest, author: without a role in an open
# project; the author created the task. looker: made a viewer of an open project on purpose.
TABLE = """
                  owner editor viewer lead helper outsider guest author looker nobody
list tasks         200   200    200   200   200     404     200   200    200    401
show               200   200    200   200   200     404     200   200    200    401
create             201   201    403   403   403     404     201   201    403    401
put                200   200    403   403   403     404     403   200    403    401
patch              200   200    403   403   403     404     403   200    403    401
status             200   200    403   200   200     404     403   200    403    401
patch status       200   200    403   200   200     404     403   200    403    401
move               200   200    403   200   200     404     403   200    403    401
bulk               200   200    403   200   200     404     403   200    403    401
board              200   200    200   200   200     404     200   200    200    401
assign             200   200    403   403   403     404     403   200    403    401
label              200   200    403   403   403     404     403   200    403    401
delete             204   204    403   403   403     404     403   204    403    401
comment            201   201    403   201   201     404     201   201    403    401
list comments      200   200    200   200   200     404     200   200    200    401
show comment       200   200    200   200   200     404     200   200    200    401
edit comment       403   403    403   403   403     404     403   403    403    401
delete comment     204   403    403   403   403     404     403   403    403    401
delegate           201   201    403   201   403     404     403   201    403    401
list delegations   200   200    200   200   200     404     200   200    200    401
show delegation    200   200    200   200   200     404     200   200    200    401
answer delegation  403   403    403   403   403     404     403   403    403    401
history            200   200    200   200   200     404     200   200    200    401
watch              204   204    204   204   204     404     204   204    204    401
unwatch            204   204    204   204   204     404     204   204    204    401
statistics         200   200    200   200   200     404     200   200    200    401
events             200   200    200   200   200     404     200   200    200    401
"""
CALLS: dict[str, tuple[str, str, Any]] = {
    "list tasks": ("GET", "/api/tasks/?project={project}", None),
    "show": ("GET", "/api/tasks/{task}/", None),
    "create": ("POST", "/api/tasks/", {"project": "{project}", "title": "New"}),
    "put": ("PUT", "/api/tasks/{task}/", {"project": "{project}", "title": "New"}),
    "patch": ("PATCH", "/api/tasks/{task}/", {"title": "New"}),
    "status": ("PATCH", "/api/tasks/{task}/status/", {"status": "review"}),
    "patch status": ("PATCH", "/api/tasks/{task}/", {"status": "review"}),
    "move": ("POST", "/api/tasks/{task}/move/", {"status": "review"}),
    "bulk": ("POST", "/api/tasks/bulk/", {"operations": [{"op": "status", "task": "{task}", "status": "review"}]}),
    "board": ("GET", "/api/projects/{project}/board/", None),
    "assign": ("PATCH", "/api/tasks/{task}/assign/", {"assigned_to": "{other}"}),
    "label": ("PATCH", "/api/tasks/{task}/", {"labels": ["urgent"]}),
    "delete": ("DELETE", "/api/tasks/{task}/", None),
    "comment": ("POST", "/api/tasks/{task}/comments/", {"text": "Hm."}),
    "list comments": ("GET", "/api/tasks/{task}/comments/", None),
    "show comment": ("GET", "/api/comments/{comment}/", None),
    "edit comment": ("PATCH", "/api/comments/{comment}/", {"text": "Forged."}),
    "delete comment": ("DELETE", "/api/comments/{comment}/", None),
    "delegate": ("POST", "/api/tasks/{task}/delegations/", {"to": "{other}"}),
    "list delegations": ("GET", "/api/tasks/{task}/delegations/", None),
    "show delegation": ("GET", "/api/delegations/{delegation}/", None),
    "answer delegation": ("PATCH", "/api/delegations/{delegation}/", {"state": "declined"}),
    "history": ("GET", "/api/tasks/{task}/history/", None),
    "watch": ("PUT", "/api/tasks/{task}/watch/", None),
    "unwatch": ("DELETE", "/api/tasks/{task}/watch/", None),
    "statistics": ("GET", "/api/tasks/statistics/?project={project}", None),
    "events": ("GET", "/api/events/?project={project}", None),
}
Cells = dict[str, dict[str, int]]
Places = dict[str, int]


def parse(table: str) -> Cells:
    head, *lines = table.strip().splitlines()
    roles = head.split()
    rows = [line.rsplit(maxsplit=len(roles)) for line in lines]
    return {verb: dict(zip(roles, map(int, cells), strict=True)) for verb, *cells in rows}


EXPECTED = parse(TABLE)


class Scene:
    """A private project and an open one; in each a task that somebody else created, commented on and handed on."""

    def __init__(self, cast: Cast) -> None:
        self.other = cast.newcomer
        lead, helper, author, looker = (make_user(name) for name in ("lena", "hugo", "anja", "lukas"))
        self.people: dict[str, User | None] = {
            "owner": cast.owner,
            "editor": cast.editor,
            "viewer": cast.viewer,
            "lead": lead,
            "helper": helper,
            "outsider": cast.outsider,
            "guest": cast.outsider,
            "author": author,
            "looker": looker,
            "nobody": None,
        }
        for viewer in (lead, helper):
            add_member(cast.project, viewer, Role.VIEWER)
        private = self._places(make_task(cast.owner, cast.project, assignees=[lead.pk, helper.pk]), cast.owner)
        opened = make_project(cast.owner, "Open", visibility="open")
        add_member(opened, looker, Role.VIEWER)
        public = self._places(make_task(cast.owner, opened), cast.owner)
        own = self._places(make_task(author, opened, "Own"), cast.owner)
        self.places = {
            role: {"guest": public, "looker": public, "author": own}.get(role, private) for role in self.people
        }

    def _places(self, task: Task, giver: User) -> Places:
        comment = add_comment(actor_of(self.other), task.pk, "Note.")
        handed_on = make_task(giver, task.project, "Handed on")
        receiver = make_user()
        add_member(task.project, receiver, Role.EDITOR)
        delegation = delegate_task(actor_of(giver), handed_on.pk, receiver.pk)
        return {
            "task": task.pk,
            "project": task.project_id,
            "comment": comment.pk,
            "delegation": delegation.pk,
            "other": self.other.pk,
        }


@pytest.mark.parametrize("verb", EXPECTED)
def test_each_cell(cast: Cast, verb: str) -> None:
    scene = Scene(cast)
    met = {}
    for role, user in scene.people.items():
        caller = Caller(user)
        method, path, body = _filled(CALLS[verb], scene.places[role])
        undo = transaction.savepoint()
        if EXPECTED[verb][role] >= 400:
            with nothing_changes():
                met[role] = caller.call(method, path, body).status
        else:
            met[role] = caller.call(method, path, body).status
        transaction.savepoint_rollback(undo)
    assert met == EXPECTED[verb]


def test_the_table_is_whole() -> None:
    assert EXPECTED.keys() == CALLS.keys()
    assert all(len(row) == 10 for row in EXPECTED.values())


def _filled(call: tuple[str, str, Any], places: Places) -> tuple[str, str, Any]:
    method, path, body = call
    return method, path.format(**places), _filled_in(body, places)


def _filled_in(value: Any, places: Places) -> Any:
    if isinstance(value, dict):
        return {key: _filled_in(item, places) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled_in(item, places) for item in value]
    return places[value[1:-1]] if str(value).startswith("{") else value
