from __future__ import annotations

import json

import pytest

from baton.core.actor import Actor
from baton.core.commands.members import add_member, change_role, remove_member
from baton.core.commands.projects import edit_project, trash_project
from baton.core.commands.sessions import end_session
from baton.core.commands.task_status import change_status
from baton.core.commands.tasks import trash_task
from baton.core.errors import DeadCredential, NotFound
from baton.core.events.log import START, Cursor
from baton.core.models import User
from baton.core.queries import shapes
from baton.core.queries.events import list_events, list_history, poll_events
from baton.core.queries.keyset import Page
from tests.cast import Cast
from tests.core.queries.test_query_counts import with_credential
from tests.factories import actor_of, make_project, make_task, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def events_of(user: User, after: Cursor = START) -> list[shapes.Event]:
    return list_events(actor_of(user), after, 1000)


def verbs_of(user: User, *, project: int | None = None, after: Cursor = START) -> list[str]:
    return [event.verb for event in events_of(user, after) if project in (None, event.project)]


def end_for(user: User) -> Cursor:
    return Cursor.parse(events_of(user)[-1].cursor)


def test_events_come_in_the_order_of_the_log(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    change_status(actor_of(cast.editor), task.pk, "in_progress")
    events = events_of(cast.owner)
    cursors = [Cursor.parse(event.cursor) for event in events]
    assert cursors == sorted(set(cursors))
    assert [event.verb for event in events[-2:]] == ["task.created", "task.status_changed"]


def test_an_event_is_shown_as_it_was_recorded(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    changed = change_status(actor_of(cast.editor), task.pk, "in_progress")
    event = events_of(cast.viewer)[-1]
    editor = shapes.Person(cast.editor.pk, "edgar", "", None)
    assert (event.verb, event.project, event.task, event.actor) == (
        "task.status_changed",
        cast.project.pk,
        task.pk,
        editor,
    )
    assert event.at == changed.updated_at
    assert json.loads(bytes(event.changes)) == {"status": ["todo", "in_progress"]}
    assert json.loads(bytes(event.data)) == {}
    assert event.cursor.endswith(f"-{event.id}")


def test_reading_goes_on_behind_any_event(cast: Cast) -> None:
    everything = events_of(cast.owner)
    for place, event in enumerate(everything):
        assert events_of(cast.owner, Cursor.parse(event.cursor)) == everything[place + 1 :]
    assert list_events(actor_of(cast.owner), START, 2) == everything[:2]


def test_members_see_their_project_and_nobody_else_does(cast: Cast) -> None:
    make_task(cast.owner, cast.project)
    for member in (cast.owner, cast.editor, cast.viewer, cast.newcomer):
        assert verbs_of(member, project=cast.project.pk) == ["project.created", "task.created"]
    assert verbs_of(cast.outsider, project=cast.project.pk) == []


def test_only_oneself_sees_what_is_about_oneself(cast: Cast) -> None:
    with_credential(cast)
    own = [event for event in events_of(cast.owner) if event.project is None]
    assert [event.verb for event in own] == ["user.registered", "session.opened"]
    others = {event.id for user in (cast.editor, cast.outsider) for event in events_of(user)}
    assert not others & {event.id for event in own}


def test_an_open_project_is_seen_by_everybody_while_it_is(cast: Cast) -> None:
    project = make_project(cast.owner, visibility="open")
    make_task(cast.owner, project)
    assert verbs_of(cast.outsider, project=project.pk) == ["project.created", "task.created"]
    edit_project(actor_of(cast.owner), project.pk, {"visibility": "private"})
    assert verbs_of(cast.outsider, project=project.pk) == []


def test_who_was_taken_out_sees_nothing_more(cast: Cast) -> None:
    make_task(cast.owner, cast.project)
    assert verbs_of(cast.editor, project=cast.project.pk)
    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    make_task(cast.owner, cast.project)
    assert verbs_of(cast.editor, project=cast.project.pk) == []
    assert list_events(actor_of(cast.editor), START, 1000, project_id=cast.project.pk) == []
    add_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    assert verbs_of(cast.editor, project=cast.project.pk)[-1] == "member.added"


def test_a_lesser_role_still_sees(cast: Cast) -> None:
    change_role(actor_of(cast.owner), cast.project.pk, cast.editor.pk, "viewer")
    assert verbs_of(cast.editor, project=cast.project.pk)[-1] == "member.role_changed"


@pytest.mark.parametrize("visibility", ["private", "open"])
def test_members_see_where_a_trashed_project_went_and_guests_do_not(cast: Cast, visibility: str) -> None:
    edit_project(actor_of(cast.owner), cast.project.pk, {"visibility": visibility})
    trash_project(actor_of(cast.owner), cast.project.pk)
    assert verbs_of(cast.viewer, project=cast.project.pk)[-1] == "project.trashed"
    assert verbs_of(cast.outsider, project=cast.project.pk) == []


def test_the_trash_of_a_task_is_told(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    before = end_for(cast.viewer)
    trash_task(actor_of(cast.owner), task.pk)
    assert verbs_of(cast.viewer, after=before) == ["task.trashed"]
    with pytest.raises(NotFound):
        list_history(actor_of(cast.viewer), task.pk, "cursor", Page(50))


def test_a_poll_goes_on_behind_what_others_did(cast: Cast) -> None:
    quiet, busy = actor_of(cast.outsider), actor_of(cast.owner)
    first = poll_events(quiet, None, 50)
    make_task(cast.owner, cast.project)
    second = poll_events(quiet, first.cursor, 50)
    assert second.events == []
    assert second.cursor == end_for(cast.owner), "the next poll need not look at the owner's events again"
    add_member(busy, cast.project.pk, cast.outsider.pk)
    assert [event.verb for event in poll_events(quiet, second.cursor, 50).events] == ["member.added"]


def test_a_full_page_goes_on_behind_its_last_event(cast: Cast) -> None:
    everything = events_of(cast.owner)
    page = poll_events(actor_of(cast.owner), None, 2)
    assert (page.events, page.has_more) == (everything[:2], True)
    assert str(page.cursor) == everything[1].cursor


def test_one_project_can_be_asked_for(cast: Cast) -> None:
    other = make_project(cast.owner)
    make_task(cast.owner, other)
    make_task(cast.owner, cast.project)
    found = list_events(actor_of(cast.owner), START, 1000, project_id=other.pk)
    assert [event.verb for event in found] == ["project.created", "task.created"]
    assert {event.project for event in found} == {other.pk}


def test_history_is_of_one_task_both_ways_and_by_pages(cast: Cast) -> None:
    task, other = make_task(cast.owner, cast.project), make_task(cast.owner, cast.project)
    for status in ("planned", "in_progress", "review", "done"):
        change_status(actor_of(cast.editor), task.pk, status)
    change_status(actor_of(cast.editor), other.pk, "done")
    actor = actor_of(cast.viewer)
    oldest_first = list_history(actor, task.pk, "cursor", Page(50)).items
    assert [event.verb for event in oldest_first] == ["task.created"] + ["task.status_changed"] * 4
    assert {event.task for event in oldest_first} == {task.pk}
    assert list_history(actor, task.pk, "-cursor", Page(50)).items == oldest_first[::-1]
    first = list_history(actor, task.pk, "cursor", Page(2))
    second = list_history(actor, task.pk, "cursor", Page(50, first.next_keys))
    assert first.items + second.items == oldest_first
    with pytest.raises(NotFound):
        list_history(actor_of(cast.outsider), task.pk, "cursor", Page(50))


def test_a_dead_credential_reads_nothing(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    actor = with_credential(cast)
    assert list_events(actor, START, 10)
    end_session(actor, actor.session_id or 0)
    with pytest.raises(DeadCredential):
        list_events(actor, START, 10)
    with pytest.raises(DeadCredential):
        list_history(actor, task.pk, "cursor", Page(10))


def test_nobody_sees_nothing() -> None:
    make_project(make_user(), visibility="private")
    assert list_events(Actor(None, is_live=True), START, 10) == []
