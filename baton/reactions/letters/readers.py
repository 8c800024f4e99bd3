"""Whom a letter is for, and what they see at the moment it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.dateformat import format as format_date

from baton.core.actor import Actor
from baton.core.models import Delivery, Project, Task, UnwantedLetter, User
from baton.core.policies.mail_modes import sendable_after
from baton.core.policies.visibility import tasks_seen_by, trashed_tasks, viewer_values, visible_projects
from baton.lib.compiled import LIMITED
from baton.lib.compiled_models import CompiledModels
from baton.lib.local_times import zone_of
from baton.lib.statements import Param
from baton.reactions.letters.composing import Answer, Composer, Later, Unsent
from baton.reactions.letters.rendering import spoken
from baton.reactions.letters.words import Words, words_of

SURFACE = "letters"
GONE = Unsent("They have no account any more, or a closed one.")
NO_ADDRESS = Unsent("They have no e-mail address.")
UNWANTED = Unsent("They have switched this letter off.")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody with an open account and an address."""

    user: User
    address: str

    @property
    def words(self) -> Words:
        """The words of their language."""
        return words_of(self.user.language)

    @property
    def eyes(self) -> Actor:
        """Them, as somebody who looks."""
        return Actor(self.user.pk, surface=SURFACE, is_live=True)

    def show_moment(self, moment: datetime) -> str:
        """Return a time as their clock shows it, in their language."""
        try:
            local = moment.astimezone(zone_of(self.user.timezone))
        except OverflowError:  # at the end of time
            local = moment
        with translation.override(spoken(self.user.language)):
            return format_date(local, self.words.moment)

    def find_tasks(self, task_ids: Iterable[int], trashed: Iterable[int]) -> dict[int, Task]:
        """Return those of the tasks that they see, and of the `trashed` ones those that they see in the trash."""
        wanted, in_trash = list(set(task_ids)), set(trashed)
        found = _TASKS.find((), {**viewer_values(self.eyes), "tasks": wanted}) if wanted else []
        tasks = {task.pk: task for task in found}
        if in_trash:
            rest = trashed_tasks(self.eyes).filter(pk__in=in_trash).select_related("project")
            tasks |= {task.pk: task for task in rest}
        return tasks

    def find_projects(self, project_ids: Iterable[int]) -> dict[int, Project]:
        """Return those of the projects that they see."""
        wanted = set(project_ids)
        return visible_projects(self.eyes).in_bulk(wanted) if wanted else {}


Writing = Callable[[Delivery, Reader], Answer]
"""Writes the letter of a delivery to its reader."""


def to_reader(write: Writing) -> Composer:
    """Return the composer of letters to people with an account and an address."""

    @wraps(write)
    def compose(delivery: Delivery) -> Answer:
        user = _ACCOUNT.first((), {"user": delivery.recipient})
        if user is None:
            return GONE
        return write(delivery, Reader(user, user.email)) if user.email else NO_ADDRESS

    return compose


def in_waking_hours(write: Writing) -> Writing:
    """Leave the letters for after the reader's quiet hours, as these are set by then."""

    @wraps(write)
    def write_or_wait(delivery: Delivery, reader: Reader) -> Answer:
        until = sendable_after(reader.user, timezone.now())
        return write(delivery, reader) if until is None else Later(until)

    return write_or_wait


def unless_unwanted(write: Writing) -> Writing:
    """Leave out letters which their reader has switched off by the link in one of them."""

    @wraps(write)
    def write_if_wanted(delivery: Delivery, reader: Reader) -> Answer:
        refused = UnwantedLetter.objects.filter(user=reader.user, letter=delivery.letter)
        return UNWANTED if refused.exists() else write(delivery, reader)

    return write_if_wanted


def _account(_: tuple[()]) -> QuerySet[User]:
    return User.objects.filter(pk=Param("user"), is_active=True).select_related("mail_hours")


def _tasks(_: tuple[()]) -> QuerySet[Task]:
    return tasks_seen_by(Param("viewer")).filter(pk__any_of=Param("tasks")).select_related("project")


_ACCOUNT = CompiledModels(_account, LIMITED)
_TASKS = CompiledModels(_tasks)
