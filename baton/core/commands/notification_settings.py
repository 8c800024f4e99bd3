"""How one wants to be told of things: for each kind, for each project, and at which hours.

The log tells its owner of a change of it, and nobody else: so it can be seen why letters stopped coming.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import time
from typing import Any, TypedDict

from django.db import transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.accounts import lock_own_account
from baton.core.commands.checks import check_choice, refuse
from baton.core.errors import FieldError
from baton.core.events.facts.accounts import NotificationSettingsChanged
from baton.core.events.record import record
from baton.core.models import MailHours, NotificationSetting, UnwantedLetter, User
from baton.core.models.notification import Kind, Mode
from baton.core.policies.mail_modes import hours_of
from baton.core.policies.visibility import visible_projects

Modes = Mapping[str, str | None]
"""Modes by kind; None is as for other projects, or as is usual."""

LONGEST_GATHERING = 1440
_NUMBERS = {"gather_minutes": LONGEST_GATHERING, "digest_hour": 23, "digest_weekday": 6}


class HoursFields(TypedDict, total=False):
    """When to send letters, in the user's own time zone; `digest_weekday` 0 is Monday."""

    gather_minutes: int
    digest_hour: int
    digest_weekday: int
    quiet_from: time | None
    quiet_until: time | None


class SettingsFields(TypedDict, total=False):
    """What to change: modes everywhere, modes in single projects by their ids, hours. What is absent stays as it is.

    `unwanted_letters` are those that stay switched off, of the ones that were switched off by their own links.
    """

    modes: Modes
    projects: Mapping[int, Modes]
    hours: HoursFields
    unwanted_letters: Sequence[str]


def change_notification_settings(actor: Actor, fields: SettingsFields, *, found: Iterable[FieldError] = ()) -> None:
    """Change how the actor wants to be told.

    `found` is what is known to be bad already. Raises DeadCredential, Denied for a token that does not open the
    account, and Invalid with all bad fields: `/modes/task_changed`, `/projects/7/task_changed`, `/hours/digest_hour`;
    a project that the actor doesn't see is `/projects/7`, a letter that was not switched off `/unwanted_letters/0`.
    """
    with transaction.atomic():
        user = lock_own_account(actor)
        hours = hours_of(user)
        said: dict[int | None, Modes] = dict(fields.get("projects", {}).items())
        said[None] = fields.get("modes", {})
        unwanted = set(UnwantedLetter.objects.filter(user=user).values_list("letter", flat=True))
        stay = fields.get("unwanted_letters", list(unwanted))
        refuse(
            [*found, *_check_modes(actor, said), *_check_hours(hours, fields.get("hours", {})), *_check(stay, unwanted)]
        )
        changes = {
            **_set_modes(user, said),
            **_set_hours(hours, fields.get("hours", {})),
            **_want_again(user, unwanted.difference(stay)),
        }
        if changes:
            record(actor, NotificationSettingsChanged(), at=timezone.now(), user_id=user.pk, changes=changes)


def _check_modes(actor: Actor, said: Mapping[int | None, Modes]) -> list[FieldError]:
    projects = [project_id for project_id in said if project_id is not None]
    seen = set(visible_projects(actor).filter(pk__in=projects).values_list("pk", flat=True))
    errors = []
    for project_id, modes in said.items():
        path = "/modes" if project_id is None else f"/projects/{project_id}"
        if project_id is not None and project_id not in seen:
            errors.append(FieldError(path, "not_found", "There is no such project, or you may not see it."))
            continue
        for kind, mode in modes.items():
            if kind not in Kind.values:
                errors.append(FieldError(f"{path}/{kind}", "unknown", "There is no such kind of notification."))
            elif mode is not None:
                errors += check_choice(f"{path}/{kind}", mode, Mode.values)
    return errors


def _check_hours(hours: MailHours, said: HoursFields) -> list[FieldError]:
    errors = []
    for name, most in _NUMBERS.items():
        value = said.get(name, 0)
        if not isinstance(value, int) or not 0 <= value <= most:
            errors.append(FieldError(f"/hours/{name}", "out_of_range", f"This must lie between 0 and {most}."))
    begin, end = said.get("quiet_from", hours.quiet_from), said.get("quiet_until", hours.quiet_until)
    if (begin is None) is not (end is None):
        missing = "quiet_from" if begin is None else "quiet_until"
        errors.append(FieldError(f"/hours/{missing}", "required", "Quiet hours need a beginning and an end."))
    elif begin is not None and begin == end:
        errors.append(FieldError("/hours/quiet_until", "same", "Quiet hours must end at another time than they begin."))
    return errors


def _check(stay: Sequence[str], unwanted: Collection[str]) -> list[FieldError]:
    return [
        FieldError(f"/unwanted_letters/{place}", "unknown", "This letter was not switched off by its link.")
        for place, letter in enumerate(stay)
        if letter not in unwanted
    ]


def _want_again(user: User, letters: Collection[str]) -> dict[str, tuple[Any, Any]]:
    if not letters:
        return {}
    UnwantedLetter.objects.filter(user=user, letter__in=letters).delete()
    return {"letters": (dict.fromkeys(sorted(letters), Mode.OFF.value), dict.fromkeys(sorted(letters)))}


def _set_modes(user: User, said: Mapping[int | None, Modes]) -> dict[str, tuple[Any, Any]]:
    """Write the modes that differ; return the change of each, under `kind` or `project:kind`."""
    present = {(row.project_id, row.kind): row.mode for row in NotificationSetting.objects.filter(user=user)}
    before: dict[str, str | None] = {}
    after: dict[str, str | None] = {}
    for project_id, modes in said.items():
        for kind, mode in modes.items():
            old = present.get((project_id, kind))
            if old == mode:
                continue
            name = kind if project_id is None else f"{project_id}:{kind}"
            before[name], after[name] = old, mode
            _set_mode(user, project_id, kind, mode)
    return {"modes": (before, after)} if after else {}


def _set_mode(user: User, project_id: int | None, kind: str, mode: str | None) -> None:
    present = NotificationSetting.objects.filter(user=user, project=project_id, kind=kind)
    if mode is None:
        present.delete()
    elif not present.update(mode=mode):
        NotificationSetting.objects.create(user=user, project_id=project_id, kind=kind, mode=mode)


def _set_hours(hours: MailHours, said: HoursFields) -> dict[str, tuple[Any, Any]]:
    changes = {name: (getattr(hours, name), new) for name, new in said.items() if getattr(hours, name) != new}
    if not changes:
        return {}
    for name, (_, new) in changes.items():
        setattr(hours, name, new)
    hours.save()
    return changes
