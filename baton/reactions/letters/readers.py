"""Whom a letter is for, and what they see at the moment it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.dateformat import format as format_date

from baton.core.actor import Actor
from baton.core.models import Delivery, Project, Task, UnwantedLetter, User
from baton.core.policies.mail_modes import sendable_after
from baton.core.policies.visibility import trashed_tasks, visible_projects, visible_tasks
from baton.lib.local_times import zone_of
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
        found = _with_people(visible_tasks(self.eyes)).filter(pk__in=set(task_ids))
        in_trash = set(trashed)
        tasks = {task.pk: task for task in found}
        if in_trash:
            tasks |= {task.pk: task for task in _with_people(trashed_tasks(self.eyes)).filter(pk__in=in_trash)}
        return tasks

    def find_projects(self, project_ids: Iterable[int]) -> dict[int, Project]:
        """Return those of the projects that they see."""
        return visible_projects(self.eyes).in_bulk(set(project_ids))


def find_reader(delivery: Delivery) -> Reader | Unsent:
    """Return whom the letter is for, or why they can't have one."""
    user = User.objects.filter(pk=delivery.recipient, is_active=True).first()
    if user is None:
        return GONE
    return Reader(user, user.email) if user.email else NO_ADDRESS


def in_waking_hours(compose: Composer) -> Composer:
    """Return a composer that leaves its letters for after the reader's quiet hours, as these are set by then."""

    @wraps(compose)
    def compose_or_wait(delivery: Delivery) -> Answer:
        reader = find_reader(delivery)
        until = None if isinstance(reader, Unsent) else sendable_after(reader.user, timezone.now())
        return compose(delivery) if until is None else Later(until)

    return compose_or_wait


def unless_unwanted(compose: Composer) -> Composer:
    """Return a composer that leaves out letters which their reader has switched off by the link in one of them."""

    @wraps(compose)
    def compose_if_wanted(delivery: Delivery) -> Answer:
        refused = UnwantedLetter.objects.filter(user=delivery.recipient, letter=delivery.letter)
        return UNWANTED if refused.exists() else compose(delivery)

    return compose_if_wanted


def _with_people(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.select_related("project").prefetch_related("assignments__user")
