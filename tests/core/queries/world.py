"""A world of random tasks, and what somebody must see of it, computed without the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from baton.core.models import Assignment, Delegation, Label, Member, Priority, Project, Status, Task, TaskLabel, User
from baton.core.models.delegation import OPEN_STATES, DelegationState
from baton.core.queries import shapes
from baton.core.queries.search_words import Term, read_words
from baton.core.queries.task_filters import TaskFilters, TaskKey
from baton.lib import rank
from baton.reactions.search_index import index_tasks

NOW = datetime(2026, 5, 5, 12, tzinfo=UTC)
WORDS = ("apple", "bread", "cedar", "delta", "ember")


@dataclass
class World:
    """Everything there is. `viewer` belongs to some of it."""

    viewer: User
    users: list[User]
    projects: list[Project]
    labels: list[Label]
    tasks: list[Task]


def make_world(seed: int, *, size: int = 70) -> World:
    """Return a new world: projects of every kind, tasks with everything that can be filtered and sorted by."""
    chance = Random(seed)
    users = User.objects.bulk_create(
        User(username=f"u{number}", username_folded=f"u{number}", name=f"User {number}") for number in range(5)
    )
    projects = [
        _project(users, *kind) for kind in (("MEM", "private"), ("OUT", "private"), ("OPE", "open"), ("GON", "open"))
    ]
    Project.objects.filter(key="GON").update(trashed_at=NOW)
    Member.objects.bulk_create(
        Member(project=project, user=users[0], role="viewer") for project in projects if project.key in ("MEM", "GON")
    )
    labels = Label.objects.bulk_create(
        Label(project=project, name=name.title(), name_folded=name) for project in projects for name in WORDS[:2]
    )
    tasks = Task.objects.bulk_create(_task(chance, users, projects, number) for number in range(size))
    for task in tasks:
        _surround(chance, task, users, [label for label in labels if label.project_id == task.project_id])
    _put_below_each_other(chance, tasks)
    index_tasks(task.pk for task in tasks)
    world = World(users[0], users, projects, labels, [])
    related = Task.objects.select_related("project", "lead", "created_by")
    world.tasks = list(related.prefetch_related("assignments__user", "task_labels__label", "delegations"))
    return world


def _project(users: list[User], key: str, visibility: str) -> Project:
    return Project.objects.create(
        key=key, name=key, owner=users[1], visibility=visibility, created_at=NOW, updated_at=NOW
    )


def _task(chance: Random, users: list[User], projects: list[Project], number: int) -> Task:
    status = chance.choice(Status.values)
    # A few moments only, so that many tasks tie.
    created = NOW - timedelta(days=chance.randint(0, 5), microseconds=chance.choice((0, 0, 1)))
    return Task(
        project=chance.choice(projects),
        number=number + 1,
        title=chance.choice(WORDS),
        description=chance.choice(("", "Ember and ASH", "a quiet day")),
        status=status,
        priority=chance.choice(Priority.values),
        due_at=chance.choice((None, NOW, NOW + timedelta(days=chance.randint(-3, 3)))),
        rank=rank.initial(chance.randint(1, 10**6) * 1000 + number),
        created_by=chance.choice(users),
        created_at=created,
        updated_at=created + timedelta(hours=chance.randint(0, 3)),
        completed_at=NOW if status == Status.DONE else None,
        comments_count=chance.randint(0, 3),
        trashed_at=NOW if chance.random() < 0.1 else None,
    )


def _surround(chance: Random, task: Task, users: list[User], labels: list[Label]) -> None:
    """Give the task people, labels and delegations, and the counters that go with them."""
    people = chance.sample(users, chance.choice((0, 1, 1, 2, 3)))
    Assignment.objects.bulk_create(
        Assignment(task=task, user=user, position=position) for position, user in enumerate(people)
    )
    carried = chance.sample(labels, chance.randint(0, len(labels)))
    TaskLabel.objects.bulk_create(TaskLabel(task=task, label=label) for label in carried)
    states = chance.sample(DelegationState.values, chance.choice((0, 0, 1, 2)))
    Delegation.objects.bulk_create(
        Delegation(task=task, giver=chance.choice(users), receiver=chance.choice(users), state=state, created_at=NOW)
        for state in states
    )
    task.lead, task.assignees_count, task.labels_count = (people[0] if people else None), len(people), len(carried)
    task.delegated = any(state in OPEN_STATES for state in states)
    task.save()


def _put_below_each_other(chance: Random, tasks: list[Task]) -> None:
    for task in chance.sample(tasks, len(tasks) // 4):
        siblings = [other for other in tasks if other.project_id == task.project_id and other.pk < task.pk]
        if siblings:
            Task.objects.filter(pk=task.pk).update(parent=chance.choice(siblings))


def is_seen(world: World, task: Task) -> bool:
    """Does the viewer see the task? They belong to MEM, anybody sees OPE, and GON is in the trash."""
    return task.trashed_at is None and task.project.key in ("MEM", "OPE")


PASSES: dict[str, Callable[[Task, Any], bool]] = {
    "key": lambda task, value: (task.project.key, task.number) == value,
    "project": lambda task, value: task.project_id == value,
    "status": lambda task, value: task.status == value or (isinstance(value, list) and task.status in value),
    "priority": lambda task, value: task.priority == value or (isinstance(value, list) and task.priority in value),
    "assigned_to": lambda task, value: value in _people_on(task),
    "created_by": lambda task, value: task.created_by_id == value,
    "waiting_for": lambda task, value: (
        task.status != Status.DONE
        and any(each.giver_id == value and each.state in OPEN_STATES for each in task.delegations.all())
    ),
    "delegated": lambda task, value: task.delegated == value,
    "label": lambda task, value: value.lower() in [each.label.name.lower() for each in task.task_labels.all()],
    "parent": lambda task, value: task.parent_id == value,
    "due_before": lambda task, value: task.due_at is not None and task.due_at < value,
    "due_after": lambda task, value: task.due_at is not None and task.due_at > value,
    "overdue": lambda task, value: _is_overdue(task) == value,
    "updated_after": lambda task, value: task.updated_at > value,
    "search": lambda task, value: value is None or all(_has(task, term) for term in value.terms),
}
"""What each filter lets through."""


def _people_on(task: Task) -> list[int | None]:
    return [each.user_id for each in task.assignments.all()] or [None]


def _has(task: Task, term: Term) -> bool:
    labels = [each.label.name for each in task.task_labels.all()]
    words = " ".join((task.title, task.description, *labels)).lower().split()
    return any(word in term.stems or word.startswith(term.beginning or "\0") for word in words)


def _is_overdue(task: Task) -> bool:
    return task.due_at is not None and task.due_at < NOW and task.status != Status.DONE


def filter_values(world: World) -> dict[str, list[Any]]:
    """Return values worth trying for each filter."""
    nobody = 10**9
    parents = [task.parent_id for task in world.tasks if task.parent_id][:2]
    moments = [NOW, NOW + timedelta(days=1), NOW - timedelta(days=2)]
    return {
        "key": [TaskKey(task.project.key, task.number) for task in world.tasks[:6]] + [TaskKey("NONE", 1)],
        "project": [project.pk for project in world.projects] + [nobody],
        "status": [*Status.values, ["todo", "review"], ["done"]],
        "priority": [*Priority.values, [1, 3]],
        "assigned_to": [world.users[0].pk, world.users[3].pk, None, nobody],
        "created_by": [world.users[0].pk, world.users[2].pk, nobody],
        "waiting_for": [world.users[0].pk, world.users[4].pk],
        "delegated": [True, False],
        "label": ["apple", "BREAD", "cedar"],
        "parent": [*parents, None, nobody],
        "due_before": moments,
        "due_after": moments,
        "overdue": [True, False],
        "updated_after": moments,
        "search": [None, *map(read_words, ("ember", "ASH", "qui", "breads", "bread day", "day brea", "zzz"))],
    }


def expected_tasks(world: World, filters: TaskFilters) -> list[Task]:
    """Return what the viewer sees through the filters, in no order."""
    conditions = [(PASSES[name], value) for name, value in filters.items()]
    return [
        task for task in world.tasks if is_seen(world, task) and all(test(task, value) for test, value in conditions)
    ]


SORTED_BY: dict[str, Callable[[Task], Any]] = {
    "created_at": lambda task: task.created_at,
    "updated_at": lambda task: task.updated_at,
    "due_date": lambda task: task.due_at,
    "priority": lambda task: task.priority,
    "rank": lambda task: task.rank,
    "title": lambda task: task.title,
}


def sort_tasks(tasks: list[Task], ordering: str) -> list[Task]:
    """Return the tasks in an ordering: ties by id in its direction, those without a value last in either direction."""
    value = SORTED_BY[ordering.removeprefix("-")]
    backwards = ordering.startswith("-")
    with_value = [task for task in tasks if value(task) is not None]
    without = [task for task in tasks if value(task) is None]
    with_value.sort(key=lambda task: (value(task), task.pk), reverse=backwards)
    without.sort(key=lambda task: task.pk, reverse=backwards)
    return with_value + without


def shape_of(task: Task) -> shapes.Task:
    """Return a task as it must be shown, from the model's instance."""
    return shapes.Task(
        id=task.pk,
        uuid=task.uuid,
        key=f"{task.project.key}-{task.number}",
        project=task.project_id,
        title=task.title,
        description=task.description,
        status=task.status,
        priority={1: "low", 2: "medium", 3: "high"}[task.priority],
        assigned_to=_person(task.lead) if task.lead else None,
        assignees=[_person(each.user) for each in sorted(task.assignments.all(), key=lambda each: each.position)],
        delegated=task.delegated,
        parent=task.parent_id,
        labels=sorted(each.label.name for each in task.task_labels.all()),
        due_date=task.due_at,
        created_by=_person(task.created_by),
        created_at=task.created_at,
        updated_at=task.updated_at,
        completed_at=task.completed_at,
        comments_count=task.comments_count,
        attachments_count=task.attachments_count,
        version=task.version,
    )


def _person(user: User) -> shapes.Person:
    return shapes.Person(user.pk, user.username, user.name, user.avatar)
