"""Every template gives a letter: one line of subject, plain text, and HTML in which everything is escaped."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

import baton
from baton.reactions.letters.rendering import LANGUAGES, LONGEST_SUBJECT, cut, one_line, render
from baton.reactions.letters.words import words_of

TEMPLATES = Path(baton.__file__).parent / "templates" / "letters"
NAMES = sorted({path.name.split(".")[0] for path in TEMPLATES.glob("*.*.txt")})


@pytest.mark.parametrize("name", NAMES)
def test_every_letter_is_there_in_every_language(name: str) -> None:
    assert {path.name for path in TEMPLATES.glob(f"{name}.*.txt")} == {f"{name}.{one}.txt" for one in LANGUAGES}


def test_words_are_there_in_every_language() -> None:
    english, russian = words_of("en"), words_of("ru")
    for field in english.__dataclass_fields__:
        one, other = getattr(english, field), getattr(russian, field)
        assert type(one) is type(other)
        if isinstance(one, dict):
            assert list(one) == list(other), field
            assert [("{who}" in text) for text in one.values()] == [("{who}" in text) for text in other.values()]


def test_a_language_that_is_not_spoken_is_english() -> None:
    context = {"name": "anna", "token": "t", "address": "http://x"}
    assert render("verify_email", "tlh", context) == render("verify_email", "en", context)


def test_what_people_write_is_text_everywhere() -> None:
    hostile = '<img src=x onerror=alert(1)> & "quotes" {{ settings }} {% now %}'
    letter = render("verify_email", "en", {"name": hostile, "token": "t", "address": "http://x"})
    assert hostile in letter.text
    assert "<img" not in letter.html
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; " in letter.html
    assert "{{ settings }} {% now %}" in letter.html


def test_styles_stand_in_the_tags_and_nothing_is_fetched() -> None:
    html = render("verify_email", "en", {"name": "anna", "token": "t", "address": "http://x"}).html
    styles: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            names = dict(attributes)
            assert tag not in ("link", "script", "img", "iframe", "object")
            if tag in ("p", "body"):
                styles.append(names.get("style") or "")

    Reader().feed(html)
    assert styles
    assert all(styles)
    assert "@media (prefers-color-scheme: dark)" in html
    assert settings.BATON_BASE_URL.split("//")[1] in html


@pytest.mark.parametrize(
    "text, line",
    [
        ("a\r\nBcc: x@example.org", "a Bcc: x@example.org"),
        ("a\u2028b\x85c\x00d", "a b c d"),
        ("  a   b ", "a b"),
        ("🌱👩‍👩‍👧 растения", "🌱👩‍👩‍👧 растения"),
        ("שלום עולם", "שלום עולם"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("x" * 4000, "x" * (LONGEST_SUBJECT - 1) + "…"),
        ("", ""),
    ],
)
def test_a_line_is_one_line(text: str, line: str) -> None:
    assert one_line(text, LONGEST_SUBJECT) == line


def test_what_fits_is_not_cut() -> None:
    assert cut("four", 4) == "four"
    assert cut("fives", 4) == "fiv…"
