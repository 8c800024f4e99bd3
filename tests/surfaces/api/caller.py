"""A client of the native API: somebody (or nobody) who calls paths below `/api/`."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

from baton.core.models import User
from tests.factories import bearer


class Caller:
    """Calls the API as a user with a fresh session, with a given access token, or as nobody."""

    def __init__(self, user: User | None = None, *, access: str | None = None) -> None:
        self.client = Client()
        self.headers = bearer(user) if user else {}
        if access is not None:
            self.headers = {"HTTP_AUTHORIZATION": f"Bearer {access}"}

    def get(self, path: str, **headers: str) -> Any:
        return self._call("GET", path, None, headers)

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        return self._call("POST", path, body, headers)

    def put(self, path: str, body: object, **headers: str) -> Any:
        return self._call("PUT", path, body, headers)

    def patch(self, path: str, body: object, **headers: str) -> Any:
        return self._call("PATCH", path, body, headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self._call("DELETE", path, None, headers)

    def call(self, method: str, path: str, body: object = None) -> Any:
        return self._call(method, path, body, {})

    def _call(self, method: str, path: str, body: object, headers: dict[str, str]) -> HttpResponse:
        url = path if path.startswith(("/", "http")) else f"/api/{path}"
        content: dict[str, Any] = {} if body is None else {"data": body, "content_type": "application/json"}
        answer: HttpResponse = getattr(self.client, method.lower())(url, **content, **self.headers, **headers)
        if answer.status_code >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json", answer.content
        return answer


def pointers(answer: Any) -> dict[str, str]:
    """Return the codes of a problem's errors by their pointers."""
    return {error["pointer"]: error["code"] for error in answer.json()["errors"]}
