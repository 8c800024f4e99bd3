"""What decides who is told of some events, looked up for all of them together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from baton.core.events.facts.comments import CommentAdded, CommentEdited
from baton.core.events.facts.tasks import TaskCreated, TaskEdited
from baton.core.models import Assignment, Delegation, Event, Member, NotificationSetting, Project, Task, User, Watcher
from baton.core.models.notification import Kind, Mode
from baton.core.models.project import Visibility
from baton.lib.mentions import mentions_in

Groups = Mapping[int, Collection[int]]

_TEXTS = {
    TaskCreated.verb: "description",
    TaskEdited.verb: "description",
    CommentAdded.verb: "text",
    CommentEdited.verb: "text",
}
"""The field of each kind of event in which people are mentioned."""


class TaskPlace(NamedTuple):
    """Where a task is."""

    project_id: int
    created_by_id: int
    is_trashed: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The people around some events, as things are now.

    `askers` are the members of each project who want to hear of new tasks, `givers` whoever opened each delegation.
    """

    tasks: Mapping[int, TaskPlace]
    assignees: Groups
    watchers: Groups
    givers: Groups
    askers: Groups
    named: Mapping[str, int]

    def involved_in(self, task_id: int | None) -> set[int]:
        """Return who works on the task, created it or watches it."""
        place = self.tasks.get(task_id or 0)
        if place is None or task_id is None:
            return set()
        return {*self.assignees.get(task_id, ()), *self.watchers.get(task_id, ()), place.created_by_id}

    def is_there(self, task_id: int | None, *, even_in_trash: bool) -> bool:
        """Can the task be seen, by whoever sees its project? So can what is about no task."""
        place = self.tasks.get(task_id or 0)
        return task_id is None if place is None else even_in_trash or not place.is_trashed

    def is_watching(self, user_id: int, task_id: int | None) -> bool:
        """Does the user watch the task?"""
        return user_id in self.watchers.get(task_id or 0, ())

    def find(self, names: Iterable[str]) -> int | None:
        """Return the first account that is called one of these; None where there is none."""
        return next((self.named[name] for name in names if name in self.named), None)

    def project_of(self, event: Event) -> int | None:
        """Return the project that the event's task is in now, or the event's own."""
        place = self.tasks.get(event.task_id or 0)
        return event.project_id if place is None else place.project_id


@dataclass(frozen=True, slots=True)
class Sight:
    """Which of some people see which of some projects that aren't in the trash: all of them the `open` ones."""

    open: Collection[int]
    members: Groups

    def reaches(self, user_id: int, project_id: int | None) -> bool:
        """Does the user see the project?"""
        return project_id in self.open or user_id in self.members.get(project_id or 0, ())


def look_with(user_ids: Iterable[int], project_ids: Iterable[int]) -> Sight:
    """Return what the users see of the projects."""
    projects = dict(Project.objects.filter(pk__in=set(project_ids), trashed_at=None).values_list("pk", "visibility"))
    members = Member.objects.filter(project__in=projects, user__in=set(user_ids))
    is_open = {pk for pk, visibility in projects.items() if visibility == Visibility.OPEN}
    return Sight(is_open, _group(members.values_list("project_id", "user_id")))


def look_around(events: Sequence[Event]) -> Surroundings:
    """Return what is around these events."""
    task_ids = {event.task_id for event in events if event.task_id is not None}
    tasks = {
        pk: TaskPlace(project_id, creator, trashed_at is not None)
        for pk, project_id, creator, trashed_at in Task.objects.filter(pk__in=task_ids).values_list(
            "pk", "project_id", "created_by_id", "trashed_at"
        )
    }
    return Surroundings(
        tasks=tasks,
        assignees=_group(Assignment.objects.filter(task__in=task_ids).values_list("task_id", "user_id")),
        watchers=_group(Watcher.objects.filter(task__in=task_ids).values_list("task_id", "user_id")),
        givers=_find_givers(events),
        askers=_find_askers(events),
        named=_find_named(events),
    )


def named_in(event: Event) -> list[tuple[str, ...]]:
    """Return what may be the names of those whom an event mentions for the first time."""
    before, after = event.changes.get(_TEXTS.get(event.verb, ""), (None, None))
    if not after:
        return []
    known = mentions_in(before or "")
    return [names for names in mentions_in(after) if names not in known]


def _find_named(events: Sequence[Event]) -> dict[str, int]:
    names = {name for event in events for either in named_in(event) for name in either}
    if not names:
        return {}
    return dict(User.objects.filter(username_folded__in=names).values_list("username_folded", "pk"))


def _find_givers(events: Sequence[Event]) -> Groups:
    asked = {event.data["delegation"] for event in events if event.verb.startswith("delegation.")}
    return _group(Delegation.objects.filter(pk__in=asked).values_list("pk", "giver_id")) if asked else {}


def _find_askers(events: Sequence[Event]) -> Groups:
    projects = {event.project_id for event in events if event.verb == TaskCreated.verb}
    if not projects:
        return {}
    asks = NotificationSetting.objects.filter(
        Q(project=OuterRef("project")) | Q(project=None), user=OuterRef("user"), kind=Kind.CREATED
    ).exclude(mode=Mode.OFF)
    return _group(Member.objects.filter(Exists(asks), project__in=projects).values_list("project_id", "user_id"))


def _group(pairs: Iterable[tuple[int, int]]) -> Groups:
    groups: dict[int, set[int]] = defaultdict(set)
    for key, user_id in pairs:
        groups[key].add(user_id)
    return groups
