"""A client of this dialect: forms in, JSON or text out."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from baton.core.models import User
from baton.surfaces.dialects.taskapi.auth import token_of


class FormClient:
    """Asks as somebody, or as nobody."""

    def __init__(self, user: User | None = None, *, token: str | None = None, **defaults: Any) -> None:
        self._client = Client(raise_request_exception=False, **defaults)
        token = token_of(user) if user else token
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, method: str, path: str, prefix: str = "/taskapi", **form: str) -> tuple[int, Any]:
        """Return the status and what was said."""
        body = urlencode(form)
        kind = "application/x-www-form-urlencoded"
        answer = self._client.generic(method, prefix + path, body, kind, headers=self._headers)
        is_json = answer.headers.get("Content-Type", "").startswith("application/json")
        return answer.status_code, json.loads(answer.content) if is_json else answer.content.decode()
