from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.lib import rank


@given(st.integers(0, 36**8 - 2), st.integers(1, 10**6), st.integers(1, 200), st.booleans())
def test_they_sort_between_the_two_and_leave_room(low: int, distance: int, count: int, again: bool) -> None:
    before = rank.initial(low) if low else None
    after = rank.initial(min(low + distance, 36**8 - 1))
    taken = rank.spread(before, after, count) if again else []
    ranks = rank.spread(before, after, count, taken)
    assert ranks == sorted(set(ranks))
    assert (before or "") < ranks[0]
    assert ranks[-1] < after
    assert set(ranks).isdisjoint(taken)
    assert all(8 < len(one) <= 8 + 4 for one in ranks)
    bounds = [before, *ranks, after]
    for left, right in pairwise(bounds):
        assert (left or "") < rank.between(left, right) < (right or "")


def test_between_two_that_are_close_they_are_as_long_as_needed() -> None:
    low = rank.between(rank.initial(1), rank.initial(2))
    for _ in range(200):
        low = rank.between(low, rank.initial(2))
    ranks = rank.spread(low, rank.initial(2), 100)
    assert low < ranks[0] < ranks[-1] < rank.initial(2)
    assert len(ranks[0]) <= len(low) + 3


def test_the_wrong_order_is_refused() -> None:
    with pytest.raises(ValueError, match="does not sort before"):
        rank.spread(rank.initial(2), rank.initial(2), 1)
