"""Switching letters off by the link in one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

from django.db import transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.notification_settings import change_notification_settings
from baton.core.commands.report_subscriptions import unsubscribe_from_report
from baton.core.errors import NotFound
from baton.core.events.facts.accounts import NotificationSettingsChanged
from baton.core.events.record import record
from baton.core.models import NotificationSetting, UnwantedLetter, User
from baton.core.models.notification import Kind, Mode
from baton.core.policies.letter_choices import REPORT_OF
from baton.core.policies.mail_modes import DEFAULTS
from baton.core.policies.visibility import visible_projects


def unsubscribe(actor: Actor, letters: str) -> None:
    """Switch letters off for the actor; twice is once.

    `letters` is a kind of notification; a mode, which means all that the actor is told in it; `report:7`, the report of
    a project; or a letter by its name. Who has no open account gets no letters, and nothing changes.
    """
    with transaction.atomic():
        if not User.objects.select_for_update(no_key=True).filter(pk=actor.person, is_active=True).exists():
            return
        if letters in Kind.values or letters in Mode.values:
            _switch_notifications_off(actor, letters)
        elif letters.startswith(REPORT_OF):
            _end_report(actor, int(letters.removeprefix(REPORT_OF)))
        else:
            _refuse_letter(actor, letters)


def _switch_notifications_off(actor: Actor, letters: str) -> None:
    """Switch a kind off everywhere, or whatever is told in a mode."""
    said = list(NotificationSetting.objects.filter(user=actor.person))
    everywhere = DEFAULTS | {row.kind: row.mode for row in said if row.project_id is None}
    seen = set(visible_projects(actor).values_list("pk", flat=True))
    projects: dict[int, dict[str, str | None]] = {}
    for row in said:
        if row.project_id in seen and letters in (row.kind, row.mode):
            projects.setdefault(row.project_id, {})[row.kind] = Mode.OFF.value
    modes = _off(kind for kind, mode in everywhere.items() if letters in (kind, mode))
    change_notification_settings(actor, {"modes": modes, "projects": projects})


def _off(kinds: Iterable[str]) -> Mapping[str, str | None]:
    return dict.fromkeys(kinds, Mode.OFF.value)


def _end_report(actor: Actor, project_id: int) -> None:
    # Of a project that they don't see any more they get no report anyway.
    with suppress(NotFound):
        unsubscribe_from_report(actor, project_id)


def _refuse_letter(actor: Actor, letter: str) -> None:
    now = timezone.now()
    _, is_new = UnwantedLetter.objects.get_or_create(user_id=actor.person, letter=letter, defaults={"created_at": now})
    if is_new:
        changes = {"letters": ({letter: None}, {letter: Mode.OFF.value})}
        record(actor, NotificationSettingsChanged(), at=now, user_id=actor.person, changes=changes)
