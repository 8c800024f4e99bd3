"""Guessing: ten tries for each account from each network, and nobody is kept out by what others do."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import hashers
from django.db import connection, transaction
from django.utils import timezone

from baton.core.commands.accounts import change_password
from baton.core.commands.guesses import forget_old_guesses, password_guesses, refuse_spent
from baton.core.commands.sessions import check_login
from baton.core.errors import Invalid, TooMany
from baton.core.models import Guess, User
from tests.factories import PASSWORD, actor_of, make_user
from tests.threads import run_together

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = "198.51.100.7", "203.0.113.9"


def guess(login: str, times: int, network: str = HERE) -> None:
    for _ in range(times):
        assert check_login(login, "wrong", network) is None


def test_ten_tries_and_then_the_right_one_is_refused_too() -> None:
    make_user("anna")
    guess("anna", 10)
    for password in ("wrong", PASSWORD):
        with pytest.raises(TooMany) as refused:
            check_login("anna", password, HERE)
        assert 890 <= refused.value.retry_after <= 901


def test_the_victim_logs_in_from_elsewhere() -> None:
    user = make_user("anna")
    guess("anna", 10)
    assert check_login("anna", PASSWORD, ELSEWHERE) == user


def test_other_accounts_are_not_touched() -> None:
    make_user("anna")
    boris = make_user("boris")
    guess("anna", 10)
    assert check_login("boris", PASSWORD, HERE) == boris


def test_name_and_address_are_one_account() -> None:
    make_user("anna")
    guess("anna", 5)
    guess("ANNA@example.org", 5)
    with pytest.raises(TooMany):
        check_login("anna", PASSWORD, HERE)


def test_nobody_gets_as_many_tries_as_somebody() -> None:
    guess("nobody", 10)
    with pytest.raises(TooMany):
        check_login("NOBODY", "wrong", HERE)


def test_success_does_not_count() -> None:
    user = make_user("anna")
    for _ in range(12):
        assert check_login("anna", PASSWORD, HERE) == user
    assert not Guess.objects.exists()


def test_the_time_runs_from_the_first_and_then_all_begins_anew() -> None:
    user = make_user("anna")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        guess("anna", 9)
        clock.shift(timedelta(minutes=14))
        guess("anna", 1)
        with pytest.raises(TooMany) as refused:
            check_login("anna", PASSWORD, HERE)
        assert refused.value.retry_after <= 61
        clock.shift(timedelta(minutes=1, seconds=1))
        assert check_login("anna", PASSWORD, HERE) == user
        guess("anna", 10)
        with pytest.raises(TooMany):
            check_login("anna", PASSWORD, HERE)


def test_one_network_guesses_at_everybody_a_hundred_times() -> None:
    for number in range(100):
        guess(f"user{number}", 1)
    make_user("anna")
    with pytest.raises(TooMany):
        check_login("anna", PASSWORD, HERE)
    assert check_login("anna", PASSWORD, ELSEWHERE)


def test_changing_the_password_counts_with_it() -> None:
    user = make_user("anna")
    guess("anna", 5)
    for _ in range(5):
        with pytest.raises(Invalid):
            change_password(actor_of(user), "wrong", "a lantern in fog", HERE)
    for old in ("wrong", PASSWORD):
        with pytest.raises(TooMany):
            change_password(actor_of(user), old, "a lantern in fog", HERE)
    change_password(actor_of(user), PASSWORD, "a lantern in fog", ELSEWHERE)


def test_somebody_who_is_not_active_is_told_apart_from_nobody_by_nothing() -> None:
    make_user("anna")
    User.objects.update(is_active=False)
    for _ in range(10):
        assert check_login("anna", PASSWORD, HERE) is None
    with pytest.raises(TooMany):
        check_login("anna", PASSWORD, HERE)


@pytest.mark.parametrize("login", ["anna", "nobody", "unusable"])
def test_nobody_costs_the_same_work(monkeypatch: pytest.MonkeyPatch, login: str) -> None:
    make_user("anna")
    silent = make_user("unusable")
    silent.set_unusable_password()
    silent.save()
    hasher = type(hashers.get_hasher())
    encode, calls = hasher.encode, []

    def counted(self: hashers.BasePasswordHasher, password: str, salt: str) -> str:
        calls.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(hasher, "encode", counted)
    check_login(login, "wrong", HERE)
    assert len(calls) == 1


@pytest.mark.django_db(transaction=True)
def test_a_guess_is_counted_though_what_it_was_for_is_rolled_back() -> None:
    make_user("anna")
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        check_login("anna", "wrong", HERE)
    guess("anna", 1)
    assert sorted(Guess.objects.values_list("count", flat=True)) == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_time_are_all_counted() -> None:
    make_user("anna")

    def try_one() -> None:
        try:
            check_login("anna", "wrong", HERE)
        except TooMany:
            return
        finally:
            connection.close()

    run_together(*[try_one] * 8)
    assert sorted(Guess.objects.values_list("count", flat=True)) == [8, 8]


def test_the_right_guess_among_many_at_once_comes_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten others were wrong while this one's password was being hashed."""
    make_user("anna")

    def meanwhile(*given: object) -> bool:
        monkeypatch.undo()
        guess("anna", 10)
        return True

    monkeypatch.setattr("baton.core.commands.sessions.check_password", meanwhile)
    with pytest.raises(TooMany):
        check_login("anna", PASSWORD, HERE)


def test_a_bucket_tells_nothing() -> None:
    make_user("anna")
    guess("anna", 1)
    assert all(len(bucket) == 64 and HERE not in bucket for bucket in Guess.objects.values_list("bucket", flat=True))


def test_what_counts_no_more_is_forgotten() -> None:
    guess("anna", 10)
    guess("boris", 10, ELSEWHERE)
    Guess.objects.filter(bucket__in=[a.bucket for a in password_guesses("name anna", HERE)]).update(
        resets_at=timezone.now() - timedelta(seconds=1)
    )
    assert forget_old_guesses() == 2
    refuse_spent(password_guesses("name anna", HERE))
    with pytest.raises(TooMany):
        refuse_spent(password_guesses("name boris", ELSEWHERE))
