"""The reaction: from the log to rows and a woken worker."""

from __future__ import annotations

import pytest
from django.db import transaction

from baton import wiring
from baton.core.commands.bulk import Operation, run_bulk
from baton.core.commands.comments import add_comment
from baton.core.commands.task_watching import watch_task
from baton.core.commands.tasks import edit_task
from baton.core.events.log import end_of_log
from baton.core.models import Delivery, Notification, ReactionCursor
from baton.reactions.follow import Begins, Reaction, follow
from baton.reactions.notifications import Notify
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.traces import let_the_log_settle

pytestmark = pytest.mark.django_db(transaction=True)


class Worker:
    """Counts how often it is woken, and what it finds then."""

    def __init__(self) -> None:
        self.found: list[int] = []

    def __call__(self) -> None:
        assert transaction.get_connection().in_atomic_block is False
        self.found.append(Delivery.objects.count())


def reaction(worker: Worker) -> Reaction:
    return Reaction("notifications", Notify({}, worker), begins=Begins.AT_END)


def run(found: Reaction) -> int:
    let_the_log_settle()
    count = 0
    while step := follow(found):
        count += step
    return count


def test_it_is_wired_and_begins_with_what_comes() -> None:
    [found] = [found for found in wiring.REACTIONS if found.name == "notifications"]
    assert isinstance(found.handle, Notify)
    assert found.begins is Begins.AT_END


def test_rows_are_there_before_the_worker_is_woken(cast: Cast) -> None:
    worker = Worker()
    run(reaction(worker))
    make_task(cast.owner, cast.project, assigned_to=cast.editor.pk)
    assert run(reaction(worker)) == 1
    assert worker.found == [1]


def test_who_upgrades_is_not_flooded(cast: Cast) -> None:
    make_task(cast.owner, cast.project, assigned_to=cast.editor.pk)
    assert run(reaction(Worker())) == 0
    assert not Notification.objects.exists()


def test_nothing_to_send_wakes_nobody(cast: Cast) -> None:
    worker = Worker()
    run(reaction(worker))
    make_task(cast.owner, cast.project)
    make_task(cast.owner, cast.project, assigned_to=cast.newcomer.pk)
    assert run(reaction(worker)) == 2
    assert worker.found == []
    assert Notification.objects.count() == 1


def test_a_worker_that_can_not_be_woken_costs_nothing(cast: Cast) -> None:
    def fail() -> None:
        raise OSError("no broker")

    found = Reaction("notifications", Notify({}, fail), begins=Begins.AT_END)
    run(found)
    make_task(cast.owner, cast.project, assigned_to=cast.editor.pk)
    assert run(found) == 1
    assert Delivery.objects.count() == 1


def test_what_was_rolled_back_is_written_the_next_time_once(cast: Cast) -> None:
    found = reaction(Worker())
    run(found)
    place = ReactionCursor.objects.get(pk="notifications")
    task = make_task(cast.owner, cast.project, assigned_to=cast.editor.pk)
    edit_task(actor_of(cast.owner), task.pk, {"title": "New"})
    run(found)
    rows = set(Notification.objects.values_list("user", "occasion"))
    # As after the loss of the cursor: everything once more.
    place.save()
    run(found)
    assert set(Notification.objects.values_list("user", "occasion")) == rows
    assert Notification.objects.count() == len(rows) == 2
    assert Delivery.objects.count() == 2
    assert ReactionCursor.objects.get(pk="notifications").event_id == end_of_log().event_id


def test_five_hundred_changes_of_a_bulk_are_told_each_once(cast: Cast) -> None:
    """Through the reaction's batches, which cut through them."""
    found = reaction(Worker())
    task, other = (make_task(cast.owner, cast.project, assigned_to=cast.editor.pk) for _ in range(2))
    watch_task(actor_of(cast.viewer), task.pk)
    run(found)

    def edit(number: int, pk: int) -> Operation:
        return Operation(
            lambda actor: edit_task(
                actor, pk, {"title": f"{number}", "status": "review" if number % 4 < 2 else "todo"}
            ),
            pk,
        )

    run_bulk(actor_of(cast.owner), [edit(number, (task.pk, other.pk)[number % 2]) for number in range(500)])
    add_comment(actor_of(cast.owner), task.pk, "So many, @nina")
    run(found)
    # The viewer watches one of the two.
    assert Notification.objects.filter(user=cast.editor, kind="task_changed").count() == 500
    assert Notification.objects.filter(user=cast.viewer, kind="task_changed").count() == 250
    assert Delivery.objects.filter(letter="gathered").count() == 3
    assert Notification.objects.filter(kind="mentioned").count() == 1
