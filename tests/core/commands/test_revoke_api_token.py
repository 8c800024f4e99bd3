from __future__ import annotations

import pytest

from baton.core.commands.api_tokens import create_api_token, note_use, revoke_api_token
from baton.core.errors import NotFound
from baton.core.models import ApiToken, Event, User
from baton.core.queries.api_tokens import find_live_token, is_dead_token
from baton.lib.api_secrets import digest_of
from tests.cast import Cast
from tests.factories import actor_of
from tests.traces import nothing_changes


def token(cast: Cast) -> tuple[int, str]:
    made, secret = create_api_token(actor_of(cast.editor), {"name": "Robot", "scopes": ["read"]})
    return made.pk, digest_of(secret)


def test_ends_it_at_once_and_records_it(cast: Cast) -> None:
    token_id, digest = token(cast)
    assert find_live_token(digest)
    revoke_api_token(actor_of(cast.editor), token_id)
    assert find_live_token(digest) is None
    assert is_dead_token(digest)
    event = Event.objects.get(verb="token.revoked")
    assert (event.user_id, event.data) == (cast.editor.pk, {"token": token_id})


def test_twice_finds_none(cast: Cast) -> None:
    token_id, _ = token(cast)
    revoke_api_token(actor_of(cast.editor), token_id)
    with nothing_changes(), pytest.raises(NotFound):
        revoke_api_token(actor_of(cast.editor), token_id)


def test_nobody_elses(cast: Cast) -> None:
    token_id, digest = token(cast)
    with nothing_changes(), pytest.raises(NotFound):
        revoke_api_token(actor_of(cast.owner), token_id)
    assert find_live_token(digest)


def test_a_user_who_is_not_active_has_none(cast: Cast) -> None:
    _, digest = token(cast)
    User.objects.filter(pk=cast.editor.pk).update(is_active=False)
    assert find_live_token(digest) is None


def test_its_use_is_noted_once_a_minute(cast: Cast) -> None:
    token_id, digest = token(cast)
    seen = []
    for _ in range(3):
        found = find_live_token(digest)
        assert found
        note_use(found.token_id, found.used_at)
        seen.append(ApiToken.objects.get(pk=token_id).used_at)
    assert seen[0] is not None
    assert seen[0] == seen[1] == seen[2]
