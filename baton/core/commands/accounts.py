"""Opening an account and changing one's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.access import check_version, require
from baton.core.commands.account_checks import check_password, check_profile
from baton.core.commands.checks import refuse
from baton.core.commands.guesses import count_guess, password_guesses, refuse_spent
from baton.core.commands.names import ProfileFields, with_whole_name
from baton.core.commands.projects import create_project
from baton.core.commands.sessions import end_all_sessions
from baton.core.commands.verification import INVALID_PROOF, mark_verified
from baton.core.errors import Conflict, DeadCredential, Denied, FieldError, Invalid
from baton.core.events.facts.accounts import PasswordChanged, ProfileChanged, UserRegistered
from baton.core.events.record import record
from baton.core.models import User
from baton.core.policies.accounts import can_register, may_be_lenient, must_verify_email
from baton.core.policies.credentials import reaches_account
from baton.core.queries.invitations import find_open_invitation
from baton.lib.proofs import BadProof
from baton.lib.text import fold

_ONE_PROJECT = "This token is for one project."
WRONG_PASSWORD = FieldError("/old_password", "wrong", "This is not your present password.")


def register_user(
    actor: Actor,
    password: str | None,
    fields: ProfileFields,
    *,
    lenient_password: bool = False,
    any_username: bool = False,
    by_operator: bool = False,
    invitation: str | None = None,
    found: Iterable[FieldError] = (),
) -> User:
    """Open an account with its inbox, and return it. Without a password (None) nobody logs in to it yet.

    `actor` tells only the way in; the account itself is who acts. `lenient_password` skips the rules for passwords
    (dialects whose contract has none), unless the operator wants them everywhere; `any_username` takes any printable
    line for a name, as some dialects do; `by_operator` is for whoever runs the server, who may also where registration
    is not open. `invitation` is the proof from an invitation's letter, which verifies the address too. `found` is what
    the surface itself found bad. Raises Denied, and Invalid with all bad fields, a taken name or address among them.
    """
    is_invited = invitation is not None and _is_invited(invitation, fields)
    require_registration(by_operator=by_operator, is_invited=is_invited)
    fields = with_whole_name(fields)
    user = User(**fields)
    errors = [*found, *check_profile({"username": "", **fields}, user, any_username=any_username)]
    if must_verify_email(user) and not (user.email or by_operator):
        errors.append(FieldError("/email", "required", "Nobody logs in here without a verified address."))
    is_lenient = lenient_password and may_be_lenient()
    if password is not None:
        errors += check_password(password, user, "/password", is_lenient=is_lenient)
    refuse(errors)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
            own = replace(actor, user_id=user.pk)
            record(own, UserRegistered(username=user.username), at=user.created_at, user_id=user.pk)
            create_project(own, {"name": "Inbox"}, is_inbox=True)
            if is_invited:
                mark_verified(own, user)
    except IntegrityError as race:
        raise _just_taken(fields, user) from race
    return user


def change_profile(
    actor: Actor,
    fields: ProfileFields,
    *,
    expected_version: int | None = None,
    found: Iterable[FieldError] = (),
) -> User:
    """Change the actor's own particulars; a new e-mail address has to be verified again.

    `found` is what is known to be bad already. Raises Stale, Invalid.
    """
    try:
        with transaction.atomic():
            user = lock_own_account(actor)
            check_version(user, expected_version)
            fields = with_whole_name(fields, user)
            refuse([*found, *check_profile(fields, user)])
            changes = {field: (getattr(user, field), new) for field, new in fields.items()}
            changes = {field: change for field, change in changes.items() if change[0] != change[1]}
            if not changes:
                return user
            if "email" in changes and user.is_verified:
                changes["is_verified"] = (True, False)
            for field, (_, new) in changes.items():
                setattr(user, field, new)
            user.version += 1
            user.save()
            record(actor, ProfileChanged(), at=user.updated_at, user_id=user.pk, changes=changes)
            return user
    except IntegrityError as race:
        raise _just_taken(fields, User(pk=actor.person)) from race


def change_password(
    actor: Actor, old_password: str, new_password: str, network: str, *, lenient_password: bool = False
) -> User:
    """Set a new password, which ends every session of the user; API tokens stay, each can be revoked by itself.

    `network` has so many tries for the old one, as for logging in; `lenient_password` as in `register_user`. Raises
    Invalid, DeadCredential, TooMany, and Conflict where the password was changed elsewhere at the same time.
    """
    require(reaches_account(actor), _ONE_PROJECT)
    # Hashing is slow on purpose, so it happens before anything is locked.
    seen = User.objects.filter(pk=actor.person, is_active=True).first()
    if seen is None:
        raise DeadCredential
    is_right = _is_own_password(seen, old_password, network)
    errors = [] if is_right else [WRONG_PASSWORD]
    is_lenient = lenient_password and may_be_lenient()
    refuse([*errors, *check_password(new_password, seen, "/new_password", is_lenient=is_lenient)])
    hashed = make_password(new_password)
    with transaction.atomic():
        user = lock_own_account(actor)
        if user.password != seen.password:
            raise Conflict("The password has just been changed elsewhere.")
        user.password = hashed
        user.token_epoch += 1
        user.version += 1
        user.save()
        end_all_sessions(user)
        record(actor, PasswordChanged(), at=timezone.now(), user_id=user.pk)
        return user


def require_registration(*, by_operator: bool, is_invited: bool) -> None:
    """Raise Denied unless an account may be opened."""
    if not by_operator and not can_register(is_invited=is_invited):
        raise Denied("Accounts are opened by invitation or by whoever runs this server.", code="registration_closed")


def lock_own_account(actor: Actor) -> User:
    """Return the actor's account, locked until the commit.

    Raises DeadCredential where it is gone, Denied for a token that does not open it.
    """
    require(reaches_account(actor), _ONE_PROJECT)
    user = User.objects.select_for_update(no_key=True).filter(pk=actor.person, is_active=True).first()
    if user is None:
        raise DeadCredential
    return user


def _is_invited(invitation: str, fields: ProfileFields) -> bool:
    """Was the letter with this proof sent to the address? Raises Invalid for one that is not good."""
    try:
        return find_open_invitation(invitation).email_folded == fold(fields.get("email") or "")
    except BadProof:
        raise Invalid.field("/invitation", "invalid", INVALID_PROOF) from None


def _is_own_password(user: User, password: str, network: str) -> bool:
    allowances = password_guesses(f"user {user.pk}", network)
    refuse_spent(allowances)
    if not user.check_password(password):
        count_guess(allowances)
        return False
    refuse_spent(allowances)
    return True


def _just_taken(fields: ProfileFields, user: User) -> Invalid:
    """Return the refusal where somebody took the name or the address between our look and our write."""
    errors = check_profile(fields, user)
    return Invalid(errors=errors or [FieldError("/username", "taken", "This name or address has just been taken.")])
