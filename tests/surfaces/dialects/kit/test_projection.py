"""What a dialect shows of a task, and what is meant when it comes back: every cell of the table."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rest_framework import serializers

from baton.core.models import Status
from baton.surfaces.wire.dialects.projection import (
    StatusProjection,
    check_length,
    choose_due,
    leave_as_shown,
    show_date,
)

TABLE = {
    "000": ("n n w w c", {"n": "todo", "w": "in_progress", "c": "done"}),
    "001": (
        "TO_DO TO_DO IN_PROGRESS IN_PROGRESS DONE",
        {"TO_DO": "todo", "IN_PROGRESS": "in_progress", "DONE": "done"},
    ),
    "003": (
        "new planned in_work in_work сompleted",
        {"new": "todo", "planned": "planned", "in_work": "in_progress", "сompleted": "done", "completed": "done"},
    ),
    "004": ("open open open open closed", {"open": "todo", "closed": "done"}),
}
DIALECTS = {
    name: StatusProjection(dict(zip(Status.values, shown.split(), strict=True)), read)
    for name, (shown, read) in TABLE.items()
}
CELLS = [(name, state) for name in DIALECTS for state in Status.values]


@pytest.mark.parametrize("name,state", CELLS)
def test_what_is_shown_changes_nothing_when_it_is_sent_back(name: str, state: str) -> None:
    spoken = DIALECTS[name]

    assert spoken.choose(spoken.show(state), state) == state


@pytest.mark.parametrize("name,state", CELLS)
def test_another_word_means_its_state_and_is_read_back(name: str, state: str) -> None:
    spoken = DIALECTS[name]
    for word, meant in spoken.read.items():
        chosen = spoken.choose(word, state)
        if spoken.show(state) != spoken.show(meant):
            assert chosen == meant
        assert spoken.show(chosen) == spoken.show(meant)
        assert spoken.choose(word) == meant


@pytest.mark.parametrize("name", DIALECTS)
def test_a_filter_finds_all_states_that_look_so(name: str) -> None:
    spoken = DIALECTS[name]
    for word in spoken.words:
        states = spoken.states_shown_as(word)
        assert {spoken.show(state) for state in states} == {spoken.show(spoken.read[word])}
        assert [state for state in Status.values if spoken.show(state) == spoken.show(spoken.read[word])] == list(
            states
        )


def test_either_first_letter_of_completed_means_done() -> None:
    assert DIALECTS["003"].choose("completed", "done") == DIALECTS["003"].choose("сompleted", "todo") == "done"
    assert DIALECTS["003"].states_shown_as("completed") == ("done",)


def test_closing_and_opening_again_gives_todo() -> None:
    assert DIALECTS["004"].choose("closed", "review") == "done"
    assert DIALECTS["004"].choose("open", "done") == "todo"


def test_an_unknown_word_is_refused() -> None:
    with pytest.raises(KeyError):
        DIALECTS["000"].choose("z", "todo")


@pytest.mark.parametrize(
    "shown,read",
    [({"todo": "n"}, {"n": "todo"}), (dict.fromkeys(Status.values, "n"), {"n": "someday"}), (TABLE["000"][1], {})],
)
def test_a_projection_with_holes_is_refused(shown: dict[str, str], read: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="projection"):
        StatusProjection(shown, read)


def test_a_long_text_may_be_sent_back_and_no_other() -> None:
    long = "x" * 180
    assert check_length("/title", long, 50, present=long) == []
    assert check_length("/title", "x" * 50, 50) == []
    assert [error.code for error in check_length("/title", long, 50, present="y" * 180)] == ["max_length"]
    assert [error.pointer for error in check_length("/title", long, 50)] == ["/title"]


def test_the_shown_day_keeps_the_time_of_day() -> None:
    due = datetime(2030, 5, 17, 15, 45, tzinfo=UTC)
    assert show_date(due) == date(2030, 5, 17)
    assert choose_due(date(2030, 5, 17), due) == due
    assert choose_due(date(2030, 5, 18), due) == datetime(2030, 5, 18, tzinfo=UTC)
    assert choose_due(date(2030, 5, 17)) == datetime(2030, 5, 17, tzinfo=UTC)
    assert choose_due(None, due) is None
    assert show_date(None) is None


def test_a_day_is_one_of_the_zone_that_it_is_shown_in() -> None:
    lagos = ZoneInfo("Africa/Lagos")
    late = datetime(2030, 5, 17, 23, 30, tzinfo=UTC)
    assert show_date(late, lagos) == date(2030, 5, 18)
    assert choose_due(date(2030, 5, 18), late, lagos) == late
    assert choose_due(date(2030, 5, 19), late, lagos) == datetime(2030, 5, 18, 23, tzinfo=UTC)


class Form(serializers.Serializer[Any]):
    """One field, which takes nothing."""

    field = serializers.ChoiceField(())


@pytest.mark.parametrize(
    "sent,shown",
    [
        (7, 7), ("7", 7), ({"id": 7, "username": "olga"}, 7), ("", None), (None, None), ("olga", "olga"),
        ([{"id": 7}, "8"], [7, 8]), ([], []),
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_sent_as_it_is_shown_is_no_change(sent: object, shown: object) -> None:
    form = Form(data={"field": sent})
    leave_as_shown(form, {"field": sent}, {"field": shown, "other": 1})
    assert form.is_valid()


@pytest.mark.parametrize(
    "sent,shown",
    [
        (8, 7), (True, 1), ({"id": "olga"}, "olga"), ({"id": 8}, 7), ({}, None), ("", 7), (None, 7), ("x", None),
        ([7], [7, 8]), ([8, 7], [7, 8]),
    ],
    ids=repr,
)  # fmt: skip
def test_whatever_else_is_sent_has_to_be_good(sent: object, shown: object) -> None:
    form = Form(data={"field": sent})
    leave_as_shown(form, {"field": sent}, {"field": shown})
    leave_as_shown(form, [sent], {"field": sent})
    leave_as_shown(form, {"other": sent}, {"field": sent})
    assert not form.is_valid()
