"""Sixteen people move tasks to the same places at once: no rank twice, nobody's move lost."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from baton.core.commands import task_ranks
from baton.core.commands.task_creation import create_task
from baton.core.commands.task_moves import Place, move_task
from baton.core.models import Event, Project, Task
from tests.factories import actor_of, make_project, make_task, make_user
from tests.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)

MOVERS = 16
MOVES = 8


def test_ranks_never_collide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_ranks, "LONGEST", 16)
    monkeypatch.setattr(task_ranks, "SHORT", 11)
    owner = make_user()
    project = make_project(owner)
    first = make_task(owner, project)
    tasks = [make_task(owner, project).pk for _ in range(MOVERS)]
    actor = actor_of(owner)

    def mover(number: int) -> Callable[[], int]:
        chance = Random(number)

        def move() -> int:
            moved = 0
            for _ in range(MOVES):
                other = chance.choice([first.pk, *(pk for pk in tasks if pk != tasks[number])])
                place = Place(after_id=other) if chance.random() < 0.5 else Place(before_id=other)
                moved += move_task(actor, tasks[number], place) is not None
            create_task(actor, project.pk, {"title": "New"})
            return moved

        return move

    assert sum(run_together(*(mover(number) for number in range(MOVERS)))) == MOVERS * MOVES
    ranks = list(Task.objects.filter(project=project).values_list("rank", flat=True))
    assert len(set(ranks)) == len(ranks) == 1 + 2 * MOVERS
    told = {event.task_id: event.changes["rank"][1] for event in Event.objects.filter(verb="task.moved").order_by("id")}
    assert set(told) == set(tasks)


def test_tasks_cross_between_two_projects_without_a_deadlock() -> None:
    owner = make_user()
    here, there = make_project(owner, "Here"), make_project(owner, "There")
    tasks = [make_task(owner, project).pk for project in (here, there) * 4]

    def swap(number: int) -> Callable[[], None]:
        def move() -> None:
            for turn in range(4):
                target = (here, there)[(number + turn + 1) % 2]
                move_task(actor_of(owner), tasks[number], Place(project_id=target.pk))

        return move

    run_together(*(swap(number) for number in range(8)))
    for project in (here, there):
        found = list(Task.objects.filter(project=project).values_list("number", flat=True))
        assert len(set(found)) == len(found) == Project.objects.get(pk=project.pk).tasks_count == 4
