"""A task goes into another project, and what belongs to the old one stays behind."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F

from baton.core.actor import Actor
from baton.core.commands.access import forget_task, require
from baton.core.commands.task_assignment import list_assignees, set_assignees
from baton.core.commands.task_change import TaskChange
from baton.core.commands.task_labels import by_folded_name, find_or_make_labels, list_labels, place_labels
from baton.core.commands.task_titles import keep_title
from baton.core.events.facts.tasks import TaskEdited, TaskLeft, TaskMoved
from baton.core.events.record import record
from baton.core.models import Member, Project, Task, TaskLabel, Watcher
from baton.core.models.project import Visibility
from baton.core.policies.projects import can_create_task
from baton.core.policies.tasks import can_take_task_away
from baton.lib import rank


def check_relocation(actor: Actor, task: Task, target: Project) -> None:
    """Check the rights on both sides. Raises Denied."""
    require(can_take_task_away(actor, task), "You may not take this task out of its project.")
    require(can_create_task(actor, target), "You may not create tasks in the other project.")


def relocate(change: TaskChange, target: Project) -> None:
    """Take the task into another project, behind all tasks there, under a new key.

    Its labels come along by name. People who don't see the other project stop working on it and watching it; its parent
    and its parts stay behind, without each other. The caller holds the locks of both projects and has checked the
    rights.
    """
    task = change.task
    source = task.project
    old_key = f"{source.key}-{task.number}"
    record(change.actor, TaskLeft(key=old_key), at=change.at, project_id=source.pk, task_id=task.pk)
    change.set(TaskEdited(), "parent_id", None, field="parent")
    _let_parts_go(change)
    labels = list_labels(task)
    _enter(change, target, old_key)
    _carry_labels(change, labels)
    _part_from_outsiders(change)
    Project.objects.filter(pk=source.pk).update(tasks_count=F("tasks_count") - 1)


def _let_parts_go(change: TaskChange) -> None:
    parts = (
        Task.objects.filter(parent=change.task).select_related("project").select_for_update(no_key=True, of=("self",))
    )
    for part in parts.order_by("pk"):
        letting_go = TaskChange(change.actor, part)
        letting_go.set(TaskEdited(), "parent_id", None, field="parent")
        letting_go.save()
        forget_task(part.pk)


def _enter(change: TaskChange, target: Project, old_key: str) -> None:
    """Number the task in its new project; a new number stands behind all others."""
    target.last_number += 1
    target.tasks_count += 1
    target.save(update_fields=["last_number", "tasks_count"])
    fact = TaskMoved()
    change.set(fact, "project_id", target.pk, field="project")
    change.task.project = target
    change.set_quietly("number", target.last_number)
    change.note(fact, "key", old_key, f"{target.key}-{target.last_number}")
    change.set(fact, "rank", rank.initial(target.last_number))
    keep_title(change, target, change.task.title)


def _carry_labels(change: TaskChange, names: list[str]) -> None:
    if not names:
        return
    TaskLabel.objects.filter(task=change.task).delete()
    labels = find_or_make_labels(change.task.project, by_folded_name(names))
    place_labels(change.task, labels)
    # The other project may write the same label in another case.
    if (written := sorted(label.name for label in labels)) != names:
        change.note(TaskEdited(), "labels", names, written)


def _part_from_outsiders(change: TaskChange) -> None:
    task = change.task
    if task.project.visibility == Visibility.OPEN:
        return
    members = Member.objects.filter(project=task.project)
    Watcher.objects.filter(task=task).exclude(user__in=members.values("user")).delete()
    set_assignees(change, _among(members.values_list("user_id", flat=True), list_assignees(task)))


def _among(members: Iterable[int], user_ids: list[int]) -> list[int]:
    found = set(members)
    return [user for user in user_ids if user in found]
