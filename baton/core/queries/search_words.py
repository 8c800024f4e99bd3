"""What somebody looks for: the words of a query."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from baton.lib.words import stem, words_of

MOST_WORDS = 20
SHORTEST_BEGINNING = 2
"""As many letters of the last word are needed for it to be taken for the beginning of one."""

_KEY = re.compile(r"\s*([A-Za-z][A-Za-z0-9]*)-([1-9][0-9]{0,8})\s*", re.ASCII)


class NothingToFind(ValueError):
    """The text holds no words, or more than MOST_WORDS."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class Term:
    """One word that must be there, in any form; `beginning` where it may be unfinished.

    `stems` are several where the word was misspelt and may have been any of them.
    """

    stems: tuple[str, ...]
    beginning: str | None = None

    def fits(self, word: str) -> bool:
        """Is this a word that the term looks for?"""
        return stem(word) in self.stems or (self.beginning is not None and word.startswith(self.beginning))


@dataclass(frozen=True, slots=True)
class Words:
    """What must be in a task for it to be found: each of the terms. Or else it is the task with this key.

    `key` is a project's key and a number.
    """

    terms: tuple[Term, ...]
    key: tuple[str, int] | None = None

    def find_term(self, word: str) -> int | None:
        """Return the number of the term that a word of a text fits, None where it fits none."""
        return next((number for number, term in enumerate(self.terms) if term.fits(word)), None)

    def finished(self) -> Words:
        """Return the same without taking the last word for a beginning."""
        return replace(self, terms=tuple(replace(term, beginning=None) for term in self.terms))


def read_words(text: str) -> Words:
    """Return what `text` looks for. Raises NothingToFind where it holds no words or too many."""
    found = words_of(text)
    if not found:
        raise NothingToFind("no_words", "There is no word to look for.")
    if len(found) > MOST_WORDS:
        raise NothingToFind("too_many_words", f"At most {MOST_WORDS} words.")
    last = found[-1]
    terms = [Term((stem(word),)) for word in found[:-1]]
    terms.append(Term((stem(last),), last if len(last) >= SHORTEST_BEGINNING else None))
    key = _KEY.fullmatch(text)
    return Words(tuple(dict.fromkeys(terms)), (key[1].upper(), int(key[2])) if key else None)
