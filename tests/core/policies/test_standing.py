"""Looking people up together says the same as asking of each, and spares the questions."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from baton.core.actor import SYSTEM
from baton.core.models import Project, User
from baton.core.models.project import Visibility
from baton.core.policies.roles import role_in
from baton.core.policies.standing import look_up_standings, who_see
from baton.core.policies.visibility import users_who_see
from baton.lib.unit_of_work import atomically, unit_of_work
from tests.cast import Cast
from tests.factories import actor_of, make_project

NOBODY = 10**9


def ask(cast: Cast, users: Collection[int]) -> tuple[str | None, set[int], int]:
    with CaptureQueriesContext(connection) as queries:
        found = role_in(actor_of(cast.viewer), cast.project.pk), who_see(cast.project, users)
    return *found, len(queries)


@pytest.mark.parametrize("visibility", Visibility.values)
def test_it_says_what_each_question_says(cast: Cast, visibility: str) -> None:
    Project.objects.filter(pk=cast.project.pk).update(visibility=visibility)
    cast.project.visibility = visibility
    User.objects.filter(pk=cast.newcomer.pk).update(is_active=False)
    users = [*User.objects.values_list("pk", flat=True), NOBODY]
    seeing = set(users_who_see(cast.project).values_list("pk", flat=True))
    assert ask(cast, users) == ("viewer", seeing, 2)
    with atomically():
        look_up_standings(actor_of(cast.viewer), cast.project, users[:-1])
        assert ask(cast, users[:-1]) == ("viewer", seeing, 0)
        assert ask(cast, users) == ("viewer", seeing, 1)
    assert ask(cast, users) == ("viewer", seeing, 2), "another command may find another role"


def test_who_is_no_member_has_no_role_and_other_projects_are_not_meant(cast: Cast) -> None:
    other = make_project(cast.outsider)
    with atomically():
        look_up_standings(actor_of(cast.outsider), cast.project, [cast.owner.pk])
        assert role_in(actor_of(cast.outsider), cast.project.pk) is None
        assert role_in(actor_of(cast.outsider), other.pk) == "owner"
        assert who_see(other, [cast.owner.pk]) == set()


def test_the_system_stands_nowhere(cast: Cast) -> None:
    with atomically():
        look_up_standings(SYSTEM, cast.project, [cast.editor.pk])
        assert role_in(SYSTEM, cast.project.pk) is None
        assert who_see(cast.project, [cast.editor.pk]) == {cast.editor.pk}


def test_a_unit_of_work_asks_once_for_all_of_its_steps(cast: Cast) -> None:
    with transaction.atomic(), unit_of_work():
        counts = []
        for _ in range(3):
            with CaptureQueriesContext(connection) as queries, atomically():
                look_up_standings(actor_of(cast.viewer), cast.project, [cast.editor.pk])
            counts.append(len(queries) > 0)
        assert counts == [True, False, False]
        assert ask(cast, [cast.editor.pk]) == ("viewer", {cast.editor.pk}, 0)
