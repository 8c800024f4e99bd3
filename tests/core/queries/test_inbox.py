"""One's own tasks: compared with what the plain ORM finds."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baton.core.commands.sessions import open_session
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.errors import DeadCredential, NotFound
from baton.core.models import Project, Task
from baton.core.queries.inbox import get_inbox_task, list_inbox
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task

pytestmark = pytest.mark.django_db


def inbox_of(cast: Cast) -> Project:
    return Project.objects.get(owner=cast.owner, is_inbox=True)


def test_pages_of_the_inbox_oldest_first(cast: Cast) -> None:
    owner = actor_of(cast.owner)
    made = [make_task(cast.owner, inbox_of(cast), f"Task {number}") for number in range(5)]
    make_task(cast.owner, cast.project, "elsewhere")
    trash_task(owner, made.pop(1).pk)
    pages = [list_inbox(owner, number, 3) for number in (1, 2)]
    assert [[task.id for task in page.tasks] for page in pages] == [[task.pk for task in made[:3]], [made[3].pk]]
    assert [page.count for page in pages] == [4, 4]
    with pytest.raises(NotFound):
        list_inbox(owner, 3, 3)


def test_an_empty_inbox_has_one_page(cast: Cast) -> None:
    assert list_inbox(actor_of(cast.owner), 1, 3).count == 0


def test_one_task_as_it_is(cast: Cast) -> None:
    task = make_task(cast.owner, inbox_of(cast), "Water", description="Twice")
    edit_task(actor_of(cast.owner), task.pk, {"status": "review"})
    found = get_inbox_task(actor_of(cast.owner), task.uuid)
    columns = ("pk", "uuid", "title", "description", "status", "created_at", "updated_at", "version")
    assert tuple(getattr(found, name) for name in found.__struct_fields__) == Task.objects.values_list(*columns).get()


def test_nothing_but_ones_own_inbox_is_found(cast: Cast) -> None:
    mine = make_task(cast.owner, inbox_of(cast))
    shared = make_task(cast.owner, cast.project)
    gone = make_task(cast.owner, inbox_of(cast))
    trash_task(actor_of(cast.owner), gone.pk)
    for user, uuid in [
        (cast.editor, mine.uuid),
        (cast.owner, shared.uuid),
        (cast.owner, gone.uuid),
        (cast.owner, uuid4()),
    ]:
        with pytest.raises(NotFound):
            get_inbox_task(actor_of(user), uuid)
    assert list_inbox(actor_of(cast.editor), 1, 10).tasks == []


def test_a_credential_for_one_project_has_no_inbox(cast: Cast) -> None:
    task = make_task(cast.owner, inbox_of(cast))
    confined = replace(actor_of(cast.owner), project_id=cast.project.pk)
    assert list_inbox(confined, 1, 10).tasks == []
    with pytest.raises(NotFound):
        get_inbox_task(confined, task.uuid)


def test_a_dead_credential_is_told_from_an_empty_inbox(cast: Cast) -> None:
    session = open_session(
        actor_of(cast.owner), cast.owner, "taskmaster", cast.owner.updated_at - cast.owner.created_at
    )
    task = make_task(cast.owner, inbox_of(cast))
    actor = replace(actor_of(cast.owner), session_id=session.pk, epoch=0, is_live=False)
    assert list_inbox(actor, 1, 10).count == 1
    assert get_inbox_task(actor, task.uuid).id == task.pk
    session.refresh_from_db()
    session.ended_at = session.created_at
    session.save()
    with pytest.raises(DeadCredential):
        list_inbox(actor, 1, 10)
    with pytest.raises(DeadCredential):
        get_inbox_task(actor, task.uuid)


@pytest.mark.parametrize("size", [1, 30])
def test_one_query_each(cast: Cast, size: int) -> None:
    tasks = [make_task(cast.owner, inbox_of(cast)) for _ in range(size)]
    with CaptureQueriesContext(connection) as queries:
        list_inbox(actor_of(cast.owner), 1, 10)
        get_inbox_task(actor_of(cast.owner), tasks[0].uuid)
    assert len(queries) == 2


def test_the_tasks_of_others_are_not_read(cast: Cast) -> None:
    """Among many tasks of others a page comes from the inbox's own index, whichever order all of them have."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no prices to choose by")
    others = [make_project(cast.owner, f"Project {number}") for number in range(8)]
    make_many([make_task(cast.owner, project, description="Said. " * 20) for project in others], 1000)
    make_many([make_task(cast.owner, inbox_of(cast))], 10)
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as queries:
        list_inbox(actor_of(cast.owner), 1, 10)
        cursor.execute("ANALYZE core_task")
        cursor.execute("EXPLAIN " + queries.captured_queries[0]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "task_newest_in_project" in plan, plan


def make_many(like: list[Task], number: int) -> None:
    """Make so many tasks like each of these, by turns, as people who work at the same time do."""
    own = {"id", "uuid", "number", "rank", "created_at"}
    columns = ", ".join(str(field.column) for field in Task._meta.local_concrete_fields if field.name not in own)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO core_task (uuid, number, rank, created_at, {columns})
                SELECT gen_random_uuid(), 1 + turn, rank || lpad(turn::text, 8, '0'),
                       created_at + turn * interval '1 minute', {columns}
                FROM core_task, generate_series(1, %s) AS turn WHERE id = ANY(%s) ORDER BY turn, id""",
            [number, [task.pk for task in like]],
        )
