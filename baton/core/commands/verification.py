"""Showing that one reads the mail of one's address."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.guesses import count_wrong_secret, letters_asked_for, letters_received, try_to_use, use
from baton.core.errors import Invalid
from baton.core.events.facts.accounts import EmailVerified, VerificationRequested
from baton.core.events.record import record
from baton.core.models import User
from baton.core.policies.proofs import check_verification_proof
from baton.core.queries.users import find_by_email
from baton.lib.proofs import BadProof, subject_of
from baton.lib.text import fold

INVALID_PROOF = "This is not valid, was used before, or has run out."


def request_verification(actor: Actor, email: str, network: str) -> None:
    """Have the letter sent once more that verifies an address.

    Does the same work and says the same whether or not an account has the address: the letter follows from the event.
    Raises TooMany.
    """
    with transaction.atomic():
        use(letters_asked_for(network))
        if not try_to_use(letters_received("verification", fold(email))):
            return
        user = find_by_email(email)
        waiting = user.pk if user is not None and not user.is_verified else None
        record(actor, VerificationRequested(), at=timezone.now(), user_id=waiting)


def verify_email(actor: Actor, proof: str, network: str) -> User:
    """Take the proof of such a letter, once; `actor` tells only the way in. Raises Invalid, TooMany."""
    try:
        with transaction.atomic():
            user = User.objects.select_for_update(no_key=True).filter(pk=subject_of(proof), is_active=True).first()
            if user is None:
                raise BadProof
            check_verification_proof(user, proof)
            mark_verified(actor, user)
            return user
    except BadProof:
        count_wrong_secret(network)
        raise Invalid.field("/token", "invalid", INVALID_PROOF) from None


def mark_verified(actor: Actor, user: User) -> None:
    """Write down that the user's address has been verified. The caller is in a transaction."""
    user.is_verified = True
    user.version += 1
    user.save()
    own = replace(actor, user_id=user.pk)
    record(own, EmailVerified(), at=user.updated_at, user_id=user.pk, changes={"is_verified": (False, True)})
