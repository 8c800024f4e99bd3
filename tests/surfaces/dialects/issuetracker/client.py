"""A client of this dialect."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from baton.core.commands.dialect_tokens import issue_dialect_token
from baton.core.models import User
from tests.factories import NOBODY


class IssueClient:
    """Asks as somebody, or as nobody."""

    def __init__(self, user: User | None = None, **defaults: Any) -> None:
        self._client = Client(raise_request_exception=False, **defaults)
        token = issue_dialect_token(NOBODY, user, "issuetracker") if user else None
        self._headers = {"Authorization": f"Token {token}"} if token else {}

    def ask(self, method: str, path: str, body: object = None, prefix: str = "/issuetracker") -> tuple[int, Any]:
        """Return the status and the JSON of the body, None where there is none."""
        data = b"" if body is None else json.dumps(body).encode()
        answer = self._client.generic(method, prefix + path, data, "application/json", headers=self._headers)
        return answer.status_code, json.loads(answer.content) if answer.content else None
