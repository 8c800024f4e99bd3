"""A client of the native API that is somebody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.test import Client

from baton.core.models import User
from baton.surfaces.wire.problem_kinds import KINDS
from tests.factories import bearer


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers, and the JSON of the body (None where there is none)."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def tag(self) -> str:
        return self.headers["ETag"]

    @property
    def pointers(self) -> list[str]:
        """Return the places that a problem document names."""
        return [error["pointer"] for error in self.body.get("errors", ())]


class Caller:
    """Calls the API as a user with a session of their own, or as nobody."""

    def __init__(self, user: User | None = None) -> None:
        self._client = Client(raise_request_exception=False)
        self._credential = bearer(user) if user else {}

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, None, **headers)

    def post(self, path: str, body: object = None, **headers: str) -> Answer:
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: object = None, **headers: str) -> Answer:
        return self.call("PUT", path, body, **headers)

    def patch(self, path: str, body: object = None, **headers: str) -> Answer:
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.call("DELETE", path, None, **headers)

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Send `body` as JSON; headers are named as in `if_match`."""
        extra: Any = {**self._credential, **{f"HTTP_{name.upper()}": value for name, value in headers.items()}}
        data = b"" if body is None else json.dumps(body).encode()
        response = self._client.generic(method, path, data, "application/json", **extra)
        text = response.content
        if response.status_code >= 400:
            assert response.headers["Content-Type"] == "application/problem+json", text
            document = json.loads(text)
            assert document["status"] == response.status_code
            assert document["title"] == KINDS[document["code"]].title
        return Answer(response.status_code, response.headers, json.loads(text) if text else None)
