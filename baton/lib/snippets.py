"""The part of a text that shows why it was found, as HTML with `<mark>`."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from baton.lib.words import WORD, words_in

WIDTH = 160
"""About as many characters of the text are shown."""
BEFORE = 40
"""About as many of them stand before the first word that is marked."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A marked part of a text, and how many of the words looked for stand close together in it."""

    html: str
    words: int


@dataclass(frozen=True, slots=True)
class _Hit:
    term: int
    start: int
    end: int


class Marker:
    """Marks the words looked for. `find_term` tells which of them a word is, by its number, or None."""

    def __init__(self, find_term: Callable[[str], int | None]) -> None:
        self._find_term = find_term
        self._known: dict[str, int | None] = {}

    def mark(self, text: str) -> Snippet:
        """Return the part of a text with the most of the words, or its beginning where it has none."""
        text = " ".join(unicodedata.normalize("NFC", text).split())
        hits = self._find_hits(text)
        if not hits:
            return Snippet(_cut(text, [], 0), 0)
        best = max(range(len(hits)), key=lambda index: (_count_terms(hits, index), -index))
        return Snippet(_cut(text, hits, hits[best].start), _count_terms(hits, best))

    def _find_hits(self, text: str) -> list[_Hit]:
        hits = []
        for match in WORD.finditer(text):
            written = match[0]
            if written not in self._known:
                self._known[written] = self._look_up(written)
            if (term := self._known[written]) is not None:
                hits.append(_Hit(term, match.start(), match.end()))
        return hits

    def _look_up(self, written: str) -> int | None:
        # What is written as one may be compared as several words.
        terms = (self._find_term(word) for word in words_in(written))
        return next((term for term in terms if term is not None), None)


def _count_terms(hits: list[_Hit], first: int) -> int:
    """Return how many different words stand in the window that starts with this hit."""
    terms = {hits[first].term}
    for hit in hits[first + 1 :]:
        if hit.end > hits[first].start + WIDTH - BEFORE:
            break
        terms.add(hit.term)
    return len(terms)


def _cut(text: str, hits: list[_Hit], first: int) -> str:
    start, end = _window(text, first)
    parts, place = ["…" if start else ""], start
    for hit in hits:
        if start <= hit.start < end:
            shown = text[hit.start : min(hit.end, end)]
            parts += [escape(text[place : hit.start]), "<mark>", escape(shown), "</mark>"]
            place = hit.start + len(shown)
    return "".join([*parts, escape(text[place:end]), "…" if end < len(text) else ""])


def _window(text: str, first: int) -> tuple[int, int]:
    """Return where to cut around `first`, where a word starts: between words where there are any."""
    start = max(0, first - BEFORE)
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else first
    end = min(len(text), start + WIDTH)
    if end < len(text):
        space = text.rfind(" ", first + 1, end)
        end = space if space >= 0 else end
    return start, end
