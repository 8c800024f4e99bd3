from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.lib import rank

Steps = list[tuple[bool, float, float]]
# Either a new task comes in at the end, or a task goes from one place to another.
steps = st.lists(st.tuples(st.booleans(), st.floats(0, 1), st.floats(0, 1)), max_size=60)


def carry_out(steps: Steps) -> tuple[list[int], dict[int, str]]:
    """Return the tasks in the order that people gave them, and the rank of each."""
    order: list[int] = []
    ranks: dict[int, str] = {}
    for is_new, taken, put in steps:
        if is_new or not order:
            number = len(ranks) + 1
            order.append(number)
            ranks[number] = rank.initial(number)
            continue
        moved = order.pop(min(int(taken * len(order)), len(order) - 1))
        place = min(int(put * (len(order) + 1)), len(order))
        before = ranks[order[place - 1]] if place > 0 else None
        after = ranks[order[place]] if place < len(order) else None
        ranks[moved] = rank.between(before, after)
        order.insert(place, moved)
    return order, ranks


@given(steps)
def test_ranks_sort_as_people_ordered(steps: Steps) -> None:
    order, ranks = carry_out(steps)
    assert sorted(ranks, key=ranks.__getitem__) == order
    assert len(set(ranks.values())) == len(ranks)


@given(steps)
def test_a_new_task_comes_last_whatever_was_moved_before(steps: Steps) -> None:
    _, ranks = carry_out(steps)
    assert all(other < rank.initial(len(ranks) + 1) for other in ranks.values())


@given(st.integers(1, 36**8 - 2))
def test_initial_ranks_follow_the_numbers(number: int) -> None:
    assert rank.initial(number) < rank.initial(number + 1)
    assert len(rank.initial(number)) == 8


@pytest.mark.parametrize("number", [0, -1, 36**8])
def test_there_is_no_rank_beyond_the_numbers(number: int) -> None:
    with pytest.raises(ValueError, match="no rank"):
        rank.initial(number)


@given(st.integers(1, 36**8 - 1), st.integers(1, 36**8 - 1))
def test_neighbours_in_the_wrong_order_are_refused(one: int, other: int) -> None:
    low, high = sorted((rank.initial(one), rank.initial(other)))
    with pytest.raises(ValueError, match="does not sort before"):
        rank.between(high, low)


@pytest.mark.parametrize("towards_the_end", [True, False])
def test_a_gap_takes_hundreds_of_moves(towards_the_end: bool) -> None:
    low, high = rank.initial(1), rank.initial(2)
    for _ in range(900):
        middle = rank.between(low, high)
        assert low < middle < high
        assert len(middle) <= rank.MAX_LENGTH
        low, high = (middle, high) if towards_the_end else (low, middle)


def test_a_list_takes_hundreds_of_moves_to_its_end() -> None:
    last = rank.initial(7)
    for _ in range(900):
        moved = rank.between(last, None)
        assert last < moved < rank.initial(8)
        assert len(moved) <= rank.MAX_LENGTH
        last = moved


def test_a_moved_rank_is_never_an_initial_one() -> None:
    for before, after in (
        (None, None),
        (None, rank.initial(1)),
        (rank.initial(1), rank.initial(72)),
        (rank.initial(36), None),
    ):
        assert len(rank.between(before, after)) > len(rank.initial(1))
