"""How does somebody want to be told of something, and when not?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from baton.core.models import MailHours, NotificationSetting, User
from baton.core.models.notification import Kind, Mode
from baton.lib.compiled import Compiled
from baton.lib.local_times import end_of_hours, zone_of
from baton.lib.statements import Param

DEFAULTS: dict[str, str] = dict.fromkeys(Kind.values, Mode.AT_ONCE.value) | {
    Kind.CHANGED.value: Mode.GATHERED.value,
    Kind.CREATED.value: Mode.OFF.value,
}
"""How people are told who have not said anything."""


class Wish(NamedTuple):
    """Who is to be told what kind of thing, of which project if of any."""

    user_id: int
    project_id: int | None
    kind: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where and when letters reach somebody."""

    user: User
    hours: MailHours

    @property
    def has_address(self) -> bool:
        """Can they get letters at all?"""
        return bool(self.user.email)

    def sendable_from(self, moment: datetime) -> datetime:
        """Return when a letter may be sent that is due then: at that moment, or after the quiet hours it falls in."""
        return _end_of_quiet(self.user, self.hours, moment) or moment

    def delay(self, now: datetime, gathering: timedelta = timedelta()) -> timedelta:
        """Return how long from now a letter waits that is due after `gathering`."""
        return self.sendable_from(now + gathering) - now


def modes_of(wishes: Iterable[Wish]) -> dict[Wish, str]:
    """Return how each is told: as they say for the project and kind, else for the kind, else as is usual."""
    wanted = set(wishes)
    if not wanted:
        return {}
    users, projects = {wish.user_id for wish in wanted}, {wish.project_id for wish in wanted}
    said = {
        Wish(user, project, kind): mode
        for user, project, kind, mode in _SAID.rows((), {"users": list(users), "projects": list(projects - {None})})
    }
    return {wish: said.get(wish) or said.get(wish._replace(project_id=None)) or DEFAULTS[wish.kind] for wish in wanted}


def recipients(user_ids: Iterable[int]) -> dict[int, Recipient]:
    """Return the active ones among the users, by their ids."""
    users = User.objects.filter(pk__in=set(user_ids), is_active=True).select_related("mail_hours")
    return {user.pk: Recipient(user, hours_of(user)) for user in users}


def hours_of(user: User) -> MailHours:
    """Return when the user wants letters: what they have said, or the defaults."""
    try:
        return user.mail_hours
    except MailHours.DoesNotExist:
        return MailHours(user=user)


def sendable_after(user: User, now: datetime) -> datetime | None:
    """Return when the user's quiet hours end, as they are set now; None where it is none of them.

    For the moment of sending. Letters about their account, which people wait for, don't ask.
    """
    return _end_of_quiet(user, hours_of(user), now)


def _end_of_quiet(user: User, hours: MailHours, moment: datetime) -> datetime | None:
    if hours.quiet_from is None or hours.quiet_until is None:
        return None
    return end_of_hours(moment, hours.quiet_from, hours.quiet_until, zone_of(user.timezone))


def _said(_: tuple[()]) -> QuerySet[NotificationSetting, tuple[int, int | None, str, str]]:
    of_these = Q(project_id__any_of=Param("projects")) | Q(project=None)
    said = NotificationSetting.objects.filter(of_these, user_id__any_of=Param("users"))
    return said.values_list("user_id", "project_id", "kind", "mode")


_SAID = Compiled(_said)
