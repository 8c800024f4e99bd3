"""Who is told of what: the whole of it is the table `RULES`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from baton.core.events.catalogue import comments, files, projects, tasks
from baton.core.events.change import Change
from baton.core.events.fact import Fact
from baton.core.models import Event
from baton.core.models.notification import Kind
from baton.core.policies.surroundings import Surroundings, look_around, look_with, named_in

Whom = Callable[[Event, Surroundings], Iterable[int]]


def those_involved(event: Event, around: Surroundings) -> Iterable[int]:
    """Who works on the task, created it or watches it; and who has just been taken off it."""
    return around.involved_in(event.task_id) | _gone(event)


def those_involved_elsewhere(event: Event, around: Surroundings) -> Iterable[int]:
    """Those involved, where the task went into another project; its place in the order is nobody's news."""
    return around.involved_in(event.task_id) if "project" in event.changes else ()


def new_assignees(event: Event, _around: Surroundings) -> Iterable[int]:
    """Who works on the task now and didn't before."""
    before, after = event.changes.get("assignees", (None, None))
    return [user for user in after or () if user not in (before or ())]


def those_named(event: Event, around: Surroundings) -> Iterable[int]:
    """Who is mentioned now and wasn't before."""
    return (user for names in named_in(event) if (user := around.find(names)) is not None)


def members_who_asked(event: Event, around: Surroundings) -> Iterable[int]:
    """The members of the project who want to hear of new tasks."""
    return around.askers.get(event.project_id or 0, ())


def the_receiver(event: Event, _around: Surroundings) -> Iterable[int]:
    """Whom the task was handed to."""
    return [event.data["receiver"]]


def the_giver(event: Event, around: Surroundings) -> Iterable[int]:
    """Who had handed the task on."""
    return around.givers.get(event.data["delegation"], ())


def who_has_it_back(event: Event, around: Surroundings) -> Iterable[int]:
    """Who had handed the task on, and who works on it again."""
    return [*the_giver(event, around), *new_assignees(event, around)]


def the_new_member(event: Event, _around: Surroundings) -> Iterable[int]:
    """Who belongs to the project now."""
    return [event.data["user"]]


_CHANGED = (Kind.CHANGED, those_involved)
_MENTIONED = (Kind.MENTIONED, those_named)

RULES: Mapping[type[Fact], Sequence[tuple[Kind, Whom]]] = {
    tasks.TaskCreated: ((Kind.ASSIGNED, new_assignees), _MENTIONED, (Kind.CREATED, members_who_asked)),
    tasks.TaskEdited: (_MENTIONED, _CHANGED),
    tasks.TaskStatusChanged: (_CHANGED,),
    tasks.TaskAssigned: ((Kind.ASSIGNED, new_assignees), _CHANGED),
    tasks.TaskMoved: ((Kind.CHANGED, those_involved_elsewhere),),
    tasks.TaskTrashed: (_CHANGED,),
    tasks.TaskRestored: (_CHANGED,),
    tasks.TaskDelegated: ((Kind.DELEGATED, the_receiver), _CHANGED),
    tasks.DelegationAccepted: ((Kind.CHANGED, the_giver),),
    tasks.DelegationDeclined: ((Kind.HANDED_BACK, who_has_it_back), _CHANGED),
    tasks.DelegationReturned: ((Kind.HANDED_BACK, who_has_it_back), _CHANGED),
    comments.CommentAdded: (_MENTIONED, (Kind.COMMENTED, those_involved)),
    comments.CommentEdited: (_MENTIONED,),
    files.AttachmentAdded: (_CHANGED,),
    files.AttachmentRemoved: (_CHANGED,),
    files.AttachmentRestored: (_CHANGED,),
    projects.MemberAdded: ((Kind.INVITED, the_new_member),),
}
"""Which event tells whom what. Of a change each is told once, what concerns them most."""

MOST_PERSONAL_FIRST = (
    Kind.ASSIGNED,
    Kind.DELEGATED,
    Kind.HANDED_BACK,
    Kind.INVITED,
    Kind.MENTIONED,
    Kind.COMMENTED,
    Kind.CHANGED,
    Kind.CREATED,
)

_BY_VERB = {fact.verb: rules for fact, rules in RULES.items()}


@dataclass(frozen=True, slots=True)
class Told:
    """One of those who are told of a change, and as what."""

    change: Change
    user_id: int
    kind: Kind
    project_id: int | None
    is_watching: bool


def is_news(event: Event) -> bool:
    """Can the event tell anybody anything?"""
    return event.verb in _BY_VERB


def audience_of(changes: Sequence[Change]) -> list[Told]:
    """Return whom the changes tell what: never the actor, and only people who see the task or project.

    However many changes and people there are, it is the same few statements. Who is active, the caller asks.
    """
    around = look_around([event for change in changes for event in change.events if is_news(event)])
    all_told = [told for change in changes for told in _tell(change, around)]
    projects = {told.project_id for told in all_told if told.project_id is not None}
    sight = look_with({told.user_id for told in all_told}, projects)
    return [told for told in all_told if sight.reaches(told.user_id, told.project_id)]


def _tell(change: Change, around: Surroundings) -> Iterable[Told]:
    """Return whom a change would tell, if they see it."""
    is_trashing = any(event.verb == tasks.TaskTrashed.verb for event in change.events)
    if not around.is_there(change.task_id, even_in_trash=is_trashing):
        return
    project_id = around.project_of(change.first)
    for user_id, kinds in _kinds(change, around).items():
        if user_id != change.actor_id:
            kind = min(kinds, key=MOST_PERSONAL_FIRST.index)
            yield Told(change, user_id, kind, project_id, around.is_watching(user_id, change.task_id))


def _kinds(change: Change, around: Surroundings) -> dict[int, set[Kind]]:
    """Return what the rules have for each person."""
    kinds: dict[int, set[Kind]] = defaultdict(set)
    for event in change.events:
        for kind, whom in _BY_VERB.get(event.verb, ()):
            for user_id in whom(event, around):
                kinds[user_id].add(kind)
    return kinds


def _gone(event: Event) -> set[int]:
    before, after = event.changes.get("assignees", (None, None))
    return set(before or ()) - set(after or ())
