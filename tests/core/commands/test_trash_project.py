from __future__ import annotations

import pytest

from baton.core.commands.projects import trash_project
from baton.core.errors import Denied, NotFound, Stale
from baton.core.models import Event, Project
from baton.core.policies.visibility import visible_projects, visible_tasks
from tests.cast import Cast
from tests.factories import actor_of, make_task

pytestmark = pytest.mark.django_db


def test_works_once_and_records_it(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    owner = actor_of(cast.owner)
    project = trash_project(owner, cast.project.pk)
    assert project.version == 2
    assert not visible_projects(owner).filter(pk=project.pk).exists()
    assert not visible_tasks(owner).filter(pk=task.pk).exists()
    with pytest.raises(NotFound):
        trash_project(owner, cast.project.pk)
    event = Event.objects.get(verb="project.trashed")
    assert (event.actor_id, event.project_id, event.at) == (cast.owner.pk, project.pk, project.trashed_at)


@pytest.mark.parametrize("role, refusal", [("editor", Denied), ("viewer", Denied), ("outsider", NotFound)])
def test_is_for_owners(cast: Cast, role: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        trash_project(actor_of(getattr(cast, role)), cast.project.pk)
    assert Project.objects.get(pk=cast.project.pk).trashed_at is None


def test_a_stale_version_changes_nothing(cast: Cast) -> None:
    with pytest.raises(Stale):
        trash_project(actor_of(cast.owner), cast.project.pk, expected_version=7)
    assert Project.objects.get(pk=cast.project.pk).trashed_at is None


def test_an_inbox_stays(cast: Cast) -> None:
    inbox = Project.objects.get(owner=cast.owner, is_inbox=True)
    with pytest.raises(Denied):
        trash_project(actor_of(cast.owner), inbox.pk)
