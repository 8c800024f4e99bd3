"""A new password for somebody who has forgotten theirs."""

from __future__ import annotations

from dataclasses import replace

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.account_checks import check_password
from baton.core.commands.all_sessions import end_all_access
from baton.core.commands.checks import refuse
from baton.core.commands.guesses import count_wrong_secret, letters_asked_for, letters_received, try_to_use, use
from baton.core.commands.verification import INVALID_PROOF
from baton.core.errors import Invalid
from baton.core.events.facts.accounts import PasswordReset, PasswordResetRequested
from baton.core.events.record import record
from baton.core.models import User
from baton.core.policies.proofs import check_reset_proof
from baton.core.queries.users import find_by_email
from baton.lib.proofs import BadProof, subject_of
from baton.lib.text import fold


def request_password_reset(actor: Actor, email: str, network: str) -> None:
    """Have a letter sent by which a new password can be set.

    Does the same work and says the same whether or not an account has the address: the letter follows from the event.
    Raises TooMany.
    """
    with transaction.atomic():
        use(letters_asked_for(network))
        if not try_to_use(letters_received("reset", fold(email))):
            return
        user = find_by_email(email)
        record(actor, PasswordResetRequested(), at=timezone.now(), user_id=user.pk if user else None)


def reset_password(actor: Actor, proof: str, new_password: str, network: str) -> User:
    """Take the proof of such a letter, once, and set the password; every session and token of the user ends.

    Who has the letter reads the mail of the address, so it counts as verified. `actor` tells only the way in. Raises
    Invalid, TooMany.
    """
    try:
        seen = _find(proof, lock=False)
        refuse(check_password(new_password, seen, "/new_password"))
        # Hashing is slow on purpose, so it happens before anything is locked.
        hashed = make_password(new_password)
        with transaction.atomic():
            user = _find(proof, lock=True)
            was_verified, user.is_verified = user.is_verified, True
            user.password = hashed
            end_all_access(user)
            user.version += 1
            user.save()
            changes = {} if was_verified else {"is_verified": (False, True)}
            own = replace(actor, user_id=user.pk)
            record(own, PasswordReset(), at=timezone.now(), user_id=user.pk, changes=changes)
            return user
    except BadProof:
        count_wrong_secret(network)
        raise Invalid.field("/token", "invalid", INVALID_PROOF) from None


def _find(proof: str, *, lock: bool) -> User:
    """Return whose password the proof lets its bearer set. Raises BadProof."""
    users = User.objects.select_for_update(no_key=True) if lock else User.objects.all()
    user = users.filter(pk=subject_of(proof), is_active=True).first()
    if user is None:
        raise BadProof
    check_reset_proof(user, proof)
    return user
