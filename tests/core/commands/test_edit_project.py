from __future__ import annotations

import pytest

from baton.core.commands.projects import edit_project
from baton.core.errors import Denied, Invalid, NotFound, Stale
from baton.core.models import Assignment, Event, Project, User, Watcher
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task

pytestmark = pytest.mark.django_db


def test_works_and_records_what_changed(cast: Cast) -> None:
    project = edit_project(actor_of(cast.owner), cast.project.pk, {"name": "Night", "description": "", "key": "NS"})
    assert (project.name, project.key, project.version) == ("Night", "NS", 2)
    event = Event.objects.get(verb="project.edited")
    assert (event.actor_id, event.project_id) == (cast.owner.pk, project.pk)
    assert event.changes == {"name": ["Operations", "Night"], "key": ["OPER", "NS"]}


def test_twice_is_once(cast: Cast) -> None:
    for _ in range(2):
        assert edit_project(actor_of(cast.owner), cast.project.pk, {"name": "Night"}).version == 2
    assert Event.objects.filter(verb="project.edited").count() == 1


@pytest.mark.parametrize("role, refusal", [("editor", Denied), ("viewer", Denied), ("outsider", NotFound)])
def test_is_for_owners(cast: Cast, role: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        edit_project(actor_of(getattr(cast, role)), cast.project.pk, {"name": "Night"})
    assert Project.objects.get(pk=cast.project.pk).name == "Operations"


def test_a_stale_version_changes_nothing(cast: Cast) -> None:
    with pytest.raises(Stale):
        edit_project(actor_of(cast.owner), cast.project.pk, {"name": "Night"}, expected_version=2)
    assert Project.objects.get(pk=cast.project.pk).name == "Operations"


def test_bad_input_changes_nothing(cast: Cast) -> None:
    make_project(cast.outsider, key="OPS")
    with pytest.raises(Invalid) as refusal:
        edit_project(actor_of(cast.owner), cast.project.pk, {"name": "", "key": "OPS", "visibility": "x"})
    assert [error.pointer for error in refusal.value.errors] == ["/name", "/visibility", "/key"]
    assert Project.objects.get(pk=cast.project.pk).version == 1


def test_opening_lets_everybody_work_and_closing_takes_them_off(cast: Cast) -> None:
    owner = actor_of(cast.owner)
    edit_project(owner, cast.project.pk, {"visibility": "open"})
    shared = make_task(cast.owner, cast.project, assignees=[cast.outsider.pk, cast.editor.pk])
    lone = make_task(cast.owner, cast.project, assigned_to=cast.outsider.pk)
    untouched = make_task(cast.owner, cast.project, assigned_to=cast.editor.pk)
    Watcher.objects.create(task=shared, user=cast.outsider)
    Watcher.objects.create(task=shared, user=cast.viewer)

    edit_project(owner, cast.project.pk, {"visibility": "private"})

    for task in (shared, lone, untouched):
        task.refresh_from_db()
    assert (shared.lead_id, shared.assignees_count, shared.version) == (cast.editor.pk, 1, 2)
    assert (lone.lead_id, lone.assignees_count, lone.version) == (None, 0, 2)
    assert (untouched.lead_id, untouched.version) == (cast.editor.pk, 1)
    assert not Assignment.objects.filter(user=cast.outsider).exists()
    assert list(Watcher.objects.values_list("user_id", flat=True)) == [cast.viewer.pk]
    events = Event.objects.filter(verb="task.assigned").order_by("id")
    assert [(event.task_id, event.actor_id, event.changes) for event in events] == [
        (
            shared.pk,
            cast.owner.pk,
            {
                "assigned_to": [cast.outsider.pk, cast.editor.pk],
                "assignees": [[cast.outsider.pk, cast.editor.pk], [cast.editor.pk]],
            },
        ),
        (lone.pk, cast.owner.pk, {"assigned_to": [cast.outsider.pk, None], "assignees": [[cast.outsider.pk], []]}),
    ]


def test_a_deactivated_member_keeps_their_tasks(cast: Cast) -> None:
    owner = actor_of(cast.owner)
    edit_project(owner, cast.project.pk, {"visibility": "open"})
    task = make_task(cast.owner, cast.project, assigned_to=cast.editor.pk)
    User.objects.filter(pk=cast.editor.pk).update(is_active=False)
    edit_project(owner, cast.project.pk, {"visibility": "private"})
    task.refresh_from_db()
    assert task.lead_id == cast.editor.pk
