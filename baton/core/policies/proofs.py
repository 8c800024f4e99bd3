"""What may be done with the links of letters: each proves that its bearer reads the mail of an address."""

from __future__ import annotations

from datetime import timedelta

from baton.core.models import Invitation, User
from baton.lib.proofs import State, check_proof, make_proof

VERIFICATION_LIFETIME = timedelta(days=3)
RESET_LIFETIME = timedelta(hours=1)
INVITATION_LIFETIME = timedelta(days=7)


def make_verification_proof(user: User) -> str:
    """Return the proof that a user reads the mail of their present address; good until it has been used."""
    return make_proof("verify-email", user.pk, _unverified(user))


def check_verification_proof(user: User, proof: str) -> None:
    """Raise BadProof unless the proof verifies the user's present address."""
    check_proof(proof, "verify-email", _unverified(user), VERIFICATION_LIFETIME)


def make_reset_proof(user: User) -> str:
    """Return the proof by which a user sets a new password; good until the password or the address is another."""
    return make_proof("reset-password", user.pk, _forgotten(user))


def check_reset_proof(user: User, proof: str) -> None:
    """Raise BadProof unless the proof lets its bearer set the user's password."""
    check_proof(proof, "reset-password", _forgotten(user), RESET_LIFETIME)


def make_invitation_proof(invitation: Invitation) -> str:
    """Return the proof that its bearer was invited; good until the invitation ends or is sent once more."""
    return make_proof("invitation", invitation.pk, _open(invitation))


def check_invitation_proof(invitation: Invitation, proof: str) -> None:
    """Raise BadProof unless the proof is the invitation's."""
    check_proof(proof, "invitation", _open(invitation), INVITATION_LIFETIME)


def _unverified(user: User) -> State:
    return (user.email_folded, user.is_verified)


def _forgotten(user: User) -> State:
    return (user.email_folded, user.password, user.token_epoch)


def _open(invitation: Invitation) -> State:
    return (invitation.email_folded, invitation.role, invitation.created_at.timestamp(), invitation.ended_at)
