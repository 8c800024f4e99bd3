from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from baton.lib.words import LONGEST, stem, words_of


@pytest.mark.parametrize(
    "text, words",
    [
        ("Fix the log-in, please!", ["fix", "the", "log", "in", "please"]),
        ("snake_case a.b@c.de", ["snake", "case", "a", "b", "c", "de"]),
        ("Ещё Ёлка ЁЖ", ["еще", "елка", "еж"]),
        ("Е\u0308лка й и\u0306", ["елка", "й", "й"]),
        ("STRASSE Straße ﬁle ２５", ["strasse", "strasse", "file", "25"]),
        ("naïve Ünïcode", ["naïve", "ünïcode"]),
        ("日本語 👍 ___ --", ["日本語"]),
        ("", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_long_word_is_cut() -> None:
    assert words_of("ab" * 100) == [("ab" * 100)[:LONGEST]]


@pytest.mark.parametrize(
    "forms",
    [
        ("invoice", "invoices", "invoiced"),
        ("plan", "plans", "planning", "planned"),
        ("отчет", "отчета", "отчетов", "отчетами"),
        ("договор", "договоры", "договором"),
    ],
)
def test_forms_of_a_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize("word", ["7", "ops7", "naïve", "日本語", "x"])
def test_what_is_of_no_language_is_its_own_stem(word: str) -> None:
    assert stem(word) == word


def test_stems_are_the_same_in_many_threads() -> None:
    words = [f"{root}{ending}" for root in ("отчет", "invoice") for ending in ("ами", "s", "ing", "ов")] * 500
    stem.cache_clear()
    alone = [stem.__wrapped__(word) for word in words]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(stem.__wrapped__, words)) == alone
