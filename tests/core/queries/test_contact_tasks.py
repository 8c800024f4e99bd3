"""Tasks with the people in full: which, in which order, and by parts of names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baton.core.errors import NotFound
from baton.core.models import Project, Task
from baton.core.queries.brief_tasks import Place
from baton.core.queries.contact_tasks import Wanted, find_titled, get_contact_task, list_contact_tasks
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task


@pytest.fixture
def project(cast: Cast) -> Project:
    return make_project(cast.owner, "Open", visibility="open", key="OPEN")


PLACE = Place("key", "OPEN")


def titles(cast: Cast, *words: str, related: bool = False, limit: int = 10, offset: int = 0) -> tuple[int, list[str]]:
    count, tasks = list_contact_tasks(actor_of(cast.editor), PLACE, Wanted(related, words), limit, offset)
    return count, [task.title for task in tasks]


def test_the_latest_due_first_and_before_them_what_is_never_due(cast: Cast, project: Project) -> None:
    for title, year in (("early", 2030), ("never", None), ("late", 2040), ("never too", None)):
        make_task(cast.owner, project, title, due_at=year and datetime(year, 1, 1, tzinfo=UTC))
    make_task(cast.owner, cast.project, "elsewhere")

    assert titles(cast) == (4, ["never too", "never", "late", "early"])
    assert titles(cast, limit=2, offset=1) == (4, ["never", "late"])
    assert titles(cast, limit=2, offset=3) == (4, ["early"])
    assert titles(cast, limit=2, offset=9) == (4, [])


def test_related_are_those_one_made_or_works_on(cast: Cast, project: Project) -> None:
    make_task(cast.owner, project, "strange")
    make_task(cast.editor, project, "made")
    make_task(cast.owner, project, "led", assigned_to=cast.editor.pk)
    make_task(cast.owner, project, "shared", assignees=[cast.viewer.pk, cast.editor.pk])
    make_task(cast.editor, project, "both", assigned_to=cast.editor.pk)
    make_task(cast.editor, cast.project, "elsewhere")

    assert titles(cast, related=True) == (4, ["both", "shared", "led", "made"])


@pytest.mark.parametrize(
    "words,found",
    [
        (("полив",), ["ПОЛИВ 100%"]),
        (("0%",), ["ПОЛИВ 100%"]),
        (("_",), ["a_b"]),
        (("\\",), []),
        (("EDG", "a_"), ["a_b"]),
        (("edg", "полив"), []),
        (("'; drop table",), []),
    ],
)
def test_every_word_stands_in_the_title_or_the_leads_name(
    cast: Cast, project: Project, words: tuple[str, ...], found: list[str]
) -> None:
    make_task(cast.owner, project, "ПОЛИВ 100%")
    make_task(cast.owner, project, "a_b", assigned_to=cast.editor.pk)

    assert titles(cast, *words) == (len(found), found)


def test_the_people_come_in_order_with_their_addresses(cast: Cast, project: Project) -> None:
    people = [cast.viewer, cast.newcomer, cast.editor]
    task = make_task(cast.owner, project, assignees=[person.pk for person in people])

    found = get_contact_task(actor_of(cast.outsider), PLACE, task.pk)
    assert [(person.id, person.email) for person in found.assignees] == [(who.pk, who.email) for who in people]
    assert found.lead == found.assignees[0]
    assert (found.creator.username, found.creator.email) == (cast.owner.username, cast.owner.email)


def test_what_one_may_not_see_is_not_there(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, "Secret")
    place = Place("key", cast.project.key)
    outsider = actor_of(cast.outsider)
    with pytest.raises(NotFound):
        get_contact_task(outsider, place, task.pk)
    assert list_contact_tasks(outsider, place, Wanted(), 10, 0) == (0, [])
    assert find_titled(outsider, place, "Secret") == []
    assert find_titled(actor_of(cast.viewer), place, "Secret") == [task.pk]


def test_a_task_in_the_trash_or_elsewhere_is_not_there(cast: Cast, project: Project) -> None:
    task = make_task(cast.owner, project)
    elsewhere = make_task(cast.owner, cast.project)
    Task.objects.filter(pk=task.pk).update(trashed_at=task.created_at)
    for pk in (task.pk, elsewhere.pk):
        with pytest.raises(NotFound):
            get_contact_task(actor_of(cast.owner), PLACE, pk)


def test_a_list_is_few_queries_however_long(cast: Cast, project: Project) -> None:
    for number in range(12):
        make_task(cast.owner, project, f"task {number}", assignees=[cast.editor.pk, cast.viewer.pk])
    with CaptureQueriesContext(connection) as asked:
        titles(cast, limit=10)
    assert len(asked) == 3
    with CaptureQueriesContext(connection) as asked:
        titles(cast, limit=20)
    assert len(asked) == 2
