"""Many operations on tasks in one request: `/api/tasks/bulk/`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.http import HttpResponse
from msgspec import UNSET, Struct, UnsetType
from rest_framework import serializers
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.commands.bulk import MOST_OPERATIONS, Operation, Outcome, run_bulk
from baton.core.errors import CoreError, FieldError, Invalid
from baton.core.queries import shapes
from baton.core.queries.tasks import get_tasks
from baton.surfaces.api.bulk_operations import CREATE, NAMES, read_operation
from baton.surfaces.api.view import ApiView
from baton.surfaces.wire.fields import Bool
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import operation
from baton.surfaces.wire.problems import brief_problem, pointer, problem
from baton.surfaces.wire.refusals import status_of
from baton.surfaces.wire.respond import json_response

Item = dict[str, Any]


class Anything(serializers.Field[Any, Any, Any, Any]):
    """A value that is read later."""

    says: ClassVar = {
        "type": "object",
        "description": "The body of the operation's own route, with `op`, `task` and perhaps `version` beside it.",
        "properties": {"op": {"enum": list(NAMES)}, "task": {"type": "integer"}, "version": {"type": "integer"}},
    }

    def to_internal_value(self, data: Any) -> Any:
        """Return it as it is."""
        return data


class BulkIn(In):
    """What shall be done: all or nothing unless `atomic` is false, and only to see with `dry_run`."""

    example: ClassVar = {
        "operations": [
            {"op": "status", "task": 1, "status": "done"},
            {"op": "comment", "task": 1, "text": "Both are done."},
        ],
        "dry_run": True,
    }

    operations = serializers.ListField(child=Anything(), allow_empty=False, max_length=MOST_OPERATIONS)
    atomic = Bool(default=True)
    dry_run = Bool(default=False)


class DifferenceOut(Struct):
    """One event that an operation would cause."""

    verb: str
    task: int | None
    changes: dict[str, Any]


class ResultOut(Struct):
    """How one operation went: `task`, or with `dry_run` its `events`; `problem` where it was refused."""

    index: int
    op: str | None
    status: int
    id: int | None
    task: shapes.Task | UnsetType | None = UNSET
    events: list[DifferenceOut] | UnsetType = UNSET
    problem: dict[str, Any] | UnsetType = UNSET


class BulkOut(Struct):
    """A result for each operation, in their order."""

    dry_run: bool
    results: list[ResultOut]


class TaskBulk(ApiView):
    """`POST` up to 500 operations."""

    @operation("run_bulk", takes=BulkIn, gives=BulkOut, refuses=(404, 409, 412))
    def post(self, request: Request) -> HttpResponse:
        """Run them in their order: 200 with a result for each.

        Where they are all or nothing and any is refused, the answer is a problem document that names all refusals. Its
        status is theirs if they have the same, else 400.
        """
        values = BulkIn.read(request)
        given = values["operations"]
        operations = [_operation(item) for item in given]
        outcomes = run_bulk(self.actor, operations, is_atomic=values["atomic"], is_dry_run=values["dry_run"])
        if values["atomic"] and any(outcome.refusal for outcome in outcomes):
            return _refusal(request, given, outcomes)
        shown = _differences(outcomes) if values["dry_run"] else _tasks(self.actor, outcomes)
        results = [
            _head(index, item, outcome) | (_problem(index, outcome.refusal) if outcome.refusal else said)
            for index, (item, outcome, said) in enumerate(zip(given, outcomes, shown, strict=True))
        ]
        return json_response({"dry_run": values["dry_run"], "results": results})


def _operation(given: object) -> Operation | CoreError:
    try:
        return read_operation(given)
    except Invalid as refusal:
        return refusal


def _head(index: int, given: Any, outcome: Outcome) -> Item:
    """Return what every result begins with."""
    name = _name(given)
    done = 201 if name == CREATE else 200
    status = status_of(outcome.refusal) if outcome.refusal else done
    return {"index": index, "op": name, "status": status, "id": outcome.task_id}


def _name(given: Any) -> str | None:
    """Return the operation's name as far as it has one."""
    name = given.get("op") if isinstance(given, dict) else None
    return name if name in NAMES else None


def _tasks(actor: Actor, outcomes: Sequence[Outcome]) -> list[Item]:
    """Return each operation's task as it is now; null for one that is in the trash."""
    tasks = get_tasks(actor, {outcome.task_id for outcome in outcomes if outcome.task_id is not None})
    return [{"task": tasks.get(outcome.task_id or 0)} for outcome in outcomes]


def _differences(outcomes: Sequence[Outcome]) -> list[Item]:
    """Return what each operation would change, as its events would tell."""
    return [
        {"events": [{"verb": event.verb, "task": event.task_id, "changes": event.changes} for event in outcome.events]}
        for outcome in outcomes
    ]


def _problem(index: int, refusal: CoreError) -> Item:
    errors = _placed(index, refusal.errors)
    return {"problem": brief_problem(status_of(refusal), refusal.code, refusal.detail, errors)}


def _placed(index: int, errors: Iterable[FieldError]) -> list[FieldError]:
    """Return the errors with pointers from the root of the body."""
    return [replace(error, pointer=pointer("operations", index) + error.pointer) for error in errors]


def _refusal(request: Request, given: Sequence[Any], outcomes: Sequence[Outcome]) -> HttpResponse:
    """Return the answer to a bulk that was refused as a whole."""
    refused = [(index, outcome.refusal) for index, outcome in enumerate(outcomes) if outcome.refusal]
    statuses = {status_of(refusal) for _, refusal in refused}
    codes = {refusal.code for _, refusal in refused}
    errors: list[FieldError] = []
    for index, refusal in refused:
        errors += _placed(index, refusal.errors or [FieldError("", refusal.code, refusal.detail)])
    return problem(
        request,
        statuses.pop() if len(statuses) == 1 else 400,
        codes.pop() if len(codes) == 1 else "operations_refused",
        "Operations were refused, so none was carried out; `refused` lists them.",
        errors,
        extra={"refused": [{**_head(i, given[i], outcomes[i]), **_problem(i, refusal)} for i, refusal in refused]},
    )
