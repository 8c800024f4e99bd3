"""Hot reads: a fixed number of queries however many rows, and no compilation once a shape is known."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from baton.core.actor import Actor
from baton.core.commands.comments import add_comment
from baton.core.commands.sessions import open_session
from baton.core.commands.tasks import edit_task
from baton.core.events.log import START
from baton.core.queries.comments import list_comments
from baton.core.queries.credentials import require_live
from baton.core.queries.events import list_events, list_history, poll_events
from baton.core.queries.keyset import Page
from baton.core.queries.projects import get_project, list_projects
from baton.core.queries.task_filters import TaskFilters
from baton.core.queries.tasks import count_tasks, get_task, list_tasks
from baton.surfaces.wire.credentials import AUDIENCE, REFRESH_LIFETIME
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = Page(50)
Ask = Callable[[Actor], Any]


def count_queries(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        ask()
    return len(queries)


def with_credential(cast: Cast) -> Actor:
    """Return the owner as a token shows them: whether it still is good, each hot read finds out by itself."""
    session = open_session(actor_of(cast.owner), cast.owner, AUDIENCE, REFRESH_LIFETIME)
    return Actor(cast.owner.pk, session.pk, cast.owner.token_epoch)


@pytest.fixture(params=["looked up", "to be looked up"])
def actor(cast: Cast, request: pytest.FixtureRequest) -> Actor:
    return actor_of(cast.owner) if request.param == "looked up" else with_credential(cast)


def test_one_task(cast: Cast, actor: Actor) -> None:
    plain = make_task(cast.owner, cast.project, assignees=[cast.editor.pk])
    people = make_task(cast.owner, cast.project, assignees=[cast.editor.pk, cast.viewer.pk])
    both = make_task(cast.owner, cast.project, assignees=[cast.editor.pk, cast.viewer.pk], labels=["a", "b"])
    assert [count_queries(partial(get_task, actor, task.pk)) for task in (plain, people, both)] == [1, 1, 1]


def test_creating_one_for_more_people(cast: Cast) -> None:
    """One statement more than for nobody, their rows: who they are is looked up with the actor's role."""
    people = [cast.editor.pk, cast.viewer.pk, cast.newcomer.pk]
    counts = [
        count_queries(lambda some=some: make_task(cast.owner, cast.project, assignees=some))  # type: ignore[misc]
        for some in ([], people[:1], people)
    ]
    assert counts == [counts[0], counts[0] + 1, counts[0] + 1]


@pytest.mark.parametrize("size", [1, 50])
def test_tasks(cast: Cast, actor: Actor, size: int) -> None:
    for _ in range(size):
        make_task(cast.owner, cast.project, assignees=[cast.editor.pk])
    choices: list[TaskFilters] = [{}, {"project": cast.project.pk}, {"assigned_to": cast.editor.pk}]
    for filters in choices:
        assert len(list_tasks(actor, filters, "-created_at", PAGE).items) == size
        assert count_queries(partial(list_tasks, actor, filters, "-created_at", PAGE)) == 1
    assert count_queries(lambda: count_tasks(actor, {})) == 1


@pytest.mark.parametrize("size", [1, 50])
def test_tasks_with_everything(cast: Cast, actor: Actor, size: int) -> None:
    for number in range(size):
        make_task(cast.owner, cast.project, assignees=[cast.editor.pk, cast.viewer.pk], labels=["a", str(number)])
    assert count_queries(lambda: list_tasks(actor, {}, "-created_at", PAGE)) == 3


@pytest.mark.parametrize("size", [1, 50])
def test_history_and_events(cast: Cast, actor: Actor, size: int) -> None:
    task = make_task(cast.owner, cast.project)
    for number in range(size - 1):
        edit_task(actor_of(cast.editor), task.pk, {"title": str(number)})
    assert len(list_history(actor, task.pk, "cursor", PAGE).items) == size
    assert count_queries(lambda: list_history(actor, task.pk, "cursor", PAGE)) == 1
    assert count_queries(lambda: list_events(actor, START, 50)) == 1
    assert count_queries(lambda: list_events(actor, START, 50, project_id=cast.project.pk)) == 1


@pytest.mark.parametrize("size", [1, 50])
def test_comments(cast: Cast, size: int) -> None:
    task = make_task(cast.owner, cast.project)
    for _ in range(size):
        add_comment(actor_of(cast.editor), task.pk, "Yes.")
    assert count_queries(lambda: list_comments(actor_of(cast.owner), task.pk, "created_at", PAGE)) == 1


@pytest.mark.parametrize("size", [1, 30])
def test_projects(cast: Cast, size: int) -> None:
    for _ in range(size):
        make_project(cast.owner)
    # One for the projects, one for all their members.
    assert count_queries(lambda: list_projects(actor_of(cast.owner), "name", PAGE)) == 2
    assert count_queries(lambda: get_project(actor_of(cast.owner), cast.project.pk)) == 2


def test_a_repeated_request_compiles_nothing(cast: Cast, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [cast.editor.pk, cast.viewer.pk]
    tasks = [make_task(cast.owner, cast.project, assignees=people, labels=["a"]) for _ in range(3)]
    compiled: list[object] = []
    as_sql = SQLCompiler.as_sql

    def counted(self: SQLCompiler, *args: Any, **kwargs: Any) -> Any:
        compiled.append(self.query.model)
        return as_sql(self, *args, **kwargs)

    def ask_everything(number: int) -> None:
        task, project = tasks[number].pk, cast.project.pk
        get_task(actor, task)
        page = list_tasks(actor, {}, "-due_date", Page(1))
        list_tasks(actor, {"project": project, "status": "todo"}, "-created_at", Page(number + 1))
        list_tasks(actor, {}, "-due_date", Page(2, page.next_keys))
        count_tasks(actor, {"project": project})
        list_history(actor, task, "cursor", PAGE)
        list_events(actor, START, number + 2)
        list_events(actor, START, 50, project_id=project)
        poll_events(actor, poll_events(actor, None, 5).cursor, 5)
        list_comments(actor, tasks[0].pk, "created_at", PAGE)
        get_project(actor, project)
        list_projects(actor, "-created_at", Page(number + 1))
        require_live(actor)

    add_comment(actor_of(cast.editor), tasks[0].pk, "Yes.")
    ask_everything(0)
    monkeypatch.setattr(SQLCompiler, "as_sql", counted)
    ask_everything(1)
    assert compiled == []
    list(type(cast.project).objects.all())
    assert compiled, "the counting itself works"
