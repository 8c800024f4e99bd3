"""Why somebody was, or was not, told of what happened to a task about some time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from baton.core.actor import SILENT_SURFACES
from baton.core.events.change import Change, changes_of
from baton.core.models import Delivery, Event, Notification, Task, User
from baton.core.policies.audience import audience_of, is_news
from baton.core.policies.surroundings import look_with
from baton.core.queries import shapes
from baton.core.queries.keyset import Page
from baton.core.queries.told import page_of_told

NEAR = timedelta(hours=12)
MOST_EVENTS = 200
MOST_TOLD = 200


@dataclass(frozen=True, slots=True)
class Untold:
    """A change that somebody was not told of. `why` is a sentence; `verbs` are what its events are called."""

    at: datetime
    actor: User | None
    verbs: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What happened near a time: what the person was told of it, and what not; each in the order of time."""

    told: list[shapes.Told]
    untold: list[Untold]


def explain(task: Task, user: User, at: datetime) -> Answer:
    """Return what the user was told of the task within NEAR of a time, and why not of the rest.

    Whoever asks may see all of it: the operator. Why somebody was not told is worked out from how things are now.
    """
    within = {"user": user.pk, "after": at - NEAR, "before": at + NEAR}
    sources = Notification.objects.filter(task=task), Delivery.objects.filter(task=task)
    told = page_of_told(sources, within, "created_at", Page(MOST_TOLD)).items
    events = Event.objects.filter(task=task, at__gte=at - NEAR, at__lte=at + NEAR).select_related("actor")
    changes = changes_of(list(events.order_by("transaction", "pk")[:MOST_EVENTS]))
    return Answer(told, list(_untold(task, user, changes)))


def _untold(task: Task, user: User, changes: list[Change]) -> Iterable[Untold]:
    known = {
        *Notification.objects.filter(task=task, user=user).values_list("occasion", flat=True),
        *Delivery.objects.filter(task=task, recipient=user.pk).values_list("occasion", flat=True),
    }
    audience = {told.change.occasion for told in audience_of(changes) if told.user_id == user.pk}
    sees = look_with([user.pk], [task.project_id]).reaches(user.pk, task.project_id)
    for change in changes:
        if change.occasion not in known:
            why = _why(change, user, sees=sees, is_audience=change.occasion in audience)
            yield Untold(change.first.at, change.first.actor, tuple(event.verb for event in change.events), why)


def _why(change: Change, user: User, *, sees: bool, is_audience: bool) -> str:
    """Return the first thing that stood, or stands, in the way."""
    reasons = (
        (change.surface in SILENT_SURFACES, "It came with an import or the demo, which tell nobody anything."),
        (not any(is_news(event) for event in change.events), "Such a change is nobody's news."),
        (change.actor_id == user.pk, "It was their own change."),
        (not user.is_active, "Their account is closed."),
        (not sees, "They do not see the task."),
        (is_audience, "They would be told now: it has just happened, or they have come to the task since."),
    )
    elsewise = (
        "They neither work on the task nor created or watch it, and were not named; nor do they ask for new tasks."
    )
    return next((why for holds, why in reasons if holds), elsewise)
