"""The operations of a bulk request: each the body of its own route, with `op`, `task` and `version` beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rest_framework import serializers

from baton.core.actor import Actor
from baton.core.commands.bulk import Operation
from baton.core.commands.comments import add_comment
from baton.core.commands.task_creation import create_task
from baton.core.commands.task_delegation import delegate_task
from baton.core.commands.task_moves import move_task
from baton.core.commands.task_status import change_status
from baton.core.commands.task_watching import unwatch_task, watch_task
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.errors import FieldError, Invalid
from baton.surfaces.api.comments import CommentIn
from baton.surfaces.api.delegations import DelegationIn
from baton.surfaces.api.moves import MoveIn, place_of
from baton.surfaces.api.tasks import AssignIn, StatusIn, TaskIn, assign, fields_in, people_in
from baton.surfaces.wire.fields import Id, Int
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.refusals import field_errors

Values = dict[str, Any]


class NothingIn(In):
    """An operation that says all by its name."""


def _edit(actor: Actor, task: int, values: Values, version: int | None) -> object:
    return edit_task(actor, task, fields_in(values), expected_version=version)


def _status(actor: Actor, task: int, values: Values, version: int | None) -> object:
    return change_status(actor, task, values["status"], expected_version=version)


def _assign(actor: Actor, task: int, values: Values, version: int | None) -> None:
    assign(actor, task, people_in(values), expected_version=version)


def _move(actor: Actor, task: int, values: Values, version: int | None) -> object:
    return move_task(actor, task, place_of(values), expected_version=version)


def _delegate(actor: Actor, task: int, values: Values, version: int | None) -> object:
    return delegate_task(actor, task, values["to"], values["note"], expected_version=version)


def _comment(actor: Actor, task: int, values: Values, _: None) -> object:
    return add_comment(actor, task, values["text"])


def _watch(actor: Actor, task: int, _values: Values, _: None) -> None:
    watch_task(actor, task)


def _unwatch(actor: Actor, task: int, _values: Values, _: None) -> None:
    unwatch_task(actor, task)


def _trash(actor: Actor, task: int, _values: Values, version: int | None) -> object:
    return trash_task(actor, task, expected_version=version)


@dataclass(frozen=True, slots=True)
class Verb:
    """How an operation is read, its own fields that is, and how it is run with the actor, task, fields and version.

    `is_patch` takes only what was sent; a verb that is not `versioned` changes nothing that a version counts.
    """

    shape: type[In]
    run: Callable[[Actor, int, Values, Any], object]
    is_patch: bool = False
    versioned: bool = True


VERBS: Mapping[str, Verb] = {
    "edit": Verb(TaskIn, _edit, is_patch=True),
    "status": Verb(StatusIn, _status),
    "assign": Verb(AssignIn, _assign, is_patch=True),
    "move": Verb(MoveIn, _move),
    "delegate": Verb(DelegationIn, _delegate),
    "comment": Verb(CommentIn, _comment, versioned=False),
    "watch": Verb(NothingIn, _watch, versioned=False),
    "unwatch": Verb(NothingIn, _unwatch, versioned=False),
    "trash": Verb(NothingIn, _trash),
}
CREATE = "create"
NAMES = (CREATE, *VERBS)
_TASK = Id()
_VERSION = Int(min_value=1)


def read_operation(given: object) -> Operation:
    """Return the command that an operation asks for. Raises Invalid with all its bad fields."""
    if not isinstance(given, Mapping):
        raise Invalid.field("", "not_an_object", "An operation must be a JSON object.")
    fields = dict(given)
    name = fields.pop("op", None)
    if name == CREATE:
        return _read_creation(fields)
    verb = VERBS.get(name) if isinstance(name, str) else None
    if verb is None:
        raise Invalid.field("/op", "invalid_choice", f"This must be one of {', '.join(NAMES)}.")
    errors: list[FieldError] = []
    task = _read(_TASK, fields, "task", errors)
    version = _read(_VERSION, fields, "version", errors) if verb.versioned and "version" in fields else None
    values = _check(verb.shape, fields, errors, is_patch=verb.is_patch)
    if errors:
        raise Invalid(errors=errors)
    return Operation(
        lambda actor: verb.run(actor, task, values, version), task_id=task, project_id=values.get("project")
    )


def _read_creation(fields: Values) -> Operation:
    errors: list[FieldError] = []
    values = _check(TaskIn, fields, errors)
    if errors:
        raise Invalid(errors=errors)
    project = values.pop("project")
    return Operation(lambda actor: create_task(actor, project, fields_in(values)), project_id=project)


def _read(field: serializers.Field[Any, Any, Any, Any], fields: Values, name: str, errors: list[FieldError]) -> Any:
    """Take a field out of the operation and return its value; what is wrong with it joins the errors."""
    try:
        return field.run_validation(fields.pop(name, serializers.empty))
    except serializers.ValidationError as error:
        errors += field_errors(error.detail, name)
        return None


def _check(shape: type[In], fields: Values, errors: list[FieldError], *, is_patch: bool = False) -> Values:
    try:
        return shape.check(fields, partial=is_patch)
    except serializers.ValidationError as error:
        errors += field_errors(error.detail)
        return {}
