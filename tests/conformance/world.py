"""What there is to find, so that generated requests meet things and not only 404s."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemathesis import Case, GenerationMode
from schemathesis.core.parameters import ParameterLocation

from baton.core.commands.comments import add_comment
from baton.core.commands.sessions import open_session
from baton.core.commands.task_delegation import delegate_task
from baton.surfaces.wire.credentials import AUDIENCE, REFRESH_LIFETIME
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task

# The ids of each kind of thing: some that most may see, a foreign one, and one that nothing has.
Ids = Mapping[str, list[int]]

NOTHING = 999_999_999
PLACES = (ParameterLocation.PATH, ParameterLocation.QUERY, ParameterLocation.BODY)
KINDS = {
    "assigned_to": "user",
    "assignees": "user",
    "created_by": "user",
    "to": "user",
    "user_id": "user",
    "project": "project",
    "project_id": "project",
    "parent": "task",
    "task_id": "task",
    "comment_id": "comment",
    "delegation_id": "delegation",
    "session_id": "session",
}


def make_world(cast: Cast) -> Ids:
    """Fill the project of the cast, and one of the outsider's, with something of everything."""
    garden, secret = cast.project, make_project(cast.outsider, "Secret")
    ours = make_task(cast.owner, garden, assignees=[cast.owner.pk], labels=["garden"])
    handed = make_task(cast.owner, garden, "Mow", assignees=[cast.owner.pk], parent_id=ours.pk)
    foreign = make_task(cast.outsider, secret, assignees=[cast.outsider.pk])
    delegation = delegate_task(actor_of(cast.owner), handed.pk, cast.editor.pk, "Please.")
    comments = [
        add_comment(actor_of(person), task.pk, "Done soon.")
        for person, task in ((cast.owner, ours), (cast.editor, handed), (cast.outsider, foreign))
    ]
    sessions = [
        open_session(actor_of(person), person, AUDIENCE, REFRESH_LIFETIME) for person in (cast.owner, cast.outsider)
    ]
    return {
        "user": [cast.editor.pk, cast.owner.pk, cast.viewer.pk, cast.outsider.pk, NOTHING],
        "project": [garden.pk, garden.pk, secret.pk, NOTHING],
        "task": [ours.pk, handed.pk, foreign.pk, NOTHING],
        "comment": [*(comment.pk for comment in comments), NOTHING],
        "delegation": [delegation.pk, delegation.pk, NOTHING],
        "session": [*(session.pk for session in sessions), NOTHING],
    }


def aim(case: Case[Any], ids: Ids) -> None:
    """Turn the ids of the case, where they are valid ones, into those of things in the world."""
    meta = case.meta
    for place in PLACES:
        component = meta.components.get(place) if meta else None
        if component is None or component.mode is GenerationMode.POSITIVE:
            _aim_at(case, place, ids)
    # A made-up tag ends in a 412, behind which nothing else is seen; so every other one matches anything.
    if len(case.headers.get("If-Match") or "") % 2 == 0 and "If-Match" in case.headers:
        case.headers["If-Match"] = "*"


def _aim_at(case: Case[Any], place: ParameterLocation, ids: Ids) -> None:
    match place:
        case ParameterLocation.PATH:
            case.path_parameters = aimed(case.path_parameters, ids)
        case ParameterLocation.QUERY:
            case.query = aimed(case.query, ids)
        case _ if isinstance(case.body, dict):
            case.body = aimed(case.body, ids)


def aimed(values: Any, ids: Ids) -> Any:
    """Return the values with the ids among them, by name, turned into those of things in the world."""
    return {name: _hit(value, ids[KINDS[name]]) if name in KINDS else value for name, value in (values or {}).items()}


def _hit(value: Any, targets: list[int]) -> Any:
    if isinstance(value, list):
        return [_hit(item, targets) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        # The example's 1 is the first, which the owner sees.
        return targets[(value - 1) % len(targets)]
    return value
