"""The view class: who may call, what it costs, what every answer carries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from baton.core.models import Session
from baton.surfaces.wire.views import Access, BatonView

Check = Callable[..., dict[str, Any]]


def test_view_that_names_no_access_cannot_be_written() -> None:
    with pytest.raises(TypeError, match=r"Forgetful must declare who may call it"):
        type("Forgetful", (BatonView,), {})
    with pytest.raises(TypeError):
        type("Wrong", (BatonView,), {"access": "public"})
    type("Declared", (BatonView,), {"access": Access.PUBLIC})


def test_no_credential(client: Client, problem_of: Check) -> None:
    response = client.get("/api/me/")
    problem_of(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"] == 'Bearer realm="baton"'


@pytest.mark.django_db
def test_credential_that_is_not_valid(client: Client, problem_of: Check) -> None:
    problem_of(client.get("/api/me/", headers={"x-session": "0"}), 401, "authentication_failed")


def test_public_view_does_not_look_at_a_credential(client: Client) -> None:
    body = {"a": 1}
    response = client.post("/api/echo/", body, content_type="application/json", headers={"x-session": "0"})
    assert response.status_code == 200


def test_answer_to_the_signed_in(client: Client, ana: Session) -> None:
    response = client.get("/api/me/", headers={"x-session": str(ana.pk)})
    assert response.json() == {"id": ana.user_id}
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_dead_credential_is_refused_except_where_the_sql_says_so(
    client: Client, problem_of: Check, ana: Session
) -> None:
    ana.ended_at = timezone.now()
    ana.save()
    headers = {"x-session": str(ana.pk)}
    response = client.delete("/api/me/", headers=headers)
    problem_of(response, 401, "dead_credential")
    assert "invalid_token" in response["WWW-Authenticate"]
    assert client.get("/api/me/", headers=headers).status_code == 200
    assert client.head("/api/me/", headers=headers).status_code == 200


def test_hot_method_asks_nothing_of_its_own(
    client: Client, ana: Session, django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_assert_num_queries(1):  # the test's own authenticator
        client.get("/api/me/", headers={"x-session": str(ana.pk)})


def test_options_needs_no_credential_and_no_body(client: Client) -> None:
    response = client.options("/api/me/")
    assert (response.status_code, response.content) == (204, b"")
    assert response["Allow"] == "GET, DELETE, HEAD, OPTIONS"


def test_head_is_get(client: Client) -> None:
    response = client.head("/api/tagged/")
    assert (response.status_code, response["ETag"], response.content) == (200, '"7.2.0"', b"")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "", "*/*", "garbage"])
def test_json_whatever_is_asked(client: Client, accept: str) -> None:
    assert client.get("/api/rows/", headers={"accept": accept})["Content-Type"] == "application/json"


def test_drf_response_is_plain_json_too(client: Client, ana: Session) -> None:
    response = client.post("/api/drf-response/", headers={"x-session": str(ana.pk)})
    assert (response.status_code, response.json(), response["Location"]) == (201, {"ok": True}, "/x/")
    assert response["Content-Type"] == "application/json"


def test_ids_in_paths(client: Client, problem_of: Check) -> None:
    assert client.get("/api/things/9223372036854775807/").status_code == 200
    for bad in ("9223372036854775808", "9" * 19, "9" * 5000, "-1", "1.0", "abc", "%D9%A1"):
        problem_of(client.get(f"/api/things/{bad}/"), 404, "not_found")
