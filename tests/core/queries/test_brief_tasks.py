"""Tasks in brief, all of a place at once."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baton.core.actor import Actor
from baton.core.commands.account_upkeep import ensure_inbox
from baton.core.commands.projects import trash_project
from baton.core.commands.sessions import open_session
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.errors import DeadCredential, NotFound
from baton.core.models import Project, User
from baton.core.queries.brief_tasks import (
    INBOX,
    BriefTask,
    Place,
    find_inbox,
    get_brief_task,
    list_brief_tasks,
)
from baton.core.queries.task_filters import TaskFilters
from baton.surfaces.wire.credentials import AUDIENCE, REFRESH_LIFETIME
from tests.cast import Cast
from tests.factories import NOBODY, actor_of, make_task

pytestmark = pytest.mark.django_db
DUE = datetime(2030, 4, 3, 10, 30, tzinfo=UTC)


def inbox_of(user: User) -> Project:
    return ensure_inbox(actor_of(user), user.pk)


def ids(actor: Actor, place: Place, **filters: object) -> list[int]:
    chosen: TaskFilters = filters  # type: ignore[assignment]
    return [task.id for task in list_brief_tasks(actor, place, chosen)]


def test_what_is_said_of_a_task(cast: Cast) -> None:
    task = make_task(
        cast.owner, cast.project, "Water", description="All.", due_at=DUE, assignees=[cast.editor.pk, cast.viewer.pk]
    )

    found = get_brief_task(actor_of(cast.viewer), Place("key", cast.project.key), task.pk)

    assert found == BriefTask(task.pk, "Water", "All.", "todo", DUE, cast.editor.pk, "edgar", "olga")


def test_an_inbox_holds_ones_own_tasks_the_oldest_first(cast: Cast) -> None:
    first, second, third = (make_task(cast.owner, inbox_of(cast.owner), title) for title in ("c", "a", "b"))
    make_task(cast.owner, cast.project)
    foreign = make_task(cast.editor, inbox_of(cast.editor))
    trash_task(actor_of(cast.owner), second.pk)

    assert ids(actor_of(cast.owner), INBOX) == [first.pk, third.pk]
    for task in (second, foreign):
        with pytest.raises(NotFound):
            get_brief_task(actor_of(cast.owner), INBOX, task.pk)


def test_filters_narrow_it(cast: Cast) -> None:
    inbox = inbox_of(cast.owner)
    todo = make_task(cast.owner, inbox, due_at=DUE)
    review = make_task(cast.owner, inbox, status="review")
    owner = actor_of(cast.owner)

    assert ids(owner, INBOX, status=("in_progress", "review")) == [review.pk]
    assert ids(owner, INBOX, due_before=datetime(2030, 4, 4, tzinfo=UTC)) == [todo.pk]
    assert ids(owner, INBOX, due_before=DUE) == []
    assert ids(owner, INBOX, due_before=datetime(2030, 4, 4, tzinfo=UTC), status=("review",)) == []


@pytest.mark.parametrize("known_by", ["key", "uuid"])
def test_a_project_is_there_for_who_sees_it(cast: Cast, known_by: str) -> None:
    task = make_task(cast.owner, cast.project)
    place = Place(known_by, getattr(cast.project, known_by))  # type: ignore[arg-type]

    assert ids(actor_of(cast.viewer), place) == [task.pk]
    assert ids(actor_of(cast.outsider), place) == []
    with pytest.raises(NotFound):
        get_brief_task(actor_of(cast.outsider), place, task.pk)
    trash_project(actor_of(cast.owner), cast.project.pk)
    assert ids(actor_of(cast.owner), place) == []


def test_a_place_that_there_is_not_is_empty(cast: Cast) -> None:
    assert ids(actor_of(cast.owner), Place("key", "NOWHERE")) == []
    assert ids(actor_of(cast.owner), Place("uuid", UUID(int=1))) == []


def test_a_task_that_has_moved_away_is_not_there(cast: Cast) -> None:
    task = make_task(cast.owner, inbox_of(cast.owner))
    edit_task(actor_of(cast.owner), task.pk, {"project_id": cast.project.pk})

    with pytest.raises(NotFound):
        get_brief_task(actor_of(cast.owner), INBOX, task.pk)


def test_a_credential_is_looked_at_in_the_same_query(cast: Cast) -> None:
    task = make_task(cast.owner, inbox_of(cast.owner))
    session = open_session(NOBODY, cast.owner, AUDIENCE, REFRESH_LIFETIME)
    for actor in (
        actor_of(cast.owner),
        Actor(cast.owner.pk, session.pk, cast.owner.token_epoch),
        Actor(cast.owner.pk, epoch=cast.owner.token_epoch),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert ids(actor, INBOX) == [get_brief_task(actor, INBOX, task.pk).id]
        assert len(queries) == 2


@pytest.mark.parametrize("has_session", [True, False])
def test_a_dead_credential_finds_nothing(cast: Cast, has_session: bool) -> None:
    task = make_task(cast.owner, inbox_of(cast.owner))
    session = open_session(NOBODY, cast.owner, AUDIENCE, REFRESH_LIFETIME).pk if has_session else None
    stale = Actor(cast.owner.pk, session, cast.owner.token_epoch + 1)

    with pytest.raises(DeadCredential):
        list_brief_tasks(stale, INBOX, {})
    with pytest.raises(DeadCredential):
        get_brief_task(stale, INBOX, task.pk)
    User.objects.filter(pk=cast.owner.pk).update(is_active=False)
    with pytest.raises(DeadCredential):
        list_brief_tasks(Actor(cast.owner.pk, session, cast.owner.token_epoch), INBOX, {})


def test_a_token_for_one_project_opens_no_other_place(cast: Cast) -> None:
    make_task(cast.owner, inbox_of(cast.owner))
    task = make_task(cast.owner, cast.project)
    confined = Actor(cast.owner.pk, is_live=True, token_id=1, project_id=cast.project.pk)

    assert ids(confined, INBOX) == []
    assert ids(confined, Place("key", cast.project.key)) == [task.pk]


def test_the_inbox_by_itself(cast: Cast) -> None:
    assert find_inbox(actor_of(cast.owner)) == inbox_of(cast.owner).pk
    assert find_inbox(Actor(None)) is None
