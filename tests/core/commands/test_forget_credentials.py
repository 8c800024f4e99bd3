"""Credentials that have been good for nothing for long are forgotten, the others stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session as BrowserSession
from django.utils import timezone

from baton.core.commands.api_tokens import create_api_token
from baton.core.commands.credential_upkeep import SHOWN_FOR, Forgotten, forget_credentials
from baton.core.commands.dialect_tokens import issue_dialect_token
from baton.core.models import ApiToken, DialectToken, Session, StreamTicket
from baton.jobs.housekeeping import forget_credentials as job
from tests.cast import Cast
from tests.factories import NOBODY, actor_of, bearer

NOW = timezone.now
LONG_AGO = SHOWN_FOR + timedelta(days=1)


@pytest.fixture
def session(cast: Cast) -> Session:
    bearer(cast.editor)
    return Session.objects.get(user=cast.editor)


@pytest.mark.parametrize("field", ["ended_at", "expires_at"])
def test_sessions(cast: Cast, session: Session, field: str) -> None:
    bearer(cast.viewer)
    Session.objects.filter(pk=session.pk).update(**{field: NOW() - LONG_AGO})
    assert forget_credentials() == Forgotten(sessions=1, tokens=0)
    assert [row.user_id for row in Session.objects.all()] == [cast.viewer.pk]


def test_one_that_has_just_ended_can_still_be_looked_at(session: Session) -> None:
    Session.objects.update(ended_at=NOW() - timedelta(days=1))
    assert forget_credentials() == Forgotten(0, 0)


@pytest.mark.parametrize("field", ["revoked_at", "expires_at"])
def test_tokens(cast: Cast, field: str) -> None:
    old, _ = create_api_token(actor_of(cast.editor), {"name": "old", "scopes": ["read"]})
    create_api_token(actor_of(cast.editor), {"name": "good", "scopes": ["read"]})
    issue_dialect_token(NOBODY, cast.editor, "tasktable")
    issue_dialect_token(NOBODY, cast.viewer, "tasktable")
    ApiToken.objects.filter(pk=old.pk).update(**{field: NOW() - LONG_AGO})
    DialectToken.objects.filter(user=cast.viewer).update(revoked_at=NOW() - LONG_AGO)
    assert forget_credentials().tokens == 2
    assert [token.name for token in ApiToken.objects.all()] == ["good"]
    assert [token.user_id for token in DialectToken.objects.all()] == [cast.editor.pk]


def test_tickets_and_browsers_sessions(cast: Cast) -> None:
    for number, age in enumerate((timedelta(minutes=1), -timedelta(minutes=1))):
        StreamTicket.objects.create(user=cast.editor, digest=f"d{number}", expires_at=NOW() - age)
        BrowserSession.objects.create(session_key=f"k{number}", session_data="", expire_date=NOW() - age)
    assert job() == "deleted 0 sessions, 0 tokens"
    assert StreamTicket.objects.count() == BrowserSession.objects.count() == 1
