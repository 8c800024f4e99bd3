"""OpenAPI documents of the dialects, made of their recorded conversations, so that all in them has been seen to hold.

`BATON_DEBUG=1 python -m tests.surfaces.dialects.description` writes docs/api/<dialect>.json anew.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from functools import reduce
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from django.urls import Resolver404, resolve

from baton.lib.paths import CHECKOUT
from baton.lib.variables import DIALECTS
from tests.surfaces.dialects.conversation import Exchange, read_conversation
from tests.surfaces.dialects.coverage import conversations, rows_of

FOLDER = CHECKOUT / "docs" / "api"
UUID = "0190f7a1-6c8e-7d5a-9b3f-2f1c4d5e6a7b"
EXAMPLES = {
    "int": "7",
    "uuid": UUID,
    "hex40": "9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.e30.signature",
    "time": "2030-01-31T10:00:00Z",
    "date": "2030-01-31",
    "text": "text",
}
TRIES = ("7", UUID)
METHODS = {"get", "post", "put", "patch", "delete", "options", "head"}
NO_OPERATION = {"404", "405"}
"""Answers that say that there is none."""

_PLACEHOLDER = re.compile(r"<(\w+)(?::(\w+))?>")
_CONVERTER = re.compile(r"<(?:(\w+):)?(\w+)>")

Json = dict[str, Any]


def describe(dialect: str) -> Json:
    """Return the document of a dialect."""
    paths: dict[str, dict[str, Json]] = {}
    for file in conversations(dialect):
        for exchange in read_conversation(file)[1]:
            route = _route(dialect, exchange)
            if route is not None and exchange.method.lower() in METHODS:
                operations = paths.setdefault(route, {})
                operation = operations.setdefault(exchange.method.lower(), _operation(exchange.method, route))
                _add(operation, exchange)
    for operations in paths.values():
        for method in [name for name, said in operations.items() if said["responses"].keys() <= NO_OPERATION]:
            del operations[method]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Baton: {dialect}",
            "version": "1",
            "description": "Made of recorded conversations, which the tests hold: see baton/surfaces/dialects/"
            f"{dialect}/README.md for what is spoken and why. Examples are to the letter.",
        },
        "servers": [{"url": f"/{dialect}"}],
        "components": {
            "securitySchemes": {"credential": {"type": "apiKey", "in": "header", "name": "Authorization"}},
        },
        "paths": {
            route: {name: paths[route][name] for name in sorted(paths[route])}
            for route in sorted(paths)
            if paths[route]
        },
    }


def render(dialect: str) -> str:
    """Return the text of the file."""
    return json.dumps(describe(dialect), indent=1, ensure_ascii=False) + "\n"


def described() -> list[str]:
    """Return the dialects that have conversations."""
    return [name for name in DIALECTS.default if conversations(name) and rows_of(name)]


def path_of(dialect: str) -> Path:
    """Return where the document of a dialect is kept."""
    return FOLDER / f"{dialect}.json"


def _route(dialect: str, exchange: Exchange) -> str | None:
    """Return the route that a request meets, as OpenAPI writes it; None for one that meets none."""
    path = exchange.path.partition("?")[0]
    for value in TRIES:
        try:
            found = resolve(f"/{dialect}" + _PLACEHOLDER.sub(value, path))
        except Resolver404:
            continue
        if not found.route.startswith(f"{dialect}/") or "<format>" in found.route or r"\." in found.route:
            return None
        return "/" + _CONVERTER.sub(r"{\2}", found.route.removeprefix(f"{dialect}/"))
    return None


def _operation(method: str, route: str) -> Json:
    names = re.findall(r"\{(\w+)\}", route)
    words = re.sub(r"\W+", "_", route).strip("_")
    operation: Json = {"operationId": f"{method.lower()}_{words}", "responses": {}}
    if names:
        operation["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
        ]
    return operation


def _add(operation: Json, exchange: Exchange) -> None:
    title = exchange.title.partition(": ")[2]
    if "Authorization" in exchange.headers:
        operation["security"] = [{"credential": []}]
    for name, value in parse_qsl(exchange.path.partition("?")[2]):
        parameters = operation.setdefault("parameters", [])
        if name.isidentifier() and all(parameter["name"] != name for parameter in parameters):
            parameters.append({"name": name, "in": "query", "schema": {"type": "string"}, "example": _fill(value)})
    if exchange.body and exchange.status < 400:
        _add_body(operation, exchange, title)
    _add_answer(operation, exchange, title)


def _add_body(operation: Json, exchange: Exchange, title: str) -> None:
    kind = exchange.headers.get("Content-Type", "").partition(";")[0]
    content = operation.setdefault("requestBody", {"content": {}})["content"]
    if kind == "application/json":
        try:
            example: Any = json.loads(_fill("\n".join(exchange.body)))
        except ValueError:
            return
    elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        example = {name: _fill(value) for name, _, value in (line.partition("=") for line in exchange.body)}
    else:
        return
    _add_example(content, kind, title, example)


def _add_answer(operation: Json, exchange: Exchange, title: str) -> None:
    status = str(exchange.status)
    answer = operation["responses"].setdefault(status, {"description": HTTPStatus(exchange.status).phrase})
    body = "".join(exchange.wanted_body)
    if not body or body == "*" or body.startswith("~"):
        return
    content = answer.setdefault("content", {})
    try:
        _add_example(content, "application/json", title, json.loads(_fill(body)))
    except ValueError:
        kind = exchange.wanted_headers.get("Content-Type", "text/plain").partition(";")[0].removeprefix("~")
        _add_example(content, kind, title, _fill(body))


def _add_example(content: Json, kind: str, title: str, example: Any) -> None:
    described = content.setdefault(kind, {"schema": {}, "examples": {}})
    name = re.sub(r"\W+", "-", title, flags=re.ASCII).strip("-") or str(len(described["examples"]))
    if name not in described["examples"]:
        described["examples"][name] = {"summary": title, "value": example}
        described["schema"] = _schema([said["value"] for said in described["examples"].values()])


def _schema(values: list[Any]) -> Json:
    """Return the loosest schema that all of the values fit."""
    kinds = {_kind(value) for value in values}
    schema: Json = {"type": kinds.pop()} if len(kinds) == 1 else {"type": sorted(kinds)}
    objects = [value for value in values if isinstance(value, dict)]
    if objects:
        names = list(dict.fromkeys(name for value in objects for name in value))
        schema["properties"] = {name: _schema([value[name] for value in objects if name in value]) for name in names}
        required = reduce(lambda left, right: left & right, (set(value) for value in objects))
        schema["required"] = [name for name in names if name in required]
    items = [item for value in values if isinstance(value, list) for item in value]
    if items:
        schema["items"] = _schema(items)
    return schema


def _kind(value: Any) -> str:
    kinds: Mapping[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string", dict: "object"}
    return "null" if value is None else kinds.get(type(value), "array")


def _fill(text: str) -> str:
    return _PLACEHOLDER.sub(lambda place: EXAMPLES.get(place[1], "7" if "id" in place[1] else place[1]), text)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baton.settings")
    django.setup()
    for name in sys.argv[1:] or described():
        path_of(name).write_text(render(name), encoding="utf-8")
