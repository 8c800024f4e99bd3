from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from baton.core.commands.accounts import change_password
from baton.core.commands.api_tokens import create_api_token
from baton.core.commands.password_reset import request_password_reset, reset_password
from baton.core.commands.sessions import open_session
from baton.core.errors import Invalid, TooMany
from baton.core.models import ApiToken, Event, Session, User
from baton.core.policies.proofs import RESET_LIFETIME, make_reset_proof, make_verification_proof
from baton.surfaces.wire.credentials import REFRESH_LIFETIME
from tests.factories import NOBODY, PASSWORD, actor_of, make_user

pytestmark = pytest.mark.django_db

NEW = "a lantern in fog"


def refused(proof: str, password: str = NEW, pointer: str = "/token") -> None:
    before = list(User.objects.values()), Event.objects.count()
    with pytest.raises(Invalid) as error:
        reset_password(NOBODY, proof, password, "net")
    assert error.value.errors[0].pointer == pointer
    assert (list(User.objects.values()), Event.objects.count()) == before


def test_sets_it_and_ends_whatever_stood_for_the_user() -> None:
    user = make_user()
    open_session(NOBODY, user, "native", REFRESH_LIFETIME)
    create_api_token(actor_of(user), {"name": "Robot", "scopes": ["read"]})
    reset_password(NOBODY, make_reset_proof(user), NEW, "net")
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert (user.token_epoch, user.is_verified) == (1, True)
    assert not Session.objects.filter(ended_at=None).exists()
    assert not ApiToken.objects.filter(revoked_at=None).exists()
    event = Event.objects.get(verb="user.password_reset")
    assert (event.user_id, event.changes, event.data) == (user.pk, {"is_verified": [False, True]}, {})


def test_once() -> None:
    user = make_user()
    proof = make_reset_proof(user)
    reset_password(NOBODY, proof, NEW, "net")
    refused(proof, "another lantern")


def test_not_after_the_password_or_the_address_was_changed() -> None:
    user = make_user()
    proof = make_reset_proof(user)
    change_password(actor_of(user), PASSWORD, "the old way round", "net")
    refused(proof)
    other = make_user()
    proof = make_reset_proof(other)
    User.objects.filter(pk=other.pk).update(email_folded="thief@example.org")
    refused(proof)


def test_not_too_late() -> None:
    proof = make_reset_proof(make_user())
    with time_machine.travel(timezone.now() + RESET_LIFETIME + timedelta(minutes=1)):
        refused(proof)


def test_not_with_another_proof_and_not_for_somebody_who_is_gone() -> None:
    user = make_user()
    refused(make_verification_proof(user))
    proof = make_reset_proof(user)
    User.objects.update(is_active=False)
    refused(proof)


@pytest.mark.parametrize("password", ["short", "password1"])
def test_a_bad_password_leaves_the_proof_good(password: str) -> None:
    user = make_user()
    proof = make_reset_proof(user)
    refused(proof, password, "/new_password")
    reset_password(NOBODY, proof, NEW, "net")


def test_asking_does_the_same_work_for_everybody() -> None:
    user = make_user()
    request_password_reset(NOBODY, str(user.email).upper(), "net")
    request_password_reset(NOBODY, "nobody@example.org", "net")
    asked = Event.objects.filter(verb="user.password_reset_requested").order_by("pk")
    told: list[object] = list(asked.values_list("user", "actor", "data"))
    assert told == [(user.pk, None, {}), (None, None, {})]


def test_a_network_asks_for_twenty_letters_an_hour() -> None:
    for number in range(20):
        request_password_reset(NOBODY, f"user{number}@example.org", "net")
    with pytest.raises(TooMany):
        request_password_reset(NOBODY, "another@example.org", "net")
