"""One operation of the document, from its view's declaration and docstrings."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Mapping
from typing import Any

from django.urls.converters import get_converters

from baton.surfaces.wire.credentials import SessionCookie
from baton.surfaces.wire.openapi.answers import Schemas, is_conditional, is_idempotent, is_partial, responses
from baton.surfaces.wire.openapi.bodies import BodySchema
from baton.surfaces.wire.openapi.parts import BY_COOKIE, REQUEST_ID, SIGNED_IN, Json, parameter_ref
from baton.surfaces.wire.operations import Operation, operation_of
from baton.surfaces.wire.query_parameters import Schema, schema_of
from baton.surfaces.wire.views import Access, BatonView

VARIABLE = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
# Django's own converters; ours say it themselves in an attribute `schema`.
PATH_SCHEMAS: Mapping[str, Schema] = {
    "int": {"type": "integer", "minimum": 0},
    "path": {"type": "string", "minLength": 1},
    "slug": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
    "str": {"type": "string", "minLength": 1, "pattern": "^[^/]+$"},
    "uuid": {"type": "string", "format": "uuid"},
}


class OperationSchema(BodySchema):
    """Turns one method of a view into an operation object."""

    view: BatonView

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Json:
        """Return the operation object. Raises TypeError where the method declares nothing."""
        self.path, self.path_regex, self.path_prefix = path, path_regex, path_prefix
        self.method, self.registry = method, registry
        declared = operation_of(type(self.view), method)
        in_path = _path_parameters(path_regex)
        operation: Json = {
            "operationId": f"{declared.id}_alias" if self.view.is_alias else declared.id,
            "summary": declared.id.replace("_", " ").capitalize(),
            "description": _told(self.view, method),
            "tags": [tag_of(type(self.view))],
        }
        operation["parameters"] = [*in_path, *_query_parameters(declared), *self._headers(declared)]
        if declared.takes:
            operation["requestBody"] = self.request_body(
                declared, declared.takes, is_required=not self.view.takes_empty_body
            )
        operation["security"] = self._security()
        operation["responses"] = responses(self.view, method, declared, Schemas(registry), has_ids=bool(in_path))
        return operation

    def _security(self) -> list[Json]:
        if not self.view.authentication_classes:
            return []
        takes_cookie = SessionCookie in self.view.authentication_classes
        ways = [way for way in SIGNED_IN if takes_cookie or way != BY_COOKIE]
        return [{}, *ways] if self.view.access is Access.PUBLIC else ways

    def _headers(self, declared: Operation) -> list[Json]:
        names = [REQUEST_ID]
        if declared.if_match:
            names.append("If-Match")
        if is_conditional(self.method, declared):
            names.append("If-None-Match")
        if is_partial(declared):
            names.append("Range")
        if is_idempotent(self.view, self.method):
            names.append("Idempotency-Key")
        return [parameter_ref(name) for name in names]


def tag_of(view: type) -> str:
    """Return the noun that a view is about: the name of its file."""
    return view.__module__.rpartition(".")[2].replace("_", " ")


def tag_description(view: type) -> str:
    """Return the first sentence that a view's file says of itself."""
    return _sentences(sys.modules[view.__module__].__doc__)[0]


def _told(view: BatonView, method: str) -> str:
    """Return what the handler's docstring says, and what that of the view says beyond its first line."""
    said = inspect.cleandoc(getattr(view, method.lower()).__doc__ or "")
    return "\n\n".join(filter(None, [said, _sentences(type(view).__doc__)[1]]))


def _sentences(docstring: str | None) -> tuple[str, str]:
    first, _, rest = inspect.cleandoc(docstring or "").partition("\n")
    return first, rest.strip()


def _path_parameters(path_regex: str) -> list[Json]:
    return [
        {
            "name": found["name"],
            "in": "path",
            "required": True,
            "schema": _path_schema(found["converter"] or "str"),
        }
        for found in VARIABLE.finditer(path_regex)
    ]


def _path_schema(converter: str) -> Json:
    schema = getattr(get_converters()[converter], "schema", None) or PATH_SCHEMAS[converter]
    return dict(schema)


def _query_parameters(declared: Operation) -> list[Json]:
    return [
        _query_parameter(name, {**schema_of(reader), **_default(declared, name)}, is_required=name in declared.needs)
        for name, reader in declared.query.items()
    ]


def _default(declared: Operation, name: str) -> Json:
    return {"default": declared.defaults[name]} if name in declared.defaults else {}


def _query_parameter(name: str, schema: Schema, *, is_required: bool) -> Json:
    parameter: Json = {"name": name, "in": "query", "required": is_required, "schema": dict(schema)}
    if schema.get("type") == "array":
        parameter |= {"style": "form", "explode": False}
    return parameter
