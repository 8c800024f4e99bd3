"""Taking people off the tasks they no longer see."""

from __future__ import annotations

from baton.core.actor import Actor
from baton.core.commands.task_assignment import list_assignees, set_assignees
from baton.core.commands.task_change import TaskChange
from baton.core.models import Assignment, Member, Project, ReportSubscription, Task, Watcher
from baton.core.models.project import Visibility


def release_tasks(actor: Actor, project: Project) -> None:
    """Take everybody who doesn't see the project off its tasks, with an event for each task, and off its letters.

    The caller holds the project's lock, and has just changed who sees it. Members whose account is deactivated keep
    their tasks, as they keep their place: they may be back.
    """
    if project.visibility == Visibility.OPEN:
        return
    members = Member.objects.filter(project=project).values("user")
    Watcher.objects.filter(task__project=project).exclude(user__in=members).delete()
    ReportSubscription.objects.filter(project=project).exclude(user__in=members).delete()
    gone = Assignment.objects.filter(task__project=project).exclude(user__in=members)
    leavers: dict[int, set[int]] = {}
    for task_id, user_id in gone.values_list("task_id", "user_id"):
        leavers.setdefault(task_id, set()).add(user_id)
    tasks = Task.objects.select_for_update(no_key=True).filter(pk__in=leavers).order_by("pk")
    for task in tasks:
        task.project = project
        change = TaskChange(actor, task)
        set_assignees(change, [user for user in list_assignees(task) if user not in leavers[task.pk]])
        change.save()
