"""A wrong invitation token under an Idempotency-Key: refused and counted, as without one."""

from __future__ import annotations

from baton.core.models import Guess
from tests.caller import Caller
from tests.cast import Cast


def test_a_wrong_token_is_refused_and_counted_under_a_key_too(cast: Cast) -> None:
    before = Guess.objects.count()

    answer = Caller(cast.outsider).post("/api/invitations/accept/", {"token": "made-up"}, idempotency_key="once")

    assert answer.status in {400, 404}
    assert Guess.objects.count() > before
