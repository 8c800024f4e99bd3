from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from baton.core.commands.sessions import open_session, rotate_session
from baton.core.errors import DeadCredential
from baton.core.models import Event, Session, User
from tests.factories import NOBODY, make_user

pytestmark = pytest.mark.django_db

LIFE = timedelta(days=30)


def make_session() -> Session:
    return open_session(NOBODY, make_user(), "native", timedelta(days=1))


def test_works_and_lives_on() -> None:
    session = make_session()
    next_one = rotate_session(NOBODY, session.pk, session.refresh_id, 0, LIFE)
    assert next_one.refresh_id != session.refresh_id
    assert next_one.expires_at > session.expires_at
    assert next_one.used_at > session.used_at
    rotate_session(NOBODY, session.pk, next_one.refresh_id, 0, LIFE)


def test_a_dialect_may_use_a_token_again() -> None:
    session = make_session()
    rotate_session(NOBODY, session.pk, None, 0, LIFE)
    next_one = rotate_session(NOBODY, session.pk, None, 0, LIFE)
    assert next_one.expires_at > session.expires_at
    User.objects.update(token_epoch=1)
    with pytest.raises(DeadCredential):
        rotate_session(NOBODY, session.pk, None, 0, LIFE)


@pytest.mark.parametrize("refresh_id", ["old", "unknown"])
def test_any_but_the_newest_ends_the_session_for_good(refresh_id: str) -> None:
    session = make_session()
    newest = rotate_session(NOBODY, session.pk, session.refresh_id, 0, LIFE)
    with pytest.raises(DeadCredential) as refusal:
        rotate_session(NOBODY, session.pk, session.refresh_id if refresh_id == "old" else uuid4(), 0, LIFE)
    assert refusal.value.code == "token_reused"
    with pytest.raises(DeadCredential):
        rotate_session(NOBODY, session.pk, newest.refresh_id, 0, LIFE)
    event = Event.objects.get(verb="session.ended")
    assert (event.user_id, event.data) == (session.user_id, {"session": session.pk, "reason": "reuse"})


def test_another_epoch_is_refused_without_ending_anything() -> None:
    session = make_session()
    with pytest.raises(DeadCredential):
        rotate_session(NOBODY, session.pk, session.refresh_id, 1, LIFE)
    assert Session.objects.get().ended_at is None


def test_a_session_that_has_run_out_stays_so() -> None:
    session = make_session()
    Session.objects.update(expires_at=timezone.now())
    with pytest.raises(DeadCredential):
        rotate_session(NOBODY, session.pk, session.refresh_id, 0, LIFE)


def test_nobody_deactivated_stays_in() -> None:
    session = make_session()
    User.objects.update(is_active=False)
    with pytest.raises(DeadCredential):
        rotate_session(NOBODY, session.pk, session.refresh_id, 0, LIFE)
