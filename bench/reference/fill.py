"""Puts the generated tasks into the reference's database and prints a token: `python -m bench.reference.fill TASKS`."""

from __future__ import annotations

import os
import sys

import django

from bench import data


def main() -> None:
    """Migrate, fill, and print the caller's access token."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.reference.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from bench.reference.tasks.authentication import access_token
    from bench.reference.tasks.models import User

    call_command("migrate", interactive=False, verbosity=0)
    with transaction.atomic():
        _fill(data.generate(int(sys.argv[1])))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(access_token(User.objects.get(pk=data.CALLER + 1)))


def _fill(rows: data.Data) -> None:
    from bench.reference.tasks.models import Comment, Label, Project, User

    names = [data.username(user) for user in range(data.USERS)]
    User.objects.bulk_create(
        User(uuid=uuid, username=name, name=name.title(), password="!")
        for uuid, name in zip(rows.uuids, names, strict=True)
    )
    Project.objects.bulk_create(
        Project(
            key=project.key,
            name=project.name,
            owner_id=project.members[0] + 1,
            last_number=sum(task.project == index for task in rows.tasks),
        )
        for index, project in enumerate(rows.projects)
    )
    Member = Project.members.through  # noqa: N806 - a class
    Member.objects.bulk_create(
        Member(project_id=index + 1, user_id=user + 1)
        for index, project in enumerate(rows.projects)
        for user in project.members
    )
    Label.objects.bulk_create(
        Label(project_id=index + 1, name=name) for index in range(data.PROJECTS) for name in data.LABELS
    )
    _fill_tasks(rows)
    Comment.objects.bulk_create(
        Comment(task_id=index + 1, author_id=author + 1, text=text)
        for index, task in enumerate(rows.tasks)
        for author, text in task.comments
    )


def _fill_tasks(rows: data.Data) -> None:
    from django.db.models import DateTimeField

    from bench.reference.tasks.models import Assignment, Task

    # The fill gives the times, which the models would set to now.
    for field in Task._meta.get_fields():
        if isinstance(field, DateTimeField):
            field.auto_now_add = field.auto_now = False
    Task.objects.bulk_create(
        (
            Task(
                uuid=task.uuid,
                project_id=task.project + 1,
                number=task.number,
                title=task.title,
                description=task.description,
                status=task.status,
                priority=task.priority,
                assigned_to_id=task.assignees[0] + 1 if task.assignees else None,
                parent_id=None if task.parent is None else task.parent + 1,
                due_date=task.due_at,
                created_by_id=task.created_by + 1,
                created_at=task.created_at,
                updated_at=task.created_at,
                completed_at=task.completed_at,
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
    Labelled = Task.labels.through  # noqa: N806 - a class
    Labelled.objects.bulk_create(
        Labelled(task_id=index + 1, label_id=task.project * len(data.LABELS) + data.LABELS.index(name) + 1)
        for index, task in enumerate(rows.tasks)
        for name in task.labels
    )


if __name__ == "__main__":
    main()
