"""project_for: the shared project behind a dialect."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from baton.core.actor import Actor
from baton.core.commands.projects import edit_project
from baton.core.commands.shared_projects import KEEPER, SharedProject, project_for
from baton.core.errors import Conflict
from baton.core.models import Event, Project, User
from baton.core.models.project import Visibility
from baton.core.policies.visibility import users_who_see
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_user
from tests.threads import run_together
from tests.traces import nothing_changes

BOARD = SharedProject(UUID(int=42), "BOARD", "The board", assignees_edit=True, unique_titles=True)
WAY_IN = Actor(None, surface="tasktable")


def test_it_is_made_open_with_its_rules(cast: Cast) -> None:
    project = Project.objects.get(pk=project_for(WAY_IN, BOARD))

    assert (project.key, project.name, project.visibility) == ("BOARD", "The board", Visibility.OPEN)
    assert (project.assignees_edit, project.unique_titles) == (True, True)
    event = Event.objects.get(verb="project.created", project=project)
    assert (event.surface, event.actor_id) == ("tasktable", project.owner_id)


def test_its_keeper_is_nobody_to_log_in_or_to_be_assigned(cast: Cast) -> None:
    project = Project.objects.get(pk=project_for(WAY_IN, BOARD))
    keeper = project.owner

    assert (keeper.uuid, keeper.username, keeper.is_active, keeper.has_usable_password()) == (
        KEEPER,
        "baton",
        False,
        False,
    )
    assert keeper not in users_who_see(project)


def test_twice_is_the_same_and_changes_nothing(cast: Cast) -> None:
    first = project_for(WAY_IN, BOARD)
    with nothing_changes():
        assert project_for(WAY_IN, BOARD) == first


def test_it_is_found_again_under_another_key_and_name(cast: Cast) -> None:
    first = project_for(WAY_IN, BOARD)
    edit_project(actor_of(User.objects.get(uuid=KEEPER)), first, {"key": "OTHER", "name": "Other"})

    assert project_for(WAY_IN, BOARD) == first


def test_somebody_may_have_taken_the_key_and_the_name_of_the_keeper(cast: Cast) -> None:
    make_user("Baton")
    theirs = make_project(cast.owner, key="BOARD")

    project = Project.objects.get(pk=project_for(WAY_IN, BOARD))

    assert project.pk != theirs.pk
    assert project.key != "BOARD"
    assert project.owner.username.startswith("baton-")


def test_two_share_one_keeper(cast: Cast) -> None:
    project_for(WAY_IN, BOARD)
    project_for(WAY_IN, replace(BOARD, uuid=UUID(int=43), key="SECOND"))

    assert User.objects.filter(uuid=KEEPER).count() == 1


def test_the_operator_names_another_by_its_key(cast: Cast) -> None:
    with nothing_changes():
        assert project_for(WAY_IN, BOARD, cast.project.key) == cast.project.pk
    with nothing_changes(), pytest.raises(Conflict) as refused:
        project_for(WAY_IN, BOARD, "NOSUCH")
    assert refused.value.code == "no_project"


@pytest.mark.django_db(transaction=True)
def test_many_first_requests_at_once_make_one() -> None:
    found = run_together(*[lambda: project_for(WAY_IN, BOARD)] * 8)

    assert len(set(found)) == 1
    assert Project.objects.filter(uuid=BOARD.uuid).count() == 1
