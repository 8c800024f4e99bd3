"""Is a credential still good? Asked on its own, or inside a hot read's own SQL."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Q, QuerySet

from baton.core.actor import Actor
from baton.core.errors import DeadCredential
from baton.core.models import Session, User
from baton.lib.compiled import Compiled
from baton.lib.statements import Param


def require_live(actor: Actor) -> None:
    """Raise DeadCredential unless the actor's session is open, of the user's present epoch, and the user active.

    A token that belongs to no session (`session_id` is None) is good as long as the user's epoch lasts.
    """
    if actor.is_live or actor.is_system:
        return
    query = _LIVE if actor.session_id is not None else _LIVE_USER
    if not query.rows((), live_values(actor)):
        raise DeadCredential


def live_session() -> QuerySet[Session]:
    """Return the session of a credential as long as it is good; the parameters are `live_values`."""
    return Session.objects.filter(
        pk=Param("session"),
        ended_at=None,
        user=Param("user"),
        user__is_active=True,
        user__token_epoch=Param("epoch"),
    )


def live_values(actor: Actor) -> dict[str, Any]:
    """Return the parameters of `live_session`."""
    return {"session": actor.session_id, "user": actor.user_id, "epoch": actor.epoch}


def if_live(*, is_live: bool, has_session: bool = True) -> Q:
    """Return the condition for a hot read: empty where the surface has looked already (`Actor.is_live`).

    `has_session` is false for a token that belongs to none.
    """
    if is_live:
        return Q()
    return Q(Exists(live_session() if has_session else _live_users()))


def _live(_: tuple[()]) -> QuerySet[Session, tuple[int]]:
    return live_session().values_list("pk")


def _live_users() -> QuerySet[User]:
    return User.objects.filter(pk=Param("user"), is_active=True, token_epoch=Param("epoch"))


def _live_user(_: tuple[()]) -> QuerySet[User, tuple[int]]:
    return _live_users().values_list("pk")


_LIVE = Compiled(_live)
_LIVE_USER = Compiled(_live_user)
