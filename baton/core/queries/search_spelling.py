"""What a misspelt word may have been meant to be.

Only a word that stands in no task one sees counts as misspelt, and whatever it is taken for is looked for with the same
eyes: so an answer tells nothing about words in tasks one doesn't see.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Count, Exists, QuerySet

from baton.core.actor import Actor
from baton.core.models import SearchTrigram, User
from baton.core.policies.visibility import tasks_seen_by, viewer_values
from baton.core.queries.search_expressions import find_term
from baton.core.queries.search_lookups import fits
from baton.core.queries.search_words import Term, Words
from baton.lib.compiled import Compiled
from baton.lib.spelling import allowed_mistakes, near_words, trigrams
from baton.lib.statements import Param

MOST_CORRECTED = 5
"""Whoever misspells more of their words than this finds nothing."""
_DESTROYED = 4
"""So many trigrams at most does a mistake destroy: two letters swapped stand in four."""
_SHARED = 2
"""So many must be left in any case; else half of all words would have to be compared."""


def correct(actor: Actor, words: Words) -> Words | None:
    """Return the words with each misspelt one replaced by all that it may have been meant to be.

    None where no word is misspelt, or where one can't be understood.
    """
    if actor.user_id is None:
        return None
    unknown = _unknown_terms(actor, words)
    if not 0 < len(unknown) <= MOST_CORRECTED:
        return None
    meant = {term: _find_near(term.stems[0]) for term in unknown}
    if not all(meant.values()):
        return None
    return replace(words, terms=tuple(Term(meant[term]) if term in meant else term for term in words.terms))


def _unknown_terms(actor: Actor, words: Words) -> list[Term]:
    values: dict[str, Any] = {f"word_{index}": find_term(term) for index, term in enumerate(words.terms)}
    rows = _KNOWN.rows(len(words.terms), {**values, **viewer_values(actor)})
    return [term for row in rows for term, is_known in zip(words.terms, row, strict=True) if not is_known]


def _find_near(stem: str) -> tuple[str, ...]:
    allowed = allowed_mistakes(stem)
    if not allowed:
        return ()
    wanted = sorted(trigrams(stem))
    left = len(wanted) - _DESTROYED * allowed
    similar = _SIMILAR.rows((), {"trigrams": wanted})
    return tuple(near_words(stem, (word for word, shared in similar if shared >= left)))


def _known(terms: int) -> QuerySet[User, tuple[Any, ...]]:
    """Ask for all words at once, from the one row of who looks."""
    seen = [Exists(tasks_seen_by(Param("viewer")).filter(fits(f"word_{n}"))) for n in range(terms)]
    return User.objects.filter(pk=Param("viewer")).values_list(*seen)


def _similar(_: tuple[()]) -> QuerySet[SearchTrigram, tuple[Any, ...]]:
    found = SearchTrigram.objects.filter(trigram__any_of=Param("trigrams")).values_list("word__word")
    return found.annotate(shared=Count("pk")).filter(shared__gte=_SHARED)


_KNOWN = Compiled(_known)
_SIMILAR = Compiled(_similar)
