"""What goes out as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ErrorDetail

from baton.surfaces.wire.respond import json_response, no_content


class Out(msgspec.Struct):
    title: str
    at: datetime


def test_structs_and_times() -> None:
    response = json_response(Out("й", datetime(2026, 5, 1, 9, 30, tzinfo=UTC)))
    assert response["Content-Type"] == "application/json"
    assert response.content.decode() == '{"title":"й","at":"2026-05-01T09:30:00Z"}'
    assert json_response(datetime(2026, 5, 1, 9, 30, 0, 120, UTC)).content == b'"2026-05-01T09:30:00.000120Z"'


def test_what_django_and_drf_hand_over() -> None:
    data = {
        "id": UUID(int=1),
        "lazy": gettext_lazy("Yes"),
        "error": ErrorDetail("bad", "code"),
        "raw": msgspec.Raw(b"[1]"),
    }
    assert msgspec.json.decode(json_response(data).content) == {
        "id": "00000000-0000-0000-0000-000000000001",
        "lazy": "Yes",
        "error": "bad",
        "raw": [1],
    }


def test_unknown_type_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(NotImplementedError):
        json_response(object())


def test_no_content() -> None:
    response = no_content({"ETag": '"1"'})
    assert response.status_code == 204
    assert "Content-Type" not in response
