"""issue_dialect_token, revoke_dialect_token, withdraw_dialect_token."""

from __future__ import annotations

import pytest
from django.test import override_settings

from baton.core.actor import SYSTEM
from baton.core.commands.account_upkeep import deactivate_user, reactivate_user, withdraw_dialect_token
from baton.core.commands.accounts import change_password
from baton.core.commands.all_sessions import log_out_everywhere
from baton.core.commands.dialect_tokens import issue_dialect_token, revoke_dialect_token
from baton.core.errors import Denied, NotFound
from baton.core.models import DialectToken, Event, User
from baton.core.queries.dialect_tokens import find_live_dialect_token
from baton.lib.api_secrets import digest_of
from tests.cast import Cast
from tests.factories import NOBODY, PASSWORD, actor_of
from tests.traces import nothing_changes


def issue(cast: Cast, dialect: str = "tasktable") -> str:
    return issue_dialect_token(NOBODY, User.objects.get(pk=cast.editor.pk), dialect)


def is_good(secret: str, dialect: str = "tasktable") -> bool:
    return find_live_dialect_token(secret, dialect) is not None


def token_id(cast: Cast) -> int:
    return DialectToken.objects.get(user=cast.editor, revoked_at=None).pk


def test_a_log_in_gives_a_token_of_which_only_the_digest_is_kept(cast: Cast) -> None:
    secret = issue(cast)

    assert len(secret) == 40
    assert int(secret, 16)
    found = find_live_dialect_token(secret, "tasktable")
    assert found is not None
    assert (found.user_id, found.token_id) == (cast.editor.pk, token_id(cast))
    assert DialectToken.objects.get().digest == digest_of(secret)
    event = Event.objects.get(verb="dialect.token_issued")
    assert (event.user_id, event.actor_id) == (cast.editor.pk, cast.editor.pk)
    assert event.data == {"token": found.token_id, "dialect": "tasktable"}


def test_the_next_log_in_gives_the_same_one_and_changes_nothing(cast: Cast) -> None:
    secret = issue(cast)
    with nothing_changes():
        assert issue(cast) == secret


def test_every_person_and_every_dialect_has_another(cast: Cast) -> None:
    mine = {issue(cast), issue(cast, "issuetracker"), issue_dialect_token(NOBODY, cast.owner, "tasktable")}

    assert len(mine) == 3
    assert not is_good(issue(cast, "issuetracker"), "tasktable")


def test_a_new_password_ends_it_and_the_next_is_another(cast: Cast) -> None:
    before = issue(cast)
    change_password(actor_of(cast.editor), PASSWORD, "another battery of horses", "network")

    assert not is_good(before)
    after = issue(cast)
    assert after != before
    assert is_good(after)


def test_logging_out_everywhere_ends_it(cast: Cast) -> None:
    secret = issue(cast)
    log_out_everywhere(actor_of(cast.editor))

    assert not is_good(secret)


def test_a_closed_account_has_none_and_gets_none(cast: Cast) -> None:
    secret = issue(cast)
    deactivate_user(SYSTEM, cast.editor.pk)

    assert not is_good(secret)
    with nothing_changes(), pytest.raises(Denied):
        issue(cast)
    reactivate_user(SYSTEM, cast.editor.pk)
    assert not is_good(secret)


def test_an_address_has_to_be_verified_where_that_is_asked_for(cast: Cast) -> None:
    with override_settings(BATON_REQUIRE_VERIFIED_EMAIL=True), nothing_changes(), pytest.raises(Denied) as refused:
        issue(cast)
    assert refused.value.code == "email_not_verified"


def test_a_revoked_one_is_never_handed_out_again(cast: Cast) -> None:
    before = issue(cast)
    revoke_dialect_token(actor_of(cast.editor), token_id(cast))

    assert not is_good(before)
    assert Event.objects.filter(verb="dialect.token_revoked", user=cast.editor).count() == 1
    assert issue(cast) != before


def test_nobody_revokes_anothers_and_twice_finds_none(cast: Cast) -> None:
    issue(cast)
    mine = token_id(cast)
    with nothing_changes(), pytest.raises(NotFound):
        revoke_dialect_token(actor_of(cast.owner), mine)
    revoke_dialect_token(actor_of(cast.editor), mine)
    with nothing_changes(), pytest.raises(NotFound):
        revoke_dialect_token(actor_of(cast.editor), mine)


def test_an_administrator_withdraws_it_once(cast: Cast) -> None:
    secret = issue(cast)
    mine = token_id(cast)
    with nothing_changes(), pytest.raises(Denied):
        withdraw_dialect_token(actor_of(cast.owner), mine)
    withdraw_dialect_token(SYSTEM, mine)
    assert not is_good(secret)
    with nothing_changes():
        withdraw_dialect_token(SYSTEM, mine)
    with pytest.raises(NotFound):
        withdraw_dialect_token(SYSTEM, 0)


def test_another_key_of_the_server_gives_another_token_and_the_old_one_goes_on(cast: Cast) -> None:
    before = issue(cast)
    with override_settings(SECRET_KEY="another key, after a move"):
        after = issue(cast)
        assert after != before
        assert is_good(before)
        assert is_good(after)
        assert issue(cast) == after


@pytest.mark.parametrize("text", ["", "x" * 40, "A" * 40, "0" * 39, "0" * 40, "é" * 40])
def test_what_is_no_token_is_nobodys(cast: Cast, text: str) -> None:
    assert not is_good(text)
