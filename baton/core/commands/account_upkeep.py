"""What administrators do with the accounts of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.access import require
from baton.core.commands.account_checks import check_password, check_profile
from baton.core.commands.all_sessions import end_all_access
from baton.core.commands.checks import refuse
from baton.core.commands.dialect_tokens import end_dialect_token
from baton.core.commands.names import ProfileFields, with_whole_name
from baton.core.commands.projects import create_project
from baton.core.errors import Conflict, FieldError, Invalid, NotFound
from baton.core.events.fact import Fact
from baton.core.events.facts.accounts import (
    PasswordSet,
    ProfileChanged,
    RightsChanged,
    SessionEnded,
    TokenWithdrawn,
    UserDeactivated,
    UserReactivated,
    UserRegistered,
)
from baton.core.events.record import record
from baton.core.models import ApiToken, DialectToken, Project, Session, User
from baton.core.policies.accounts import can_give_rights, can_manage_account


class Rights(TypedDict, total=False):
    """What an account may do in the admin; what is absent stays as it is. `groups` are ids."""

    is_staff: bool
    is_superuser: bool
    groups: list[int]


def deactivate_user(actor: Actor, user_id: int) -> User:
    """Close the account and end every session and API token of its user; what they made stays. Twice changes nothing.

    Raises NotFound, Denied, and Conflict for the actor's own account.
    """
    with transaction.atomic():
        user = _lock(actor, user_id)
        if actor.user_id == user.pk:
            raise Conflict("Nobody deactivates themselves.", code="own_account")
        if not user.is_active:
            return user
        user.is_active = False
        end_all_access(user)
        return _save(actor, user, UserDeactivated())


def reactivate_user(actor: Actor, user_id: int) -> User:
    """Open a deactivated account again; its user has to log in anew. Raises NotFound, Denied."""
    with transaction.atomic():
        user = _lock(actor, user_id)
        if user.is_active:
            return user
        user.is_active = True
        return _save(actor, user, UserReactivated())


def edit_account(actor: Actor, user_id: int, fields: ProfileFields) -> User:
    """Change somebody's particulars; a new e-mail address has to be verified again.

    Raises NotFound, Denied, Invalid.
    """
    try:
        with transaction.atomic():
            user = _lock(actor, user_id)
            fields = with_whole_name(fields, user)
            refuse(check_profile(fields, user))
            given: Mapping[str, Any] = fields
            changes = {name: (getattr(user, name), new) for name, new in given.items() if getattr(user, name) != new}
            if "email" in changes and user.is_verified:
                changes["is_verified"] = (True, False)
            if not changes:
                return user
            for name, (_, new) in changes.items():
                setattr(user, name, new)
            return _save(actor, user, ProfileChanged(), changes)
    except IntegrityError as race:
        # Somebody took the name or the address between our look and our write.
        error = FieldError("/username", "taken", "This name or address has just been taken.")
        raise Invalid(errors=check_profile(fields, User(pk=user_id)) or [error]) from race


def change_rights(actor: Actor, user_id: int, rights: Rights) -> User:
    """Say what an account may do in the admin. Raises NotFound, Denied, Invalid, and Conflict for one's own account."""
    with transaction.atomic():
        user = _lock(actor, user_id)
        changes = _differences(user, rights)
        if not changes:
            return user
        require(can_give_rights(actor), "Only a superuser may change what others may do in the admin.")
        if actor.user_id == user.pk and changes.keys() & {"is_staff", "is_superuser"}:
            raise Conflict("Nobody takes their own rights away.", code="own_account")
        if "groups" in rights:
            user.groups.set(rights["groups"])
        for name in changes.keys() - {"groups"}:
            setattr(user, name, changes[name][1])
        return _save(actor, user, RightsChanged(), changes)


