"""What comes in: `In` shapes as JSON Schema, by drf-spectacular and what it can't know of our fields."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework import serializers

from baton.surfaces.wire.fields import Int, Moment, Text
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import MULTIPART, Operation
from baton.surfaces.wire.query_parameters import A_MOMENT
from baton.surfaces.wire.respond import JSON

MERGE_PATCH = "application/merge-patch+json"

Json = dict[str, Any]

# A file has no place in JSON: this much can be said of it there.
A_FILE = "Null clears it; its address, as it is shown, is passed over."


class BodySchema(AutoSchema):  # type: ignore[misc]  # drf-spectacular is not typed
    """Maps `In` shapes: closed objects, whose `echo` names may be sent back and are passed over."""

    def request_body(self, operation: Operation, shape: type[In], *, is_required: bool) -> Json:
        """Return the requestBody object, with its example. Raises TypeError where a shape gives none."""
        is_partial = self.method == "PATCH" if operation.partial is None else operation.partial
        component = self.resolve_serializer(shape(partial=is_partial), "request")
        media_types = operation.media_types
        if self.method == "PATCH" and JSON in media_types:
            media_types = (*media_types, MERGE_PATCH)
        content = {
            kind: {"schema": self._form(component) if kind == MULTIPART else component.ref, **_example(shape)}
            for kind in media_types
        }
        if media_types == (MULTIPART,):
            del self.registry[component]
        return {"required": is_required, "content": content}

    def _form(self, component: ResolvedComponent) -> Json:
        """Return the schema of the same input as a form, where a file is a file and nothing is null."""
        properties = {
            name: _in_form(schema)
            for name, schema in component.schema["properties"].items()
            if "readOnly" not in schema
        }
        form = ResolvedComponent(
            f"{component.name.removesuffix('In')}Form",
            ResolvedComponent.SCHEMA,
            {**component.schema, "properties": properties},
            object=component.object,
        )
        self.registry.register_on_missing(form)
        return dict(form.ref)

    def get_serializer_name(self, serializer: Any, direction: str) -> str:
        """Name the component like the class; what PATCH takes, where any field may be left out, is a `...Patch`."""
        name: str = type(serializer).__name__
        return f"{name.removesuffix('In')}PatchIn" if serializer.partial else name

    def _get_serializer_name(self, serializer: Any, direction: str, *_args: Any, **_kwargs: Any) -> str:
        return self.get_serializer_name(serializer, direction)

    def get_serializer_identity(self, serializer: Any, direction: str) -> Any:
        """Tell two shapes of one name apart, so that the registry notices them."""
        return type(serializer)

    def _map_serializer(self, serializer: Any, direction: str, *args: Any, **kwargs: Any) -> Json:
        schema: Json = super()._map_serializer(serializer, direction, *args, **kwargs)
        if isinstance(serializer, In):
            for name in sorted(serializer.echo - serializer.fields.keys()):
                schema["properties"][name] = {"readOnly": True, "description": "Shown, not written: passed over."}
            if serializer.partial:
                # What PATCH leaves out stays as it is.
                for field in schema["properties"].values():
                    field.pop("default", None)
            schema |= {"additionalProperties": False, **serializer.constraints()}
        return schema

    def _map_serializer_field(self, field: Any, direction: str, *args: Any, **kwargs: Any) -> Any:
        if "type" in (said := getattr(field, "says", {})):
            return dict(said)
        schema = super()._map_serializer_field(field, direction, *args, **kwargs)
        if not isinstance(schema, dict):
            return schema
        schema.pop("x-spec-enum-id", None)
        match field:
            case Text() if not field.allow_blank:
                schema |= {"minLength": 1, "pattern": r"\S"}
            case Moment():
                schema = {key: value for key, value in schema.items() if key not in ("type", "format")}
                schema["anyOf"] = [*A_MOMENT["anyOf"], *([{"type": "null"}] if field.allow_null else [])]
            case Int():
                schema["format"] = "int64"
            case serializers.FileField():
                schema = {"type": ["string", "null"], "description": A_FILE}
        return {**schema, **said}


def _example(shape: type[In]) -> Json:
    if hasattr(shape, "example"):
        return {"example": shape.example}
    if any(isinstance(field, serializers.FileField) for field in shape().fields.values()):
        return {}
    raise TypeError(f"{shape.__module__}.{shape.__qualname__} must give an `example` that it takes.")


def _in_form(schema: Json) -> Json:
    if schema.get("description") == A_FILE:
        return {"type": "string", "format": "binary"}
    if not _may_be_null(schema):
        return schema
    # An empty field of a form is what null is in JSON.
    kinds = schema.get("type")
    given = {**schema, "type": kinds[0]} if isinstance(kinds, list) else schema
    return {"anyOf": [given, {"type": "string", "maxLength": 0}]}


def _may_be_null(schema: Json) -> bool:
    return "null" in schema.get("type", ()) or {"type": "null"} in schema.get("anyOf", ())
