"""Are the credentials of those who listen still good? Asked for all of them at once, again and again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.contrib.sessions.models import Session as BrowserSession
from django.db.models import Exists, Q, QuerySet
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.events import log
from baton.core.events.log import Cursor
from baton.core.models import ApiToken, Event, Session, User
from baton.lib.compiled import Compiled
from baton.lib.statements import Param, Row


class Kind(Enum):
    """What a credential is made of."""

    SESSION = "session"
    API_TOKEN = "api token"  # noqa: S105  # a kind of credential, not one
    BROWSER = "browser"


@dataclass(frozen=True, slots=True)
class Credential:
    """What somebody listens by, for as long as they do.

    `key` is the id of the `Session` or `ApiToken`, or the key of a browser's session. `stamp` is what it was issued
    with: the user's token epoch, or what Django keeps in a browser's session of password and epoch. `ends_at` is the
    Unix time at which it runs out by itself.
    """

    kind: Kind
    key: int | str
    user_id: int
    stamp: int | str = ""
    ends_at: float | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand for one who comes back: is the credential good, and was the cursor found in the log?"""

    is_live: bool
    is_known: bool


def session_of(actor: Actor, ends_at: float) -> Credential:
    """Return the credential of an access token."""
    assert actor.session_id is not None  # noqa: S101  # an access token always belongs to a session
    return Credential(Kind.SESSION, actor.session_id, actor.person, actor.epoch or 0, ends_at)


def find_live(credentials: Iterable[Credential]) -> set[Credential]:
    """Return those that are good: open, not revoked or run out, of the user's present epoch, the user active.

    One query for each kind, two for browsers' sessions. Whether `ends_at` has passed is not looked at.
    """
    live: set[Credential] = set()
    for kind, find in _FINDERS.items():
        if chosen := [credential for credential in credentials if credential.kind is kind]:
            live |= find(chosen)
    return live


def find_standing(credential: Credential, cursor: Cursor) -> Standing:
    """Return whether the credential is good and the log has this place: in one query, save for a browser's session."""
    place = cursor._asdict()
    if credential.kind is Kind.BROWSER:
        return Standing(bool(find_live([credential])), cursor == log.START or bool(_PLACE.rows((), place)))
    is_session = credential.kind is Kind.SESSION
    compiled = _SESSIONS if is_session else _TOKENS
    rows = compiled.rows(True, {"keys": [credential.key], "now": timezone.now(), **place})
    found = [row for row in rows if not is_session or row[1] == credential.stamp]
    return Standing(bool(found), cursor == log.START or bool(found and found[0][-1]))


def _live_sessions(credentials: list[Credential]) -> set[Credential]:
    rows = _SESSIONS.rows(False, _keys(credentials))
    epochs = {row[0]: row[1] for row in rows}
    return {credential for credential in credentials if epochs.get(credential.key) == credential.stamp}


def _live_tokens(credentials: list[Credential]) -> set[Credential]:
    found = {row[0] for row in _TOKENS.rows(False, _keys(credentials))}
    return {credential for credential in credentials if credential.key in found}


def _live_browsers(credentials: list[Credential]) -> set[Credential]:
    open_keys = {row[0] for row in _BROWSERS.rows((), _keys(credentials))}
    users = _USERS.rows((), {"users": list({credential.user_id for credential in credentials})})
    stamps = {row[0]: _stamp(row) for row in users}
    return {
        credential
        for credential in credentials
        if credential.key in open_keys and stamps.get(credential.user_id) == credential.stamp
    }


def _keys(credentials: list[Credential]) -> dict[str, Any]:
    return {"keys": list({credential.key for credential in credentials}), "now": timezone.now()}


def _stamp(row: Row) -> str:
    return User(pk=row[0], token_epoch=row[1], password=row[2]).get_session_auth_hash()


_FINDERS = {Kind.SESSION: _live_sessions, Kind.API_TOKEN: _live_tokens, Kind.BROWSER: _live_browsers}


def _has_place() -> Exists:
    return Exists(Event.objects.filter(pk=Param("event_id"), transaction=Param("transaction")))


def _sessions(has_place: bool) -> QuerySet[Session, tuple[Any, ...]]:  # noqa: FBT001  # the shape of a query
    found = Session.objects.filter(pk__any_of=Param("keys"), ended_at=None, user__is_active=True)
    return found.values_list("pk", "user__token_epoch", *([_has_place()] if has_place else []))


def _tokens(has_place: bool) -> QuerySet[ApiToken, tuple[Any, ...]]:  # noqa: FBT001  # the shape of a query
    now = Param("now", ApiToken._meta.get_field("expires_at"))
    unexpired = Q(expires_at=None) | Q(expires_at__gt=now)
    found = ApiToken.objects.filter(unexpired, pk__any_of=Param("keys"), revoked_at=None, user__is_active=True)
    return found.values_list("pk", *([_has_place()] if has_place else []))


def _browsers(_: tuple[()]) -> QuerySet[BrowserSession, tuple[str]]:
    now = Param("now", BrowserSession._meta.get_field("expire_date"))
    return BrowserSession.objects.filter(session_key__any_of=Param("keys"), expire_date__gt=now).values_list("pk")


def _users(_: tuple[()]) -> QuerySet[User, tuple[Any, ...]]:
    return User.objects.filter(pk__any_of=Param("users"), is_active=True).values_list("pk", "token_epoch", "password")


def _place(_: tuple[()]) -> QuerySet[Event, tuple[int]]:
    return Event.objects.filter(pk=Param("event_id"), transaction=Param("transaction")).values_list("pk")


_SESSIONS = Compiled(_sessions)
_TOKENS = Compiled(_tokens)
_BROWSERS = Compiled(_browsers)
_USERS = Compiled(_users)
_PLACE = Compiled(_place)
