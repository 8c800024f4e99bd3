"""A search's words as an expression of either database's index.

Both get the same expression in their own notation, over words that Baton made, so both find the same tasks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from baton.core.models import Project
from baton.core.models.search import Place, mark, mark_key
from baton.core.queries.search_words import Term, Words

_TITLE = (Place.TITLE,)
_OWN = (Place.TITLE, Place.DESCRIPTION)
_ANYWHERE = tuple(Place)


@dataclass(frozen=True, slots=True)
class _Notation:
    every: str
    some: str
    but_not: str
    word: str
    beginning: str


_NOTATIONS: Mapping[str, _Notation] = {
    "postgresql": _Notation(" & ", " | ", "{} & !{}", "'{}'", "'{}':*"),
    "sqlite": _Notation(" AND ", " OR ", "{} NOT {}", '"{}"', '"{}"*'),
}


def find_anywhere(words: Words) -> str:
    """Return the expression of all tasks with these words, wherever in them."""
    return _Writer(words).write(words, _ANYWHERE)


def find_term(term: Term) -> str:
    """Return the expression of all tasks with one word."""
    words = Words((term,))
    return _Writer(words).write(words, _ANYWHERE)


class Relevant(NamedTuple):
    """The expressions of the tasks that have a relevance: alone, and together with those that have a higher one.

    On PostgreSQL the first costs half as much again.
    """

    only: str
    at_least: str


def find_by_relevance(words: Words) -> dict[int, Relevant]:
    """Return by relevance, the highest first, how the tasks that have it are found; no task has two.

    3: all words in the title (or the task's key) · 2: the last one begins a word of the title · 1: all in title,
    description and labels · 0: all somewhere. A rank counted from frequencies would differ between the databases.
    """
    writer = _Writer(words)
    widening = {3: writer.write(words.finished(), _TITLE)}
    for relevance, places in ((2, _TITLE), (1, _OWN), (0, _ANYWHERE)):
        widening[relevance] = writer.write(words, places)
    found: dict[int, Relevant] = {}
    narrower = ""
    for relevance, expression in widening.items():
        if expression != narrower:
            found[relevance] = Relevant(writer.without(expression, narrower), expression)
        narrower = expression
    return found


class _Writer:
    def __init__(self, words: Words) -> None:
        self._notation = _NOTATIONS[connection.vendor]
        self._key = _resolve_key(words.key)

    def write(self, words: Words, places: Iterable[Place]) -> str:
        every = self._notation.every.join(self._write_term(term, places) for term in words.terms)
        return f"(({every}){self._notation.some}{self._word(self._key)})" if self._key else f"({every})"

    def without(self, expression: str, narrower: str) -> str:
        return self._notation.but_not.format(expression, narrower) if narrower else expression

    def _write_term(self, term: Term, places: Iterable[Place]) -> str:
        forms = [self._word(mark(place, stem)) for place in places for stem in term.stems]
        if term.beginning is not None:
            forms += [self._notation.beginning.format(mark(place, term.beginning)) for place in places]
        return f"({self._notation.some.join(forms)})"

    def _word(self, marked: str) -> str:
        # Words are letters and digits, so nothing in them can end the quotation.
        return self._notation.word.format(marked)


def _resolve_key(key: tuple[str, int] | None) -> str | None:
    """Return a task's key as entries have it; whether one sees the task is asked elsewhere."""
    if key is None:
        return None
    project_id = Project.objects.filter(key=key[0]).values_list("pk", flat=True).first()
    return None if project_id is None else mark_key(project_id, key[1])
