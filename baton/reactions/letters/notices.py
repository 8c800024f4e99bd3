"""The letters that tell of notifications: of one, of several about a task, or a digest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from baton.adapters.mail import Letter
from baton.core.commands.telling import GATHERED
from baton.core.models import Delivery
from baton.core.models.notification import Kind
from baton.reactions.letters.composing import Composer, Unsent
from baton.reactions.letters.headers import list_headers, off_headers, thread_headers
from baton.reactions.letters.items import Item, TaskShown, show_task
from baton.reactions.letters.links import off_link, project_link
from baton.reactions.letters.readers import Reader, in_waking_hours, to_reader
from baton.reactions.letters.rendering import render
from baton.reactions.letters.told import NOTHING, Told, tell

DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class TaskPart:
    """A task, and what has happened to it."""

    task: TaskShown
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ProjectPart:
    """A project: what concerns it as a whole, and its tasks."""

    project: str
    items: list[Item] = field(default_factory=list)
    tasks: list[TaskPart] = field(default_factory=list)


def write_notice(delivery: Delivery, reader: Reader, told: Sequence[Told]) -> Letter:
    """Write the letter that tells of one notification."""
    if told[0].task is None:
        return _about_project(delivery, reader, told[0])
    return _about_task(delivery, reader, told[:1], told[0].notification.kind)


def write_gathered(delivery: Delivery, reader: Reader, told: Sequence[Told]) -> Letter:
    """Write the letter that tells of several changes of a task."""
    if told[0].task is None:
        return _digest(delivery, reader, told, GATHERED)
    return _about_task(delivery, reader, told, GATHERED)


def write_digest(delivery: Delivery, reader: Reader, told: Sequence[Told]) -> Letter:
    """Write the letter that tells of all that waited for it, by project and task."""
    return _digest(delivery, reader, told, told[0].notification.mode)


def _telling(write: Callable[[Delivery, Reader, Sequence[Told]], Letter]) -> Composer:
    """Return the composer of a letter that tells what still holds of its notifications, if anything does."""

    def compose(delivery: Delivery, reader: Reader) -> Letter | Unsent:
        answers = tell(delivery, reader)
        told = [answer for answer in answers if isinstance(answer, Told)]
        if told:
            return write(delivery, reader, told)
        return next((answer for answer in answers if isinstance(answer, Unsent)), NOTHING)

    return to_reader(in_waking_hours(compose))


NOTICES: Mapping[str, Composer] = {
    **{kind.value: _telling(write_notice) for kind in Kind},
    GATHERED: _telling(write_gathered),
    DIGEST: _telling(write_digest),
}
"""The composers of the letters that tell of notifications."""


def _about_task(delivery: Delivery, reader: Reader, told: Sequence[Told], letters: str) -> Letter:
    task = told[0].task
    assert task is not None  # noqa: S101  # the callers have looked
    shown = show_task(task, reader)
    context = {
        "task": shown,
        "item": told[0].item,
        "groups": _by_project(told, reader),
        "shows_sentences": letters == GATHERED,
        "button_url": shown.url,
    }
    headers = {**thread_headers(task), **list_headers(task.project)}
    return _write(delivery, reader, letters, letters, context, headers)


def _about_project(delivery: Delivery, reader: Reader, told: Told) -> Letter:
    context = {
        "who": told.item.who,
        "project": told.project,
        "button_url": project_link(told.project.pk),
    }
    kind = told.notification.kind
    return _write(delivery, reader, kind, kind, context, list_headers(told.project))


def _digest(delivery: Delivery, reader: Reader, told: Sequence[Told], mode: str) -> Letter:
    groups = _by_project(told, reader)
    context = {
        "groups": groups,
        "shows_projects": True,
        "shows_sentences": True,
        "count": len(told),
        "tasks_count": sum(len(group.tasks) for group in groups),
        "mode": mode,
    }
    return _write(delivery, reader, DIGEST, mode, context, {})


def _by_project(told: Sequence[Told], reader: Reader) -> list[ProjectPart]:
    """Return what is told by project and task, each where it first comes."""
    groups: dict[int, ProjectPart] = {}
    tasks: dict[int, TaskPart] = {}
    for one in told:
        group = groups.setdefault(one.project.pk, ProjectPart(one.project.name))
        if one.task is None:
            group.items.append(one.item)
            continue
        if one.task.pk not in tasks:
            tasks[one.task.pk] = TaskPart(show_task(one.task, reader))
            group.tasks.append(tasks[one.task.pk])
        tasks[one.task.pk].items.append(one.item)
    return list(groups.values())


def _write(
    delivery: Delivery,
    reader: Reader,
    template: str,
    letters: str,
    context: Mapping[str, object],
    headers: Mapping[str, str],
) -> Letter:
    """Return the letter; `letters` are those that its link switches off."""
    off = off_link(reader.user.pk, letters)
    rendered = render(template, reader.user.language, {**context, "off_url": off})
    return Letter(
        recipient=reader.address,
        to=(reader.address,),
        subject=rendered.subject,
        text=rendered.text,
        message_id=delivery.message_id,
        html=rendered.html,
        headers={**headers, **off_headers(off)},
    )
