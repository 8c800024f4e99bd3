"""What this dialect shows of tasks and people, in the order of the original's keys."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from baton.core.commands.names import ProfileFields
from baton.core.commands.task_fields import TaskFields
from baton.core.models import Task
from baton.core.queries import shapes
from baton.surfaces.wire.dialects.projection import StatusProjection

STATUS = StatusProjection(
    shown={
        "todo": "TO DO",
        "planned": "TO DO",
        "in_progress": "IN PROGRESS",
        "review": "IN PROGRESS",
        "done": "DONE",
    },
    read={"TO DO": "todo", "IN PROGRESS": "in_progress", "DONE": "done"},
)


def show_task(task: shapes.InboxTask | Task) -> dict[str, Any]:
    """Return a task as it is shown."""
    return {
        "id": str(task.uuid),
        "title": task.title,
        "description": task.description,
        "status_task": STATUS.show(task.status),
        "date_created": show_time(task.created_at),
        "last_updated": show_time(task.updated_at),
    }


def show_account(account: shapes.Account) -> dict[str, Any]:
    """Return somebody as they see themselves."""
    return {
        "id": str(account.uuid),
        "first_name": account.first_name or None,
        "last_name": account.last_name or None,
        "username": account.username,
        "email": account.email,
        "last_updated": show_time(account.updated_at),
        "last_login": None if account.last_login is None else show_time(account.last_login),
        "is_superuser": account.is_superuser,
    }


def show_time(moment: datetime) -> str:
    """Return a time with the offset of the dialect's zone, without a fraction where there is none."""
    text = moment.astimezone(_zone(settings.BATON_TASKMASTER_TIME_ZONE)).isoformat()
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def task_fields(values: dict[str, Any], present: str | None = None) -> TaskFields:
    """Return the core's names and values for what came in; `present` is the status of the task there is."""
    fields: TaskFields = {}
    if "title" in values:
        fields["title"] = values["title"]
    if "description" in values:
        fields["description"] = values["description"]
    if "status_task" in values:
        fields["status"] = STATUS.choose(values["status_task"], present)
    return fields


def profile_fields(values: dict[str, Any]) -> ProfileFields:
    """Return the core's fields for what came in: names and addresses are kept in lower case here."""
    fields: ProfileFields = {}
    if "first_name" in values:
        fields["first_name"] = values["first_name"]
    if "last_name" in values:
        fields["last_name"] = values["last_name"]
    if "username" in values:
        fields["username"] = values["username"].lower()
    if "email" in values:
        fields["email"] = values["email"].lower()
    return fields


@lru_cache(maxsize=4)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
