from __future__ import annotations

import threading

import pytest
from django.db import connection

from baton.core.commands.members import remove_member
from baton.core.commands.task_delegation import answer_delegation, delegate_task
from baton.core.errors import Conflict, CoreError, Denied, NotFound
from baton.core.models import Delegation, Event, Member, Project, User, Watcher
from tests.cast import Cast
from tests.factories import actor_of, make_task


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["owner", "editor"])
def test_owners_take_out_and_members_leave(cast: Cast, who: str) -> None:
    remove_member(actor_of(getattr(cast, who)), cast.project.pk, cast.editor.pk)
    assert not Member.objects.filter(project=cast.project, user=cast.editor).exists()
    event = Event.objects.get(verb="member.removed")
    assert (event.actor_id, event.data) == (getattr(cast, who).pk, {"user": cast.editor.pk})
    assert event.changes == {"role": ["editor", None]}
    assert Project.objects.get(pk=cast.project.pk).version == 2


@pytest.mark.django_db
def test_twice_is_not_found(cast: Cast) -> None:
    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    with pytest.raises(NotFound):
        remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    assert Event.objects.filter(verb="member.removed").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("role, refusal", [("editor", Denied), ("viewer", Denied), ("outsider", NotFound)])
def test_others_take_nobody_out(cast: Cast, role: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        remove_member(actor_of(getattr(cast, role)), cast.project.pk, cast.newcomer.pk)
    assert cast.project.members.count() == 4


@pytest.mark.django_db
def test_the_last_owner_stays(cast: Cast) -> None:
    with pytest.raises(Conflict) as refusal:
        remove_member(actor_of(cast.owner), cast.project.pk, cast.owner.pk)
    assert refusal.value.code == "last_owner"
    assert cast.project.members.count() == 4


@pytest.mark.django_db
def test_takes_the_leaver_off_each_task_with_an_event(cast: Cast) -> None:
    led = make_task(cast.owner, cast.project, assignees=[cast.editor.pk, cast.viewer.pk])
    shared = make_task(cast.owner, cast.project, assignees=[cast.viewer.pk, cast.editor.pk])
    alone = make_task(cast.owner, cast.project, assigned_to=cast.editor.pk)
    others = make_task(cast.owner, cast.project, assigned_to=cast.viewer.pk)
    Watcher.objects.create(task=others, user=cast.editor)

    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)

    for task in (led, shared, alone, others):
        task.refresh_from_db()
    assert [task.lead_id for task in (led, shared, alone, others)] == [
        cast.viewer.pk,
        cast.viewer.pk,
        None,
        cast.viewer.pk,
    ]
    assert [task.assignees_count for task in (led, shared, alone, others)] == [1, 1, 0, 1]
    assert [task.version for task in (led, shared, alone, others)] == [2, 2, 2, 1]
    assert not Watcher.objects.exists()
    events = Event.objects.filter(verb="task.assigned").order_by("task_id")
    assert [(event.task_id, event.changes["assignees"]) for event in events] == [
        (led.pk, [[cast.editor.pk, cast.viewer.pk], [cast.viewer.pk]]),
        (shared.pk, [[cast.viewer.pk, cast.editor.pk], [cast.viewer.pk]]),
        (alone.pk, [[cast.editor.pk], []]),
    ]


@pytest.mark.django_db
def test_in_an_open_project_the_leaver_works_on(cast: Cast) -> None:
    Project.objects.filter(pk=cast.project.pk).update(visibility="open")
    task = make_task(cast.owner, cast.project, assigned_to=cast.editor.pk)
    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    task.refresh_from_db()
    assert task.lead_id == cast.editor.pk


@pytest.mark.django_db
def test_a_deactivated_member_keeps_their_tasks_when_another_leaves(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, assigned_to=cast.viewer.pk)
    User.objects.filter(pk=cast.viewer.pk).update(is_active=False)
    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    task.refresh_from_db()
    assert task.lead_id == cast.viewer.pk


@pytest.mark.django_db
def test_a_receiver_who_leaves_ends_the_delegation(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, assigned_to=cast.owner.pk)
    delegate_task(actor_of(cast.owner), task.pk, cast.editor.pk)
    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    task.refresh_from_db()
    assert (task.lead_id, task.delegated) == (None, False)
    assert Delegation.objects.get().state == "ended"


@pytest.mark.django_db
def test_nothing_comes_back_to_a_giver_who_left(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, assigned_to=cast.editor.pk)
    delegation = delegate_task(actor_of(cast.editor), task.pk, cast.newcomer.pk)
    remove_member(actor_of(cast.editor), cast.project.pk, cast.editor.pk)
    answer_delegation(actor_of(cast.newcomer), delegation.pk, "declined")
    task.refresh_from_db()
    assert task.lead_id is None


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_once_leave_one(cast: Cast) -> None:
    Member.objects.filter(project=cast.project, user=cast.editor).update(role="owner")
    start = threading.Barrier(2)
    refused: list[str] = []

    def leave(user: User) -> None:
        start.wait()
        try:
            remove_member(actor_of(user), cast.project.pk, user.pk)
        except CoreError as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=(user,)) for user in (cast.owner, cast.editor)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["last_owner"]
    assert cast.project.members.filter(role="owner").count() == 1
