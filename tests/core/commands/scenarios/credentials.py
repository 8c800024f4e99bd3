"""Sessions and tokens."""

from __future__ import annotations

from datetime import timedelta

from baton.core.actor import Actor
from baton.core.commands import all_sessions, api_tokens, dialect_tokens, sessions
from baton.core.errors import DeadCredential
from baton.core.models import DialectToken, Session, Task, User
from baton.lib.ids import new_uuid
from tests.cast import Cast
from tests.core.commands.scenarios.full_task import Scenario
from tests.factories import NOBODY, actor_of

MONTH = timedelta(days=30)


def login(user: User) -> Session:
    return sessions.open_session(NOBODY, user, "native", MONTH)


def _reuse(cast: Cast, task: Task) -> None:
    session = login(cast.editor)
    try:
        sessions.rotate_session(NOBODY, session.pk, new_uuid(), cast.editor.token_epoch, MONTH)
    except DeadCredential:
        return
    raise AssertionError("an outdated refresh token was taken")


def _log_out(cast: Cast, task: Task) -> None:
    sessions.end_session(Actor(cast.editor.pk), login(cast.editor).pk)


def _token(cast: Cast) -> int:
    return api_tokens.create_api_token(actor_of(cast.editor), {"name": "Robot", "scopes": ["read"]})[0].pk


def lasting_token(cast: Cast) -> int:
    dialect_tokens.issue_dialect_token(NOBODY, cast.editor, "tasktable")
    return DialectToken.objects.get(user=cast.editor).pk


SCENARIOS: dict[str, list[Scenario]] = {
    "all_sessions.log_out_everywhere": [lambda cast, _task: all_sessions.log_out_everywhere(actor_of(cast.editor))],
    "api_tokens.create_api_token": [lambda cast, _task: _token(cast)],
    "api_tokens.revoke_api_token": [
        lambda cast, _task: api_tokens.revoke_api_token(actor_of(cast.editor), _token(cast))
    ],
    "sessions.open_session": [lambda cast, _task: login(cast.editor)],
    "sessions.rotate_session": [_reuse],
    "sessions.end_session": [_log_out],
    "dialect_tokens.issue_dialect_token": [lambda cast, _task: lasting_token(cast)],
    "dialect_tokens.revoke_dialect_token": [
        lambda cast, _task: dialect_tokens.revoke_dialect_token(actor_of(cast.editor), lasting_token(cast))
    ],
}
