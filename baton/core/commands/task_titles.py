"""Titles, and keeping them apart in the projects that have it so (`Project.unique_titles`)."""

from __future__ import annotations

from django.db import IntegrityError
from django.db.models import Count, F

from baton.core.commands.task_change import TaskChange
from baton.core.errors import FieldError, Invalid
from baton.core.models import Project, Task

TAKEN = FieldError("/title", "taken", "Another task of this project is called so.")
NOT_UNIQUE = "two_alike"


def kept_title(project: Project, title: str) -> str | None:
    """Return what is kept of a title for telling it apart; nothing where the project doesn't."""
    return title if project.unique_titles else None


def check_title_is_free(project: Project, title: str, task: Task | None = None) -> list[FieldError]:
    """Check that no other task of the project is called so, where the project has titles told apart."""
    if not project.unique_titles:
        return []
    same = Task.objects.filter(project=project, unique_title=title).exclude(pk=task.pk if task else 0)
    return [TAKEN] if same.exists() else []


def keep_title(change: TaskChange, project: Project, title: str) -> None:
    """Keep the title that the task now has in the project for telling it apart."""
    kept = kept_title(project, title)
    if kept != change.task.unique_title:
        change.set_quietly("unique_title", kept)


def release_title(change: TaskChange) -> None:
    """Let others have the title: the task goes into the trash."""
    if change.task.unique_title is not None:
        change.set_quietly("unique_title", None)


def tell_titles_apart(project: Project) -> None:
    """Begin to tell the titles of a project apart, or cease to. Raises Invalid where two are alike already."""
    tasks = Task.objects.filter(project=project, trashed_at=None)
    if not project.unique_titles:
        tasks.update(unique_title=None)
        return
    twice = tasks.values("title").annotate(tasks=Count("pk")).filter(tasks__gt=1).order_by("title").first()
    if twice is not None:
        raise Invalid.field("/unique_titles", NOT_UNIQUE, f"{twice['tasks']} tasks are called “{twice['title']}”.")
    tasks.update(unique_title=F("title"))


def is_taken_title(error: IntegrityError) -> bool:
    """Did the database refuse a title that another request has just given to another task?"""
    return "unique_title" in str(error) or "task_title_once" in str(error)
