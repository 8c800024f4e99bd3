from __future__ import annotations

import pytest

from baton.lib.spelling import MOST, allowed_mistakes, count_mistakes, near_words, trigrams


@pytest.mark.parametrize(
    "word, meant, mistakes",
    [
        ("invoice", "invoice", 0),
        ("invoce", "invoice", 1),
        ("invooice", "invoice", 1),
        ("invoise", "invoice", 1),
        ("invioce", "invoice", 1),
        ("ab", "ba", 1),
        ("договро", "договор", 1),
        ("abcd", "badc", 2),
        ("", "abc", 3),
        ("abc", "xyz", 3),
    ],
)
def test_counts_mistakes(word: str, meant: str, mistakes: int) -> None:
    assert count_mistakes(word, meant) == count_mistakes(meant, word) == mistakes


def test_allows_more_mistakes_in_longer_words() -> None:
    assert [allowed_mistakes(word) for word in ("abc", "abcd", "abcdefg", "abcdefgh", "abcd1")] == [0, 1, 1, 2, 0]


def test_the_nearest_come_first_and_the_word_itself_not_at_all() -> None:
    assert near_words("document", ["documant", "documents", "dacumant", "document", "monument"]) == [
        "documant",
        "documents",
        "dacumant",
        "monument",
    ]
    assert near_words("docu", ["document", "dacu"]) == ["dacu"]
    assert near_words("abc", ["abd"]) == []


def test_a_flood_of_near_words_is_cut() -> None:
    assert len(near_words("abcdefgh", [f"abcdefg{chr(0x61 + n)}{chr(0x61 + n)}" for n in range(26)])) == MOST


def test_trigrams_mark_the_ends() -> None:
    assert trigrams("abc") == {"  a", " ab", "abc", "bc "}
