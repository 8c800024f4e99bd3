from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.lib.text import fold


@pytest.mark.parametrize(
    "one,other",
    [
        ("Olga", "OLGA"),
        ("Ольга", "оЛЬГА"),
        ("Straße", "STRASSE"),
        ("ﬁnance", "FINANCE"),
        ("cafe\u0301", "CAF\u00c9"),
        ("Ａｌｉｃｅ", "alice"),
    ],
)
def test_the_same_to_people_is_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("one,other", [("Olga", "Olgа"), ("ё", "е"), ("a b", "ab"), ("", " ")])
def test_different_letters_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_folding_twice_is_folding_once_where_marks_change_places() -> None:
    assert fold(fold("\u0130\ufe2d")) == fold("\u0130\ufe2d")
