"""A task as `baton task show` prints it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from baton.client.cli.printing import harmless, say
from baton.client.shapes import Comment, Task


def print_task(task: Task, comments: Sequence[Comment]) -> None:
    """Print what there is to know of a task, then what was said about it."""
    say(f"{task.key}  {harmless(task.title)}", "bold")
    for name, value in _facts(task):
        say(f"{name + ':':<13}{harmless(value)}")
    if task.description:
        say("\n" + harmless(task.description, keep_lines=True))
    for comment in comments:
        say(f"\n{harmless(comment.author.username)}, {when(comment.created_at)}:", "bold")
        say(harmless(comment.text, keep_lines=True))


def when(moment: datetime) -> str:
    """Return a time as the reader's clock shows it."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _facts(task: Task) -> Iterator[tuple[str, str]]:
    yield "status", task.status + (" (delegated)" if task.delegated else "")
    yield "priority", task.priority
    if task.assignees:
        yield "assigned to", ", ".join(person.username for person in task.assignees)
    if task.due_date:
        yield "due", when(task.due_date)
    if task.labels:
        yield "labels", ", ".join(task.labels)
    yield "created", f"{when(task.created_at)} by {task.created_by.username}"
    if task.completed_at:
        yield "completed", when(task.completed_at)