def set_password(actor: Actor, user_id: int, password: str | None) -> User:
    """Give an account another password, or none (None), which ends every session and token of its user.

    Raises NotFound, Denied, and Invalid for a weak password.
    """
    # Hashing is slow on purpose, so it happens before anything is locked.
    hashed = make_password(password)
    with transaction.atomic():
        user = _lock(actor, user_id)
        refuse([] if password is None else check_password(password, user, "/password"))
        user.password = hashed
        end_all_access(user)
        return _save(actor, user, PasswordSet())


def ensure_inbox(actor: Actor, user_id: int) -> Project:
    """Return the user's inbox.

    An account that was made past `register_user` (`createsuperuser`) gets it now, and its history begins. Raises
    NotFound.
    """
    with transaction.atomic():
        # The lock makes two at once end with one inbox.
        user = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
        if user is None:
            raise NotFound
        if inbox := Project.objects.filter(owner=user, is_inbox=True).first():
            return inbox
        own = Actor(user.pk, surface=actor.surface, request_id=actor.request_id)
        record(own, UserRegistered(username=user.username), at=user.created_at, user_id=user.pk)
        return create_project(own, {"name": "Inbox"}, is_inbox=True)


def end_session_of(actor: Actor, session_id: int) -> None:
    """Log somebody out of one of their sessions; an ended one stays as it is. Raises NotFound, Denied."""
    with transaction.atomic():
        session = Session.objects.select_for_update(no_key=True).filter(pk=session_id).first()
        if session is None:
            raise NotFound
        _lock(actor, session.user_id)
        if session.ended_at is not None:
            return
        session.ended_at = timezone.now()
        session.save(update_fields=["ended_at"])
        fact = SessionEnded(session=session.pk, reason="admin")
        record(actor, fact, at=session.ended_at, user_id=session.user_id)


def withdraw_token(actor: Actor, token_id: int) -> None:
    """Revoke somebody's API token; a revoked one stays as it is. Raises NotFound, Denied."""
    with transaction.atomic():
        token = ApiToken.objects.select_for_update(no_key=True).filter(pk=token_id).first()
        if token is None:
            raise NotFound
        _lock(actor, token.user_id)
        if token.revoked_at is not None:
            return
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(actor, TokenWithdrawn(token=token.pk, name=token.name), at=token.revoked_at, user_id=token.user_id)


def withdraw_dialect_token(actor: Actor, token_id: int) -> None:
    """Revoke somebody's token of a dialect; a revoked one stays as it is. Raises NotFound, Denied."""
    with transaction.atomic():
        token = DialectToken.objects.select_for_update(no_key=True).filter(pk=token_id).first()
        if token is None:
            raise NotFound
        _lock(actor, token.user_id)
        if token.revoked_at is None:
            end_dialect_token(actor, token)


def _lock(actor: Actor, user_id: int) -> User:
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    if user is None:
        raise NotFound
    require(can_manage_account(actor, user), "Only staff manage accounts, and a superuser's only superusers.")
    return user


def _differences(user: User, rights: Rights) -> dict[str, tuple[Any, Any]]:
    changes: dict[str, tuple[Any, Any]] = {}
    if "is_staff" in rights and rights["is_staff"] != user.is_staff:
        changes["is_staff"] = (user.is_staff, rights["is_staff"])
    if "is_superuser" in rights and rights["is_superuser"] != user.is_superuser:
        changes["is_superuser"] = (user.is_superuser, rights["is_superuser"])
    if "groups" in rights:
        before = list(user.groups.order_by("name").values_list("name", flat=True))
        found = Group.objects.filter(pk__in=rights["groups"]).order_by("name")
        if len(found) != len(set(rights["groups"])):
            raise Invalid.field("/groups", "not_found", "There is no such group.")
        after = [group.name for group in found]
        if before != after:
            changes["groups"] = (before, after)
    return changes


def _save(actor: Actor, user: User, fact: Fact, changes: Mapping[str, tuple[Any, Any]] | None = None) -> User:
    user.version += 1
    user.save()
    record(actor, fact, at=user.updated_at, user_id=user.pk, changes=changes)
    return user
