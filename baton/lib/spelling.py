"""How far words are from each other, for those who mistype."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest

MOST = 20
"""As many near words are considered; more are only found by who floods the vocabulary."""


def trigrams(word: str) -> set[str]:
    """Return the runs of three letters in a word; its ends are marked, so that they count for more."""
    padded = f"  {word} "
    return {padded[index : index + 3] for index in range(len(padded) - 2)}


def allowed_mistakes(word: str) -> int:
    """Return how many mistakes a word may hold and still be understood: none in a short one."""
    if not word.isalpha() or len(word) < 4:
        return 0
    return 1 if len(word) < 8 else 2


def near_words(word: str, candidates: Iterable[str]) -> list[str]:
    """Return those of the candidates that `word` may have been meant to be, the nearest first."""
    allowed = allowed_mistakes(word)
    alike = (candidate for candidate in candidates if abs(len(candidate) - len(word)) <= allowed)
    measured = ((count_mistakes(word, candidate), candidate) for candidate in alike)
    return [candidate for _, candidate in nsmallest(MOST, (pair for pair in measured if 0 < pair[0] <= allowed))]


def count_mistakes(word: str, meant: str) -> int:
    """Return how many letters were left out, put in, replaced or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(word, 1):
        before, above, row = row, before, [i]
        for j, other in enumerate(meant, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == meant[j - 2] and word[i - 2] == other:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
    return row[-1]
