"""Puts the generated tasks into Baton's database and prints the caller's token: `python -m bench.fill_baton TASKS`.

Rows are inserted in bulk, past the commands: the events of ten thousand creations are nothing that is read here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django

from bench import data


def main() -> None:
    """Migrate, fill, and print the caller's access token."""
    with fill(data.generate(int(sys.argv[1]))):
        pass


@contextmanager
def fill(rows: data.Data) -> Iterator[None]:
    """Migrate and fill; after the block, which may add to the rows, print the caller's access token."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baton.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", interactive=False, verbosity=0)
    with transaction.atomic():
        _fill(rows)
    yield
    with connection.cursor() as cursor:
        # What autovacuum does in time: the planner of either database knows its tables.
        cursor.execute("ANALYZE")
    print(_token())


def _fill(rows: data.Data) -> None:
    from django.contrib.auth.hashers import make_password

    from baton.core.models import Comment, Label, Member, Project, Role, TaskLabel, User
    from baton.lib.text import fold

    start = rows.tasks[0].created_at
    names = [data.username(user) for user in range(data.USERS)]
    User.objects.bulk_create(
        User(uuid=uuid, username=name, username_folded=fold(name), name=name.title(), password=make_password(None))
        for uuid, name in zip(rows.uuids, names, strict=True)
    )
    sizes = [sum(task.project == index for task in rows.tasks) for index in range(data.PROJECTS)]
    Project.objects.bulk_create(
        Project(
            key=project.key,
            name=project.name,
            owner_id=project.members[0] + 1,
            last_number=size,
            tasks_count=size,
            created_at=start,
            updated_at=start,
        )
        for project, size in zip(rows.projects, sizes, strict=True)
    )
    Member.objects.bulk_create(
        Member(project_id=index + 1, user_id=user + 1, role=Role.EDITOR if place else Role.OWNER)
        for index, project in enumerate(rows.projects)
        for place, user in enumerate(project.members)
    )
    Label.objects.bulk_create(
        Label(project_id=index + 1, name=name, name_folded=fold(name))
        for index in range(data.PROJECTS)
        for name in data.LABELS
    )
    _fill_tasks(rows)
    _count_tasks()
    TaskLabel.objects.bulk_create(
        TaskLabel(task_id=index + 1, label_id=task.project * len(data.LABELS) + data.LABELS.index(name) + 1)
        for index, task in enumerate(rows.tasks)
        for name in task.labels
    )
    Comment.objects.bulk_create(
        Comment(task_id=index + 1, author_id=author + 1, text=text, created_at=task.created_at)
        for index, task in enumerate(rows.tasks)
        for author, text in task.comments
    )


def _fill_tasks(rows: data.Data) -> None:
    from baton.core.models import Assignment, Task
    from baton.lib import rank

    Task.objects.bulk_create(
        (
            Task(
                uuid=task.uuid,
                project_id=task.project + 1,
                number=task.number,
                title=task.title,
                description=task.description,
                status=task.status,
                priority=data.PRIORITIES.index(task.priority) + 1,
                lead_id=task.assignees[0] + 1 if task.assignees else None,
                parent_id=None if task.parent is None else task.parent + 1,
                due_at=task.due_at,
                rank=rank.initial(task.number),
                created_by_id=task.created_by + 1,
                created_at=task.created_at,
                updated_at=task.created_at,
                completed_at=task.completed_at,
                assignees_count=len(task.assignees),
                labels_count=len(task.labels),
                comments_count=len(task.comments),
            )
            for task in rows.tasks
        ),
        batch_size=1000,
    )
    Assignment.objects.bulk_create(
        Assignment(task_id=index + 1, user_id=user + 1, position=position)
        for index, task in enumerate(rows.tasks)
        for position, user in enumerate(task.assignees)
    )


def _count_tasks() -> None:
    from collections import Counter

    from baton.core.commands.task_tally import kind_of
    from baton.core.models import Tally, Task

    kinds = Counter(kind for task in Task.objects.all() if (kind := kind_of(task)))
    Tally.objects.bulk_create(Tally(**kind._asdict(), difference=number) for kind, number in kinds.items())


def _token() -> str:
    from baton.core.actor import Actor
    from baton.core.commands.sessions import open_session
    from baton.core.models import User
    from baton.surfaces.wire.credentials import AUDIENCE, REFRESH_LIFETIME, token_pair

    user = User.objects.get(pk=data.CALLER + 1)
    return token_pair(open_session(Actor(None), user, AUDIENCE, REFRESH_LIFETIME), user)["access"]


if __name__ == "__main__":
    main()
