"""What `Reach` says for many is what `events_seen_by` says for each: every cell of role × project × credential."""

from __future__ import annotations

import pytest
from django.utils import timezone

from baton.core.actor import SYSTEM, Actor
from baton.core.commands.projects import trash_project
from baton.core.events.facts.tasks import TaskWatched
from baton.core.events.record import record
from baton.core.models import Event, Project, Role
from baton.core.policies.visibility import events_of_all_seen_by, events_seen_by
from baton.core.queries.live_log import find_reach, find_unseen, find_whole_reach
from tests.cast import Cast
from tests.factories import actor_of, add_member, make_project

NOWHERE = 10**9


@pytest.fixture
def events(cast: Cast) -> list[Event]:
    """Return an event of each kind of project, of one that is gone, and about each person."""
    places = [cast.project]
    for visibility in ("private", "open"):
        for is_trashed in (False, True):
            project = make_project(cast.owner, f"{visibility} {is_trashed}", visibility=visibility)
            add_member(project, cast.editor, Role.EDITOR)
            add_member(project, cast.viewer, Role.VIEWER)
            if is_trashed:
                trash_project(actor_of(cast.owner), project.pk)
            places.append(project)
    now = timezone.now()
    told = [record(SYSTEM, TaskWatched(), at=now, project_id=place.pk) for place in places]
    told.append(record(SYSTEM, TaskWatched(), at=now, project_id=NOWHERE))
    told += [record(SYSTEM, TaskWatched(), at=now, user_id=user.pk) for user in (cast.owner, cast.outsider)]
    told.append(record(SYSTEM, TaskWatched(), at=now))
    return told


def everybody(cast: Cast) -> list[Actor]:
    people = [actor_of(user) for user in (cast.owner, cast.editor, cast.viewer, cast.outsider, cast.newcomer)]
    projects = list(Project.objects.values_list("pk", flat=True))
    confined = [Actor(person.user_id, is_live=True, project_id=project) for person in people for project in projects]
    return [*people, *confined]


def test_every_cell(cast: Cast, events: list[Event]) -> None:
    users = [actor.person for actor in everybody(cast)]
    projects = [event.project_id for event in events if event.project_id is not None]
    ids = [event.pk for event in events]
    cells = set()
    for reach in (find_reach(users, projects), find_whole_reach(users, projects)):
        for actor in everybody(cast):
            seen = set(events_seen_by(actor).filter(pk__in=ids).values_list("pk", flat=True))
            assert seen == set(events_of_all_seen_by(actor).filter(pk__in=ids).values_list("pk", flat=True))
            held = {event.pk for event in events if reach.holds(actor, event.project_id, event.user_id)}
            assert held == seen, actor
            cells |= {(actor, event.pk, event.pk in seen) for event in events}
    assert {cell[2] for cell in cells} == {True, False}


def test_what_somebody_asks_for_and_does_not_see(cast: Cast, events: list[Event]) -> None:
    projects = {event.project_id for event in events if event.project_id is not None}
    for actor in everybody(cast):
        seen = {event.project_id for event in events_seen_by(actor).filter(project__in=projects) if event.project_id}
        assert find_unseen(actor, projects) == projects - seen, actor


def test_nothing_is_asked_for_no_project(cast: Cast) -> None:
    reach = find_reach([cast.owner.pk], [])
    assert (reach.open, reach.members) == (frozenset(), frozenset())
