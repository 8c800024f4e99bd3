"""The stems that stand in tasks, with their trigrams: where a misspelt word finds what was meant.

Words stay when the last task with them goes: a search shows only what stands in tasks that one sees.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from baton.core.models import SearchTrigram, SearchWord
from baton.lib.spelling import trigrams

SHORTEST, LONGEST = 3, 40
_AT_ONCE = 500


def learn(stems: AbstractSet[str]) -> None:
    """Add those of the stems that can be misspelt and aren't known. Numbers and codes are not learned."""
    candidates = sorted(word for word in stems if word.isalpha() and SHORTEST <= len(word) <= LONGEST)
    for start in range(0, len(candidates), _AT_ONCE):
        _learn(candidates[start : start + _AT_ONCE])


def _learn(words: list[str]) -> None:
    known = set(SearchWord.objects.filter(word__in=words).values_list("word", flat=True))
    new = [word for word in words if word not in known]
    if not new:
        return
    SearchWord.objects.bulk_create([SearchWord(word=word) for word in new])
    ids = SearchWord.objects.filter(word__in=new).values_list("pk", "word")
    rows = [SearchTrigram(word_id=pk, trigram=trigram) for pk, word in ids for trigram in sorted(trigrams(word))]
    SearchTrigram.objects.bulk_create(rows, batch_size=2_000)
