"""A small team to look at Baton with, made by the commands that people use, so its history is a real one."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from baton.core.actor import DEMO_SURFACE, Actor
from baton.core.commands.accounts import register_user
from baton.core.commands.comments import add_comment
from baton.core.commands.members import add_member
from baton.core.commands.names import ProfileFields
from baton.core.commands.projects import create_project
from baton.core.commands.task_assignment import assign_task
from baton.core.commands.task_creation import create_task
from baton.core.commands.task_delegation import answer_delegation, delegate_task
from baton.core.commands.task_fields import TaskFields
from baton.core.commands.task_status import change_status
from baton.core.models import Priority, Task, User
from baton.management.demo_team import PEOPLE, PROJECTS, DemoProject, DemoTask, Handover


class NotEmpty(Exception):
    """The database holds accounts: the demo team keeps out of other people's data."""


def load() -> str:
    """Put the demo team into an empty database, all or nothing, and return one line that tells how to log in.

    All five share one password. It is made anew for each database, since what was once tried out on one machine may
    later be served to others; the data folder's `demo_login` keeps it. Raises NotEmpty.
    """
    password = secrets.token_urlsafe(9)
    with transaction.atomic():
        if User.objects.exists():
            raise NotEmpty
        team = _register_team(password)
        for project in PROJECTS:
            _fill_project(team, project)
    names = [person["username"] for person in PEOPLE]
    line = f"Log in as {', '.join(names[:-1])} or {names[-1]} with the password {password}"
    kept_in = _keep(line)
    return f"{line} (kept in {kept_in})."


def _register_team(password: str) -> dict[str, Actor]:
    """Open an account for everybody, and return who they act as."""
    users = []
    for person in PEOPLE:
        fields = ProfileFields(**person, email=f"{person['username']}@demo.example")  # type: ignore[typeddict-item]
        # Without a password of their own: hashing is slow on purpose, and one hash does for all.
        users.append(register_user(Actor(None, surface=DEMO_SURFACE), None, fields, by_operator=True))
    users[0].set_password(password)
    User.objects.update(password=users[0].password, is_verified=True)
    return {user.username: Actor(user.pk, surface=DEMO_SURFACE, is_live=True) for user in users}


def _fill_project(team: dict[str, Actor], demo: DemoProject) -> None:
    project = create_project(
        team[demo.owner],
        {"name": demo.name, "key": demo.key, "description": demo.about, "visibility": demo.visibility},
    )
    for username, role in demo.members.items():
        add_member(team[demo.owner], project.pk, _id_of(team, username), role)
    tasks: dict[str, Task] = {}
    for task in demo.tasks:
        tasks[task.title] = _make_task(team, demo, project.pk, task, tasks)


def _make_task(
    team: dict[str, Actor], demo: DemoProject, project_id: int, task: DemoTask, others: dict[str, Task]
) -> Task:
    """Create the task, let its people talk, hand it on and move it to where it is."""
    fields: TaskFields = {
        "title": task.title,
        "description": task.about,
        "priority": Priority[task.priority.upper()],
        "assignees": _ids_of(team, task.people),
        "labels": task.labels,
        "parent_id": others[task.part_of].pk if task.part_of else None,
        "due_at": _in_days(task.due) if task.due is not None else None,
    }
    created = create_task(team[task.by], project_id, fields)
    for username, text in task.comments:
        add_comment(team[username], created.pk, text)
    for handover in task.handed:
        _hand_on(team, created, handover)
    if task.taken_over:
        assign_task(team[demo.owner], created.pk, _ids_of(team, task.taken_over))
    if task.status != created.status:
        change_status(team[(*task.people, demo.owner)[0]], created.pk, task.status)
    return created


def _hand_on(team: dict[str, Actor], task: Task, handover: Handover) -> None:
    delegation = delegate_task(team[handover.giver], task.pk, _id_of(team, handover.receiver), handover.note)
    if handover.answer:
        answer_delegation(team[handover.receiver], delegation.pk, handover.answer, handover.reply)


def _ids_of(team: dict[str, Actor], usernames: tuple[str, ...]) -> list[int]:
    return [_id_of(team, username) for username in usernames]


def _id_of(team: dict[str, Actor], username: str) -> int:
    return team[username].user_id or 0


def _in_days(days: float) -> datetime:
    return (timezone.now() + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)


def _keep(line: str) -> Path:
    """Write the line where only the owner of the data folder reads it."""
    path: Path = settings.BATON_DATA / "demo_login"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(f"{line}.\n", encoding="utf-8")
    return path
