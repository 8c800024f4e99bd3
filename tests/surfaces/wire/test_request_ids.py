"""Every answer carries the id of its request."""

from __future__ import annotations

import re

import pytest
import structlog
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from baton.surfaces.wire.request_ids import request_ids


@pytest.mark.parametrize("value", ["a", "A-b_c.9", "x" * 64])
def test_acceptable_id_is_taken(client: Client, value: str) -> None:
    assert client.get("/api/tagged/", headers={"x-request-id": value})["X-Request-Id"] == value


@pytest.mark.parametrize("value", ["", "x" * 65, "a b", "a\nb", "é", "<x>", "a\x00"])
def test_other_ids_are_made_anew(client: Client, value: str) -> None:
    for path in ("/api/tagged/", "/api/nowhere/", "/admin/page/", "/api/raises/bug/"):
        assert re.fullmatch("[0-9a-f]{32}", client.get(path, headers={"x-request-id": value})["X-Request-Id"])


def test_id_is_on_the_request_and_in_the_logs_until_the_answer() -> None:
    seen: dict[str, object] = {}

    def view(request: HttpRequest) -> HttpResponse:
        seen.update(structlog.contextvars.get_contextvars(), on_request=request.request_id)  # type: ignore[attr-defined]
        return HttpResponse()

    request_ids(view)(RequestFactory().get("/", headers={"x-request-id": "abc"}))
    assert seen == {"request_id": "abc", "on_request": "abc"}
    assert "request_id" not in structlog.contextvars.get_contextvars()
