"""The admin's form is a way in like any other."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.test.utils import override_settings

from baton.core.models import User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return User.objects.create_superuser("anna", "anna@example.org", PASSWORD)


def log_in(password: str, address: str = "198.51.100.7", name: str = "anna") -> HttpResponse:
    return Client().post(  # type: ignore[return-value]
        "/admin/login/", {"username": name, "password": password, "next": "/admin/"}, REMOTE_ADDR=address
    )


def test_opens_the_admin_by_name_or_address(admin: User) -> None:
    assert log_in(PASSWORD).status_code == 302
    assert log_in(PASSWORD, name="Anna@example.org").status_code == 302
    assert log_in("wrong").status_code == 200


def test_guesses_are_limited_there_too_and_count_with_the_others(admin: User) -> None:
    for _ in range(5):
        assert log_in("wrong").status_code == 200
    for _ in range(5):
        body = {"username": "anna", "password": "wrong"}
        Client().post("/api/auth/login/", body, "application/json", REMOTE_ADDR="198.51.100.7")
    assert log_in(PASSWORD).status_code == 200, "the form again, not the way in"
    assert log_in(PASSWORD, "203.0.113.9").status_code == 302


def test_an_address_to_be_verified_is_asked_for_here_as_well(admin: User) -> None:
    with override_settings(BATON_REQUIRE_VERIFIED_EMAIL=True):
        assert log_in(PASSWORD).status_code == 302
        User.objects.update(is_verified=False)
        assert log_in(PASSWORD).status_code == 200


def test_somebody_who_is_not_active_stays_outside(admin: User) -> None:
    User.objects.update(is_active=False)
    assert log_in(PASSWORD).status_code == 200
