from __future__ import annotations

import pytest

from baton.core.commands.all_sessions import log_out_everywhere
from baton.core.commands.api_tokens import create_api_token
from baton.core.commands.calendar_feeds import open_calendar_feed
from baton.core.commands.sessions import open_session
from baton.core.errors import DeadCredential
from baton.core.models import ApiToken, CalendarFeed, Event, Session, User
from baton.surfaces.wire.credentials import REFRESH_LIFETIME
from tests.cast import Cast
from tests.factories import NOBODY, actor_of


def test_ends_every_session_and_token_of_the_user(cast: Cast) -> None:
    for who in (cast.editor, cast.owner):
        open_session(NOBODY, who, "native", REFRESH_LIFETIME)
        create_api_token(actor_of(who), {"name": "Robot", "scopes": ["read"]})
        open_calendar_feed(actor_of(who))
    before = User.objects.get(pk=cast.editor.pk).get_session_auth_hash()
    log_out_everywhere(actor_of(cast.editor))
    assert list(Session.objects.filter(ended_at=None).values_list("user", flat=True)) == [cast.owner.pk]
    assert list(ApiToken.objects.filter(revoked_at=None).values_list("user", flat=True)) == [cast.owner.pk]
    assert list(CalendarFeed.objects.values_list("user", flat=True)) == [cast.owner.pk]
    after = User.objects.get(pk=cast.editor.pk)
    assert after.token_epoch == 1
    assert after.get_session_auth_hash() != before, "a browser's session ends too"
    event = Event.objects.get(verb="user.logged_out_everywhere")
    assert (event.user_id, event.actor_id) == (cast.editor.pk, cast.editor.pk)


def test_is_for_living_accounts_only(cast: Cast) -> None:
    User.objects.filter(pk=cast.editor.pk).update(is_active=False)
    with pytest.raises(DeadCredential):
        log_out_everywhere(actor_of(cast.editor))
