"""The words of a text, as a search compares them: folded, the Cyrillic io as ie, by their stem in English or Russian.

Stems are made here and not in the database, so that both databases find the same.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache

import Stemmer

from baton.lib.text import fold

LONGEST = 64
"""Characters of a word that count; what is longer is cut, wherever it stands."""

IO, IE = "\u0451", "\u0435"
"""The Cyrillic letters io and ie, which people write for each other."""

WORD = re.compile(r"[^\W_]+")

_ENGLISH = re.compile(r"[a-z]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
# A stemmer keeps the word it works on inside itself.
_stemmers = threading.local()


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order, in the form in which they are compared."""
    return [word[:LONGEST] for word in WORD.findall(fold(text).replace(IO, IE))]


@lru_cache(maxsize=20_000)
def words_in(written: str) -> tuple[str, ...]:
    """Return what a run of letters and digits is compared as: mostly one word."""
    return tuple(words_of(written))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return what the forms of a word have in common; a word of another language is its own stem."""
    if _ENGLISH.fullmatch(word):
        language = "english"
    elif _CYRILLIC.search(word):
        language = "russian"
    else:
        return word
    stemmed: str = _stemmer(language).stemWord(word)
    return stemmed


def _stemmer(language: str) -> Stemmer.Stemmer:
    found: Stemmer.Stemmer | None = getattr(_stemmers, language, None)
    if found is None:
        found = Stemmer.Stemmer(language, 0)  # without a cache of its own
        setattr(_stemmers, language, found)
    return found
