from __future__ import annotations

from datetime import timedelta

import pytest

from baton.core.commands.sessions import end_all_sessions, end_session, open_session
from baton.core.errors import NotFound
from baton.core.models import Event, Session
from tests.factories import NOBODY, actor_of, make_user

pytestmark = pytest.mark.django_db


def test_works_once() -> None:
    user = make_user()
    session, other = (open_session(NOBODY, user, "native", timedelta(1)) for _ in range(2))
    end_session(actor_of(user), session.pk)
    assert list(Session.objects.filter(ended_at=None)) == [other]
    with pytest.raises(NotFound):
        end_session(actor_of(user), session.pk)
    event = Event.objects.get(verb="session.ended")
    assert (event.actor_id, event.user_id, event.data) == (
        user.pk,
        user.pk,
        {"session": session.pk, "reason": "logout"},
    )


def test_somebody_elses_does_not_exist() -> None:
    session = open_session(NOBODY, make_user(), "native", timedelta(1))
    with pytest.raises(NotFound):
        end_session(actor_of(make_user()), session.pk)
    assert Session.objects.get().ended_at is None
    assert not Event.objects.filter(verb="session.ended").exists()


def test_all_at_once_are_ones_own() -> None:
    user, other = make_user(), make_user()
    for who in (user, user, other):
        open_session(NOBODY, who, "native", timedelta(1))
    end_all_sessions(user)
    assert list(Session.objects.filter(ended_at=None).values_list("user_id", flat=True)) == [other.pk]
