"""What a route answers: what it declares, and the refusals that follow from its view, path and method."""

from __future__ import annotations

from typing import Any

import msgspec
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent

from baton.surfaces.wire.openapi.parts import REQUEST_ID, Json, header_ref, refusal_ref
from baton.surfaces.wire.operations import Answer, Operation
from baton.surfaces.wire.views import Access, BatonView

ALWAYS = frozenset({500, 503})
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
LINK: Json = {"type": ["string", "null"], "format": "uri"}


class Schemas:
    """The schemas of answers, in a registry under the names of their types."""

    def __init__(self, registry: ComponentRegistry) -> None:
        self._registry = registry

    def of(self, shape: Any) -> Json:
        """Return the schema of a type that msgspec knows, with what it refers to registered."""
        (schema,), components = msgspec.json.schema_components([shape], ref_template="#/components/schemas/{name}")
        for name, component in components.items():
            self._register(name, component)
        return dict(schema)

    def page_of(self, shape: Any) -> Json:
        """Return the schema of a page of such things."""
        name = f"{shape.__name__}Page"
        self._register(
            name,
            {
                "title": name,
                "type": "object",
                "description": "A page of a list. `count` is there if it was asked for.",
                "properties": {
                    "results": {"type": "array", "items": self.of(shape)},
                    "next": LINK,
                    "previous": LINK,
                    "count": {"type": "integer", "minimum": 0},
                },
                "required": ["results", "next", "previous"],
            },
        )
        return {"$ref": f"#/components/schemas/{name}"}

    def _register(self, name: str, schema: Json) -> None:
        component = ResolvedComponent(name, ResolvedComponent.SCHEMA, schema, object=name)
        if component not in self._registry:
            self._registry.register(component)
        elif self._registry[component].schema != schema:
            raise TypeError(f"Two shapes are called {name}: one of them needs another name.")


def responses(view: BatonView, method: str, operation: Operation, schemas: Schemas, *, has_ids: bool) -> Json:
    """Return the responses object of an operation."""
    answers: Json = {}
    for answer in operation.gives:
        given = _success(answer, schemas, is_replayable=is_idempotent(view, method))
        known = answers.setdefault(str(answer.status), given)
        if "content" in known:
            # One status, several kinds of file.
            known["content"] |= given["content"]
    if is_conditional(method, operation):
        answers["304"] = {"description": "You hold the present one.", "headers": _headers(("ETag",))}
    for status in sorted(refusals(view, method, operation, has_ids=has_ids)):
        answers[str(status)] = refusal_ref(status)
    return answers


def refusals(view: BatonView, method: str, operation: Operation, *, has_ids: bool) -> set[int]:
    """Return the statuses with which the operation may be refused."""
    statuses = set(ALWAYS | operation.refuses)
    if view.authentication_classes:
        # The last for API tokens that never were any.
        statuses |= {401, 429}
    if is_confined(view, method):
        statuses.add(403)
    if has_ids:
        statuses.add(404)
    if operation.takes or operation.query:
        statuses.add(400)
    if operation.takes:
        statuses |= {413, 415}
    if is_partial(operation):
        statuses.add(416)
    if operation.if_match:
        statuses.add(412)
    if is_idempotent(view, method):
        statuses |= {400, 409, 422}
    if view.throttle_classes:
        statuses.add(429)
    return statuses


def is_confined(view: BatonView, method: str) -> bool:
    """May a credential be good and still not reach this far (CSRF, an API token's scope or project)?"""
    is_own = view.access is Access.OWN_ACCOUNT or method.lower() in view.administers
    return bool(view.authentication_classes) and (method in UNSAFE or is_own)


def is_idempotent(view: BatonView, method: str) -> bool:
    """Does the view keep its answer under an Idempotency-Key?"""
    return method == "POST" and view.idempotent and view.access is not Access.PUBLIC


def is_conditional(method: str, operation: Operation) -> bool:
    """May the view answer that nothing has changed?"""
    return method == "GET" and any("ETag" in answer.headers for answer in operation.gives)


def is_partial(operation: Operation) -> bool:
    """Can a part be asked for?"""
    return any(answer.status == 206 for answer in operation.gives)


def _success(answer: Answer, schemas: Schemas, *, is_replayable: bool) -> Json:
    names = (*answer.headers, *(("Idempotency-Replayed",) if is_replayable else ()))
    response: Json = {"description": SUCCESSES[answer.status], "headers": _headers(names)}
    if answer.shape is bytes:
        response["content"] = {answer.media_type: {}}
    elif answer.shape is not None:
        schema = schemas.page_of(answer.shape) if answer.is_page else schemas.of(answer.shape)
        response["content"] = {answer.media_type: {"schema": schema}}
    return response


def _headers(names: tuple[str, ...]) -> Json:
    return {name: header_ref(name) for name in (*names, REQUEST_ID)}


SUCCESSES = {
    200: "Done.",
    201: "Made.",
    202: "Taken; it is done in a while.",
    204: "Done; there is nothing to show.",
    206: "A part of the file.",
    207: "Done in part: each item says how it went.",
    302: "It is elsewhere.",
}
