from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from baton.lib.proofs import BadProof, check_proof, make_proof, subject_of

HOUR = timedelta(hours=1)


def is_good(proof: str, purpose: str = "a", state: tuple[object, ...] = ("x", 1)) -> bool:
    try:
        check_proof(proof, purpose, state, HOUR)
    except BadProof:
        return False
    return True


def test_a_proof_is_good_for_its_purpose_and_state() -> None:
    proof = make_proof("a", 7, ("x", 1))
    assert subject_of(proof) == 7
    assert is_good(proof)
    assert not is_good(proof, purpose="b")
    assert not is_good(proof, state=("x", 2))
    assert not is_good(proof, state=("x1",))


def test_it_runs_out() -> None:
    with time_machine.travel("2026-11-21T10:00:00Z", tick=False) as clock:
        proof = make_proof("a", 7, ("x", 1))
        clock.shift(HOUR)
        assert is_good(proof)
        clock.shift(timedelta(seconds=1))
        assert not is_good(proof)


def test_no_part_can_be_changed() -> None:
    subject, stamp, mac = make_proof("a", 7, ("x", 1)).split(".")
    for forged in (
        f"8.{stamp}.{mac}",
        f"{subject}.1zzzzz.{mac}",
        f"{subject}.{stamp}.{mac[:-2]}AA",
        f"{subject}.{mac}",
    ):
        assert not is_good(forged)


@pytest.mark.parametrize("text", ["", ".", "x.y.z", "-1.y.z", "٣.y.z", "7", "9" * 30 + ".y.z", "7\0.y.z"])
def test_what_is_no_proof_has_no_subject(text: str) -> None:
    with pytest.raises(BadProof):
        subject_of(text)
    assert not is_good(text)
