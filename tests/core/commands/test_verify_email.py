from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from baton.core.commands.accounts import change_profile
from baton.core.commands.verification import request_verification, verify_email
from baton.core.errors import Invalid, TooMany
from baton.core.models import Event, User
from baton.core.policies.proofs import VERIFICATION_LIFETIME, make_reset_proof, make_verification_proof
from tests.factories import NOBODY, actor_of, make_user
from tests.traces import nothing_changes

pytestmark = pytest.mark.django_db


def refused(proof: str) -> None:
    before = list(User.objects.values()), Event.objects.count()
    with pytest.raises(Invalid) as error:
        verify_email(NOBODY, proof, "net")
    assert error.value.errors[0].pointer == "/token"
    assert (list(User.objects.values()), Event.objects.count()) == before


def test_verifies_and_records_it() -> None:
    user = make_user()
    verify_email(NOBODY, make_verification_proof(user), "net")
    user.refresh_from_db()
    assert (user.is_verified, user.version) == (True, 2)
    event = Event.objects.get(verb="user.email_verified")
    assert (event.actor_id, event.user_id, event.changes) == (user.pk, user.pk, {"is_verified": [False, True]})


def test_once() -> None:
    user = make_user()
    proof = make_verification_proof(user)
    verify_email(NOBODY, proof, "net")
    refused(proof)


def test_not_for_the_next_address() -> None:
    user = make_user()
    proof = make_verification_proof(user)
    change_profile(actor_of(user), {"email": "other@example.org"})
    refused(proof)


def test_not_for_somebody_else_nor_with_another_proof() -> None:
    user, other = make_user(), make_user()
    stamp = make_verification_proof(user).partition(".")[2]
    refused(f"{other.pk}.{stamp}")
    refused(make_reset_proof(user))


def test_not_too_late() -> None:
    user = make_user()
    proof = make_verification_proof(user)
    with time_machine.travel(timezone.now() + VERIFICATION_LIFETIME + timedelta(minutes=1)):
        refused(proof)


def test_not_for_a_user_who_is_not_active() -> None:
    user = make_user()
    proof = make_verification_proof(user)
    User.objects.update(is_active=False)
    refused(proof)


def test_wrong_ones_are_counted_and_a_right_one_is_taken_all_the_same() -> None:
    user = make_user()
    for _ in range(10):
        refused("1.2.3")
    with pytest.raises(TooMany):
        verify_email(NOBODY, "1.2.3", "net")
    verify_email(NOBODY, make_verification_proof(user), "net")


def test_a_letter_may_be_asked_for_again_and_nothing_tells_whether_there_is_an_account() -> None:
    waiting, verified = make_user(), make_user(is_verified=True)
    for email in (str(waiting.email).upper(), str(verified.email), "nobody@example.org"):
        request_verification(NOBODY, email, "net")
    asked = Event.objects.filter(verb="user.verification_requested").order_by("pk")
    told: list[object] = list(asked.values_list("user", "actor", "data"))
    assert told == [
        (waiting.pk, None, {}),
        (None, None, {}),
        (None, None, {}),
    ]


def test_nobody_is_flooded_with_letters() -> None:
    user = make_user()
    for number in range(8):
        request_verification(NOBODY, str(user.email), f"net {number}")
    assert Event.objects.filter(verb="user.verification_requested").count() == 5


def test_a_network_asks_for_twenty_letters_an_hour() -> None:
    for number in range(20):
        request_verification(NOBODY, f"user{number}@example.org", "net")
    with nothing_changes(), pytest.raises(TooMany) as refusal:
        request_verification(NOBODY, "another@example.org", "net")
    assert 3500 < refusal.value.retry_after <= 3600
    request_verification(NOBODY, "another@example.org", "another net")
