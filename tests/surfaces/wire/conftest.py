"""The addresses of this folder, under the middleware that the kit needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone

from baton.core.models import Session, User

from . import addresses

MIDDLEWARE = [
    "baton.surfaces.wire.request_ids.request_ids",
    "baton.surfaces.wire.last_resort.NeverHtml",
    "baton.surfaces.wire.last_resort.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]

MEMBERS = ["type", "title", "status", "detail", "instance", "code", "request_id"]


@pytest.fixture(autouse=True)
def _addresses() -> Iterator[None]:
    with override_settings(
        ROOT_URLCONF=addresses.__name__,
        MIDDLEWARE=MIDDLEWARE,
        CSRF_FAILURE_VIEW="baton.surfaces.wire.last_resort.csrf_failure",
        APPEND_SLASH=True,
        ALLOWED_HOSTS=["testserver"],
    ):
        yield


@pytest.fixture
def client() -> Client:
    """A client that sees what a real one sees: answers, never exceptions."""
    return Client(raise_request_exception=False)


@pytest.fixture
def problem_of() -> Callable[..., dict[str, Any]]:
    """Check that an answer is a well-formed problem document, and return it."""

    def check(response: HttpResponse, status: int, code: str | None = None) -> dict[str, Any]:
        assert response.status_code == status, response.content
        assert response["Content-Type"] == "application/problem+json"
        assert response["Cache-Control"] == "no-store"
        document: dict[str, Any] = json.loads(response.content)
        assert [name for name in document if name in MEMBERS] == MEMBERS
        assert document["status"] == status
        assert document["type"] == f"/problems/{document['code']}"
        assert document["request_id"] == response["X-Request-Id"]
        assert document["title"]
        assert document["detail"]
        text = response.content.decode()
        assert "Traceback" not in text
        assert "secret detail" not in text
        if code is not None:
            assert document["code"] == code
        return document

    return check


@pytest.fixture
def ana(db: None) -> Session:
    """A session of Ana."""
    return _session("ana")


@pytest.fixture
def ben(db: None) -> Session:
    """A session of Ben."""
    return _session("ben")


def _session(name: str) -> Session:
    user = User.objects.create_user(name)
    return Session.objects.create(user=user, audience="api", expires_at=timezone.now() + timedelta(hours=1))
