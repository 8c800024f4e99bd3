"""Which form an answer gets, with the framework's own rules behind the short way."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from baton.core.commands.dialect_tokens import issue_dialect_token
from tests.cast import Cast
from tests.factories import NOBODY

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.surfaces.dialects.kit.example")]
PAGE, JSON = "text/html; charset=utf-8", "application/json"


@pytest.mark.parametrize(
    "accept,query,status,kind",
    [
        (None, "", 200, JSON),
        ("*/*", "", 200, JSON),
        ("application/json", "", 200, JSON),
        ("application/*", "", 200, JSON),
        ("text/html", "", 200, PAGE),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "", 200, PAGE),
        ("*/*", "?format=api", 200, PAGE),
        ("text/html", "?format=json", 406, JSON),
        ("*/*", "?format=xml", 404, JSON),
        ("image/png", "", 406, JSON),
    ],
)
def test_the_form_of_an_answer(cast: Cast, accept: str | None, query: str, status: int, kind: str) -> None:
    headers: dict[str, Any] = {"Authorization": f"Token {issue_dialect_token(NOBODY, cast.owner, 'issuetracker')}"}
    if accept is not None:
        headers["Accept"] = accept

    answer = Client(raise_request_exception=False).get(f"/issuetracker/things/{query}", headers=headers)

    assert (answer.status_code, answer.headers["Content-Type"]) == (status, kind)
