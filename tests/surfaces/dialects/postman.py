"""Walks a Postman collection (format 2.1) as Postman would: every request in its order, with its variables and tests.

Of the tests' JavaScript it knows what these collections need, and refuses the rest: nothing is passed over unread.

    pm.test("…", () => pm.response.to.have.status(201));
    pm.test("…", () => pm.expect(pm.response.json().count).to.eql(2));
    pm.collectionVariables.set("task", pm.response.json().results[0].id);
    pm.collectionVariables.set("task", Object.values(pm.response.json())[0]);
    pm.collectionVariables.set("csrf", pm.cookies.get("csrftoken"));
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

Item = Mapping[str, Any]

_JSON = r"pm\.response\.json\(\)"
_STATUS = re.compile(r'pm\.test\(".*", \(\) => pm\.response\.to\.have\.status\((\d{3})\)\);')
_EQUAL = re.compile(r'pm\.test\(".*", \(\) => pm\.expect\((.+)\)\.to\.eql\((.+)\)\);')
_SET = re.compile(r'pm\.collectionVariables\.set\("(\w+)", (.+)\);')
_FIRST_VALUE = re.compile(rf"Object\.values\({_JSON}\)\[0\]")
_VALUE = re.compile(rf'{_JSON}((?:\.\w+|\[\d+\]|\["[^"]*"\])*)')
_COOKIE = re.compile(r'pm\.cookies\.get\("(\w+)"\)')
_STEP = re.compile(r'\.(\w+)|\[(\d+)\]|\["([^"]*)"\]')


class Walk:
    """One walk through a collection, below a prefix."""

    def __init__(self, prefix: str, **variables: str) -> None:
        self.walked: list[str] = []
        self._client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self._given = {"baseUrl": prefix.rstrip("/"), **variables}
        self._variables: dict[str, str] = {}

    def walk(self, path: Path) -> None:
        """Send every request, and assert what its tests ask."""
        collection = json.loads(path.read_text(encoding="utf-8"))
        said = {variable["key"]: str(variable.get("value", "")) for variable in collection.get("variable", ())}
        self._variables = {**said, **self._given}
        for item in _requests(collection["item"]):
            response = self._send(item["request"])
            self._check(item, response)
            self.walked.append(item["name"])

    def _send(self, request: Item) -> Any:
        headers = {header["key"]: self._fill(header["value"]) for header in request.get("header", ())}
        body, content_type = self._body(request.get("body") or {})
        content_type = headers.pop("Content-Type", content_type)
        url = self._fill(request["url"]["raw"] if isinstance(request["url"], dict) else request["url"])
        return self._client.generic(request["method"], url, body, content_type, headers=headers)

    def _body(self, body: Item) -> tuple[bytes, str]:
        match body.get("mode"):
            case None:
                return b"", ""
            case "raw":
                return self._fill(body["raw"]).encode(), "text/plain"
            case "urlencoded":
                pairs = [(pair["key"], self._fill(pair["value"])) for pair in body["urlencoded"]]
                return urlencode(pairs).encode(), "application/x-www-form-urlencoded"
            case "formdata":
                return encode_multipart(
                    BOUNDARY, dict(self._part(part) for part in body["formdata"])
                ), MULTIPART_CONTENT
            case other:
                raise ValueError(f"nobody knows a body of the mode {other}")

    def _part(self, part: Item) -> tuple[str, Any]:
        if part.get("type") == "file":
            return part["key"], SimpleUploadedFile(Path(part["src"]).name, b"a file of the collection's")
        return part["key"], self._fill(part["value"])

    def _check(self, item: Item, response: Any) -> None:
        lines = [line for event in item.get("event", ()) for line in _script(event)]
        where = f"{item['name']}: {response.status_code} {response.content[:1000]!r}"
        assert any(_STATUS.fullmatch(line) for line in lines), f"{item['name']} says nothing of its status"
        for line in lines:
            if found := _STATUS.fullmatch(line):
                assert response.status_code == int(found[1]), where
            elif found := _SET.fullmatch(line):
                self._variables[found[1]] = str(self._value(found[2], response))
            elif found := _EQUAL.fullmatch(line):
                assert self._value(found[1], response) == json.loads(self._fill(found[2])), where
            else:
                raise ValueError(f"{item['name']}: nobody here knows what this does: {line}")

    def _value(self, expression: str, response: Any) -> Any:
        if found := _COOKIE.fullmatch(expression):
            return self._client.cookies[found[1]].value
        if _FIRST_VALUE.fullmatch(expression):
            return next(iter(json.loads(response.content).values()))
        found = _VALUE.fullmatch(expression)
        if found is None:
            raise ValueError(f"nobody here knows what this is: {expression}")
        value = json.loads(response.content)
        for name, index, key in _STEP.findall(found[1]):
            value = value[int(index)] if index else value[name or key]
        return value

    def _fill(self, text: str) -> str:
        return re.sub(r"\{\{(\w+)\}\}", lambda place: self._variables[place[1]], text)


def _requests(items: list[Item]) -> Iterator[Item]:
    for item in items:
        if "item" in item:
            yield from _requests(item["item"])
        else:
            yield item


def _script(event: Item) -> list[str]:
    if event["listen"] != "test":
        raise ValueError(f"nobody here runs a script before {event['listen']}")
    code = event["script"]["exec"]
    return [line.strip() for line in (code if isinstance(code, list) else code.splitlines()) if line.strip()]
