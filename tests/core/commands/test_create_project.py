from __future__ import annotations

from typing import Any

import pytest

from baton.core.actor import SYSTEM
from baton.core.commands.projects import create_project
from baton.core.errors import Denied, Invalid
from baton.core.models import Event, Member, Project
from tests.factories import actor_of, make_project, make_user

pytestmark = pytest.mark.django_db


def test_works_and_records_it() -> None:
    user = make_user()
    project = create_project(actor_of(user), {"name": "Operations", "key": "OPS", "visibility": "open"})
    assert list(Member.objects.filter(project=project).values_list("user_id", "role")) == [(user.pk, "owner")]
    event = Event.objects.get(verb="project.created", project=project)
    assert (event.actor_id, event.at) == (user.pk, project.created_at)
    assert event.changes == {
        "key": [None, "OPS"],
        "name": [None, "Operations"],
        "description": [None, ""],
        "visibility": [None, "open"],
        "owner": [None, user.pk],
    }


def test_twice_is_two() -> None:
    user = make_user()
    assert {make_project(user).key, make_project(user).key} == {"OPER", "OPER2"}


def test_a_key_in_the_trash_is_still_taken() -> None:
    user = make_user()
    project = make_project(user, key="OPS")
    Project.objects.filter(pk=project.pk).update(trashed_at=project.created_at)
    with pytest.raises(Invalid) as refusal:
        make_project(user, key="OPS")
    assert [(error.pointer, error.code) for error in refusal.value.errors] == [("/key", "taken")]


def test_an_inboxs_key_is_never_given_away() -> None:
    user = make_user()
    for number in range(12):
        assert not make_project(user, f"In{number}").key[2:].isdigit()


def test_needs_a_person() -> None:
    with pytest.raises(Denied):
        create_project(SYSTEM, {"name": "Operations"})
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    "fields, pointers",
    [
        ({"name": " "}, ["/name"]),
        (
            {"name": "a\nb", "description": "\0", "visibility": "x", "key": "x"},
            ["/name", "/description", "/visibility", "/key"],
        ),
        ({"name": "A", "key": ""}, ["/key"]),
        ({"name": "A", "key": "IN1"}, ["/key"]),
    ],
)
def test_bad_input_changes_nothing(fields: dict[str, Any], pointers: list[str]) -> None:
    user = make_user()
    before = (Project.objects.count(), Event.objects.count())
    with pytest.raises(Invalid) as refusal:
        create_project(actor_of(user), fields)  # type: ignore[arg-type]
    assert [error.pointer for error in refusal.value.errors] == pointers
    assert (Project.objects.count(), Event.objects.count()) == before
