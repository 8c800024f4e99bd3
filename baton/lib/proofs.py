"""Proofs that travel in letters: signed, running out, and good only while the state they were made for lasts.

Nothing is stored. The state (a password's hash, say) is part of the signing key, so what uses a proof up is the change
it was made for, and none can be made of a copy of the database without the secret key.
"""

from __future__ import annotations

import json
from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner

_LONGEST_ID = 19


class BadProof(ValueError):
    """The proof is forged, used up, or has run out."""


State = tuple[object, ...]


def make_proof(purpose: str, subject: int, state: State) -> str:
    """Return a proof about the row `subject`, good while `state` is the same."""
    return _signer(purpose, state).sign(str(subject))


def subject_of(proof: str) -> int:
    """Return the row that a proof claims to be about, for looking up its state. Raises BadProof."""
    subject, dot, _ = proof.partition(".")
    if not (dot and subject.isascii() and subject.isdigit() and len(subject) < _LONGEST_ID):
        raise BadProof
    return int(subject)


def check_proof(proof: str, purpose: str, state: State, lifetime: timedelta) -> None:
    """Raise BadProof unless the proof was made for this purpose and state, and not longer ago than `lifetime`."""
    try:
        _signer(purpose, state).unsign(proof, max_age=lifetime)
    except (BadSignature, ValueError) as error:
        raise BadProof from error


def _signer(purpose: str, state: State) -> TimestampSigner:
    words = json.dumps([str(part) for part in state])
    return TimestampSigner(sep=".", salt=f"baton.proof.{purpose}:{words}")
