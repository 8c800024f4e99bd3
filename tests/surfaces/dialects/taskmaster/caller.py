"""A client of the dialect that is somebody."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from baton.core.commands.sessions import open_session
from baton.core.models import Project, User
from baton.surfaces.dialects.taskmaster.auth import AUDIENCE, REFRESH_LIFETIME, token_pair
from tests.caller import Answer
from tests.factories import NOBODY

BASE = "/taskmaster/api/v1"
TASKS = f"{BASE}/tasks/"
AUTH = f"{BASE}/auth"


class TaskmasterCaller:
    """Calls the dialect with an access token of the user's, or as nobody."""

    def __init__(self, user: User | None = None) -> None:
        self._client = Client(raise_request_exception=False)
        self.tokens = tokens_of(user) if user else {}

    def call(self, method: str, path: str, body: object = None, **extra: Any) -> Answer:
        """Send `body` as JSON, or as it is where it is bytes."""
        if self.tokens:
            extra.setdefault("HTTP_AUTHORIZATION", f"Bearer {self.tokens['access']}")
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        response = self._client.generic(method, path, data, extra.pop("content_type", "application/json"), **extra)
        assert response.headers["Content-Type"] == "application/json", response.content
        return Answer(response.status_code, response.headers, json.loads(response.content))


def tokens_of(user: User) -> dict[str, str]:
    """Return the tokens of a new session."""
    return token_pair(open_session(NOBODY, user, AUDIENCE, REFRESH_LIFETIME), user)


def inbox_of(user: User) -> Project:
    return Project.objects.get(owner=user, is_inbox=True)
