"""What a guesser meets on the wire; the counting itself is tested with `check_login`."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from django.test.utils import override_settings

from tests.factories import PASSWORD, make_user
from tests.surfaces.api.caller import Caller

pytestmark = pytest.mark.django_db

PROXY = "10.0.0.1"


def log_in(password: str, address: str = "198.51.100.7", **headers: str) -> Any:
    return Caller().post("auth/login/", {"username": "anna", "password": password}, REMOTE_ADDR=address, **headers)


def test_the_eleventh_try_is_told_when_to_come_back() -> None:
    make_user("anna")
    assert [log_in("wrong").status_code for _ in range(10)] == [401] * 10
    answer = log_in(PASSWORD)
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert 890 <= int(answer.headers["Retry-After"]) <= 901
    assert log_in(PASSWORD, "203.0.113.9").status_code == 200


@pytest.mark.any_database
def test_a_thousand_forged_headers_give_not_one_try_more() -> None:
    make_user("anna")
    statuses = [
        log_in(
            "wrong",
            HTTP_X_FORWARDED_FOR=f"203.0.{number // 250}.{number % 250}",
            HTTP_X_REAL_IP=f"203.0.113.{number % 250}",
            HTTP_FORWARDED=f"for=203.0.113.{number % 250}",
            HTTP_CLIENT_IP=f"203.0.113.{number % 250}",
        ).status_code
        for number in range(1000)
    ]
    assert statuses == [401] * 10 + [429] * 990


@override_settings(BATON_TRUSTED_PROXIES=(ip_network(PROXY),))
def test_behind_a_proxy_each_client_has_their_own_tries() -> None:
    make_user("anna")
    for _ in range(10):
        log_in("wrong", PROXY, HTTP_X_FORWARDED_FOR="198.51.100.7")
    assert log_in(PASSWORD, PROXY, HTTP_X_FORWARDED_FOR="198.51.100.7").status_code == 429
    assert log_in(PASSWORD, PROXY, HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 200
    for number in range(20):
        forged = f"203.0.113.{number}, 198.51.100.7"
        assert log_in(PASSWORD, PROXY, HTTP_X_FORWARDED_FOR=forged).status_code == 429


def test_a_household_of_ipv6_is_one() -> None:
    make_user("anna")
    for number in range(10):
        log_in("wrong", f"2001:db8::{number:x}")
    assert log_in(PASSWORD, "2001:db8::ffff:1").status_code == 429
    assert log_in(PASSWORD, "2001:db8:0:1::1").status_code == 200


def test_an_account_and_nobody_are_answered_alike() -> None:
    make_user("anna")
    there, nobody = (
        [
            (answer.status_code, {**answer.json(), "request_id": ""})
            for answer in (
                Caller().post("auth/login/", {"username": name, "password": "wrong"}, REMOTE_ADDR=address)
                for _ in range(12)
            )
        ]
        for name, address in (("anna", "198.51.100.7"), ("nobody", "203.0.113.9"))
    )
    assert there == nobody


def test_changing_the_password_has_the_same_limit() -> None:
    caller = Caller(make_user("anna"))
    body = {"old_password": "wrong", "new_password": "a lantern in fog"}
    statuses = [caller.post("auth/change-password/", body).status_code for _ in range(11)]
    assert statuses == [400] * 10 + [429]
