"""What may be said of a task, and what a list may be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TypedDict

from rest_framework.request import Request

from baton.core.commands.task_fields import TaskFields
from baton.core.queries.brief_tasks import BriefTask
from baton.core.queries.task_filters import TaskFilters
from baton.surfaces.dialects.taskapi.errors import (
    INCORRECT_DATA,
    INCORRECT_DATE,
    INCORRECT_FILTER,
    INCORRECT_STATUS,
    Incorrect,
)
from baton.surfaces.dialects.taskapi.mapping import STATUS
from baton.surfaces.wire.dialects.projection import check_length, choose_due
from baton.surfaces.wire.query_parameters import query_pairs

NAME_LENGTH = 50
LOGIN_LENGTH = 50


class Login(TypedDict):
    """Who somebody says they are."""

    login: str
    password: str


def read_login(form: Mapping[str, str]) -> Login:
    """Return login and password. Raises Incorrect where one is missing or empty."""
    login, password = form.get("login"), form.get("password")
    if not login or not password:
        raise Incorrect(INCORRECT_DATA)
    return {"login": login, "password": password}


def read_new_login(form: Mapping[str, str]) -> Login:
    """Return login and password for a new account. Raises Incorrect, also where the login is too long."""
    said = read_login(form)
    if len(said["login"]) > LOGIN_LENGTH:
        raise Incorrect(INCORRECT_DATA)
    return said


def read_new_task(form: Mapping[str, str]) -> TaskFields:
    """Return the fields of a new task; all but `completion_at` are needed. Raises Incorrect."""
    if not all(form.get(name) for name in ("name", "description", "status")):
        raise Incorrect(INCORRECT_DATA)
    return _read_task(form, None)


def read_changes(form: Mapping[str, str], present: BriefTask) -> TaskFields:
    """Return the fields that shall change; an empty value leaves its field as it is. Raises Incorrect."""
    return _read_task(form, present)


def read_filters(request: Request) -> TaskFilters:
    """Return what a list is narrowed by: a status, and the last day of completion. Raises Incorrect."""
    sent: dict[str, str] = {}
    for name, value in query_pairs(request):
        sent.setdefault(name, value)
    filters: TaskFilters = {}
    if word := sent.get("status"):
        if word not in STATUS.words:
            raise Incorrect(INCORRECT_FILTER)
        filters["status"] = STATUS.states_shown_as(word)
    if text := sent.get("completion_at"):
        filters["due_before"] = _end_of(_read_day(text))
    return filters


def _read_task(form: Mapping[str, str], present: BriefTask | None) -> TaskFields:
    fields: TaskFields = {}
    if name := form.get("name"):
        if check_length("/title", name, NAME_LENGTH, present and present.title):
            raise Incorrect(INCORRECT_DATA)
        fields["title"] = name
    if description := form.get("description"):
        fields["description"] = description
    if word := form.get("status"):
        if word not in STATUS.words:
            raise Incorrect(INCORRECT_STATUS)
        fields["status"] = STATUS.choose(word, present and present.status)
    if text := form.get("completion_at"):
        fields["due_at"] = choose_due(_read_day(text), present and present.due_at)
    return fields


def _read_day(text: str) -> date:
    try:
        return datetime.strptime(text, "%d-%m-%Y").replace(tzinfo=UTC).date()
    except ValueError:
        raise Incorrect(INCORRECT_DATE) from None


def _end_of(day: date) -> datetime:
    """Return the first moment that is not of the day any more; no task is due on the calendar's last day."""
    return datetime.combine(min(day, date.max - timedelta(days=1)) + timedelta(days=1), time.min, UTC)
