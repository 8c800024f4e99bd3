"""The ledger of tasks: always the plain count, whatever is done, added up or put right."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from baton.core.commands.task_assignment import assign_task
from baton.core.commands.task_status import change_status
from baton.core.commands.task_tally import compact_tallies, correct_tallies
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.commands.trash import restore_task
from baton.core.models import Priority, Status, Tally, Task
from baton.core.queries.statistics import get_statistics
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task


def _summed() -> Counter[tuple[object, ...]]:
    sums: Counter[tuple[object, ...]] = Counter()
    for *kind, difference in Tally.objects.values_list(
        "project_id", "status", "priority", "is_unassigned", "difference"
    ):
        sums[tuple(kind)] += difference
    return +sums


def _counted() -> Counter[tuple[object, ...]]:
    tasks = Task.objects.filter(trashed_at=None)
    return Counter((task.project_id, task.status, task.priority, task.lead_id is None) for task in tasks)


@pytest.mark.parametrize("seed", range(3))
def test_the_ledger_is_the_count_after_anything(cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    owner = actor_of(cast.owner)
    projects = [cast.project, make_project(cast.owner, "Second")]
    tasks = [make_task(cast.owner, chance.choice(projects), status=chance.choice(Status.values)) for _ in range(8)]
    gone: set[int] = set()
    for _ in range(60):
        task = chance.choice(tasks)
        if task.pk in gone:
            restore_task(owner, task.pk)
            gone.discard(task.pk)
            continue
        act = chance.randrange(4)
        if act == 0:
            change_status(owner, task.pk, chance.choice(Status.values))
        elif act == 1:
            edit_task(owner, task.pk, {"priority": chance.choice(Priority.values)})
        elif act == 2:
            assign_task(owner, task.pk, chance.choice([[], [cast.owner.pk]]))
        else:
            trash_task(owner, task.pk)
            gone.add(task.pk)
        if chance.random() < 0.1:
            compact_tallies()
        assert _summed() == _counted()
    assert get_statistics(owner).total == Task.objects.filter(trashed_at=None).count()
    while compact_tallies():
        pass
    assert Tally.objects.count() == len(_counted())


def test_what_came_past_the_commands_is_put_right(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    Task.objects.filter(pk=task.pk).update(priority=3)
    Tally.objects.create(project=cast.project, status="review", priority=1, is_unassigned=False, difference=7)
    assert correct_tallies() == 3
    assert _summed() == _counted()
    assert correct_tallies() == 0
