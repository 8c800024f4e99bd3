"""Turning the made-up ids of a request into those of things in the world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemathesis import Case, GenerationMode
from schemathesis.core.parameters import ParameterLocation

from tests.conformance.world import Ids

PLACES = (ParameterLocation.PATH, ParameterLocation.QUERY, ParameterLocation.BODY)
KINDS = {
    "after": "task",
    "assigned_to": "user",
    "assignees": "user",
    "attachment_id": "attachment",
    "before": "task",
    "comment_id": "comment",
    "created_by": "user",
    "delivery_id": "delivery",
    "delegation_id": "delegation",
    "event_id": "event",
    "invitation_id": "invitation",
    "notification_id": "notification",
    "parent": "task",
    "project": "project",
    "project_id": "project",
    "session_id": "session",
    "task": "task",
    "task_id": "task",
    "to": "user",
    "token_id": "token",
    "user_id": "user",
    "webhook_id": "webhook",
}


def aim(case: Case[Any], ids: Ids) -> None:
    """Aim the case where it is valid; where it is not, the bad id may be the point of it."""
    found = ids_for(case.operation.path, ids)
    meta = case.meta
    for place in PLACES:
        component = meta.components.get(place) if meta else None
        if component is None or component.mode is GenerationMode.POSITIVE:
            _aim_at(case, place, found)
    # A made-up tag ends in a 412, behind which nothing else is seen; so every other one matches anything.
    if "If-Match" in case.headers and len(case.headers["If-Match"] or "") % 2 == 0:
        case.headers["If-Match"] = "*"


def ids_for(path: str, ids: Ids) -> Ids:
    """Return the ids for a route: what is restored is in the trash."""
    if not path.endswith("/restore/"):
        return ids
    return {**ids, "task": ids["trashed task"], "project": ids["trashed project"]}


def aimed(values: Mapping[str, Any] | None, ids: Ids) -> dict[str, Any]:
    """Return the values with the ids among them, by name, turned into those of things in the world."""
    return {name: _aimed(name, value, ids) for name, value in (values or {}).items()}


def _aimed(name: str, value: Any, ids: Ids) -> Any:
    if name == "operations" and isinstance(value, list):
        return [aimed(item, ids) if isinstance(item, dict) else item for item in value]
    return _hit(value, ids[KINDS[name]]) if name in KINDS else value


def _hit(value: Any, targets: list[int]) -> Any:
    if isinstance(value, list):
        return [_hit(item, targets) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        # The 1 of the examples is the first, which the owner sees.
        return targets[(value - 1) % len(targets)]
    return value


def _aim_at(case: Case[Any], place: ParameterLocation, ids: Ids) -> None:
    match place:
        case ParameterLocation.PATH:
            case.path_parameters = aimed(case.path_parameters, ids)
        case ParameterLocation.QUERY:
            case.query = aimed(case.query, ids)
        case _ if isinstance(case.body, dict) and (body := aimed(case.body, ids)) != case.body:
            # Schemathesis judges a new body anew, and a file in it does not look like a text to it.
            case.body = body
