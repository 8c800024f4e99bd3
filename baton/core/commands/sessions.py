"""Logging in and out, and the life of refresh tokens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.guesses import count_guess, password_guesses, refuse_spent
from baton.core.errors import DeadCredential, Denied, NotFound
from baton.core.events.facts.accounts import SessionEnded, SessionOpened
from baton.core.events.record import record
from baton.core.models import Session, User
from baton.core.policies.accounts import must_verify_email
from baton.core.queries.users import find_by_login
from baton.lib.ids import new_uuid
from baton.lib.text import fold


def check_login(login: str, password: str, network: str) -> User | None:
    """Return the active user who logs in by this username or e-mail address and password, or None.

    Takes as long for somebody there isn't as for a wrong password, and gives as many tries: `network` (`network_of` the
    caller's address) has so many for each account. Raises TooMany, then also for the right password.
    """
    user = find_by_login(login)
    allowances = password_guesses(f"user {user.pk}" if user else f"name {fold(login)}", network)
    refuse_spent(allowances)
    is_right = _is_right(user, password)
    if user is None or not is_right or not user.is_active:
        count_guess(allowances)
        return None
    # Once more: of many guesses at the same time, the right one comes too late behind ten wrong ones.
    refuse_spent(allowances)
    return user


def open_session(
    actor: Actor, user: User, audience: str, lifetime: timedelta, *, user_agent: str = "", address: str | None = None
) -> Session:
    """Open a session for a user who has shown who they are; its first refresh token is `refresh_id`.

    `actor` tells the way in, `audience` which surface's tokens these are, `lifetime` how long an unused one lives.
    Raises Denied where addresses have to be verified and this user's is not.
    """
    require_may_log_in(user)
    with transaction.atomic():
        session = Session.objects.create(
            user=user,
            audience=audience,
            user_agent=user_agent[:200],
            address=address,
            expires_at=timezone.now() + lifetime,
        )
        user.last_login = session.created_at
        user.save(update_fields=["last_login"])
        own = replace(actor, user_id=user.pk)
        record(own, SessionOpened(session=session.pk, audience=audience), at=session.created_at, user_id=user.pk)
        return session


def require_may_log_in(user: User) -> None:
    """Raise Denied where addresses have to be verified and this user's is not."""
    if must_verify_email(user):
        raise Denied("Verify your e-mail address first.", code="email_not_verified")


def rotate_session(actor: Actor, session_id: int, refresh_id: UUID | None, epoch: int, lifetime: timedelta) -> Session:
    """Take a session's newest refresh token and give it the next one.

    An older token was stolen, or its successor was: the session ends. `refresh_id` is None for a dialect whose clients
    use one refresh token again and again, so that none is outdated. Raises DeadCredential.
    """
    with transaction.atomic():
        session = _lock(session_id)
        if session is None or session.user.token_epoch != epoch or not session.user.is_active:
            raise DeadCredential
        is_newest = refresh_id is None or session.refresh_id == refresh_id
        if is_newest:
            session.refresh_id = new_uuid()
            session.used_at = timezone.now()
            session.expires_at = session.used_at + lifetime
            session.save(update_fields=["refresh_id", "used_at", "expires_at"])
        else:
            _end(replace(actor, user_id=session.user_id), session, "reuse")
    if not is_newest:
        # Raised behind the transaction, which has to keep that the session ended.
        raise DeadCredential("This refresh token has been used before, so its session was ended.", code="token_reused")
    return session


def end_session(actor: Actor, session_id: int) -> None:
    """Log the actor out of one of their sessions. Raises NotFound."""
    with transaction.atomic():
        session = _lock(session_id)
        if session is None or session.user_id != actor.user_id:
            raise NotFound
        _end(actor, session, "logout")


def end_all_sessions(user: User) -> None:
    """End every session of a user. The caller is in a transaction and records why."""
    Session.objects.filter(user=user, ended_at=None).update(ended_at=timezone.now())


def _lock(session_id: int) -> Session | None:
    """Return a session that is still open, with its user, locked until the commit."""
    return (
        Session.objects.select_related("user")
        .select_for_update(no_key=True, of=("self",))
        .filter(pk=session_id, ended_at=None, expires_at__gt=timezone.now())
        .first()
    )


def _end(actor: Actor, session: Session, reason: str) -> None:
    session.ended_at = timezone.now()
    session.save(update_fields=["ended_at"])
    record(actor, SessionEnded(session=session.pk, reason=reason), at=session.ended_at, user_id=session.user_id)


def _is_right(user: User | None, password: str) -> bool:
    if user is None:
        # As much work as for somebody there is.
        make_password(password)
        return False
    return check_password(password, user.password, lambda raw: _rehash(user, raw))


def _rehash(user: User, password: str) -> None:
    """Store the password under the present hasher, unless it has just been changed."""
    before = user.password
    user.set_password(password)
    User.objects.filter(pk=user.pk, password=before).update(password=user.password)
