"""Texts to search in: the generated tasks with words of two languages, some in most of them, most of them rare."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate

from bench.data import CALLER, Data, Task, generate

KINDS = ("common word", "rare word", "two words", "unfinished word", "misspelt word", "four words of one task")

_ROOTS = 6_000
_LANGUAGES = (
    ("b br c d f fl g h k l m n p pl r s st t tr v w", "a e i o u ea oo", ("", "s", "ing", "ed")),
    ("б в г д ж з к кр л м н п пр р с ст т тр ф ш", "а е и о у ё ю", ("", "а", "ов", "ами", "ом")),
)


@dataclass(frozen=True, slots=True)
class Corpus:
    """The tasks, the words by how often they stand in them, the most frequent first, and the tasks the caller sees."""

    rows: Data
    words: tuple[str, ...]
    places: dict[str, int]
    seen: tuple[Task, ...]


@cache
def generate_corpus(tasks: int) -> Corpus:
    """Return the tasks of `bench.data` with other texts: 3 to 9 words in a title, up to 80 in a description."""
    chance = random.Random(11)
    words = tuple(dict.fromkeys(_word(chance) for _ in range(_ROOTS * 4)))
    # Zipf's law: the second word is half as frequent as the first, the third a third.
    weights = list(accumulate(1 / (place + 2) for place in range(len(words))))

    def text(least: int, most: int) -> str:
        return " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(least, most))).capitalize()

    rows = generate(tasks)
    written = tuple(
        replace(
            task,
            title=text(3, 9)[:200],
            description=text(10, 80) if task.description else "",
            comments=tuple((author, text(5, 30)) for author, _ in task.comments),
        )
        for task in rows.tasks
    )
    seen = tuple(written[index] for index in rows.seen_by(CALLER))
    return Corpus(replace(rows, tasks=written), words, {word: place for place, word in enumerate(words)}, seen)


def make_queries(corpus: Corpus, kind: str, number: int) -> list[str]:
    """Return what people look for; whole tasks and rare words are of those that the caller sees."""
    chance = random.Random(kind)
    return [_query(chance, corpus, kind) for _ in range(number)]


def _query(chance: random.Random, corpus: Corpus, kind: str) -> str:
    task = chance.choice(corpus.seen)
    rare = max(task.title.lower().split(), key=lambda word: corpus.places.get(word, 0))
    match kind:
        case "common word":
            return chance.choice(corpus.words[:50])
        case "two words":
            return f"{chance.choice(corpus.words[:200])} {chance.choice(corpus.words[:2000])}"
        case "unfinished word":
            return rare[: max(2, len(rare) // 2)]
        case "misspelt word":
            return _misspell(chance, rare)
        case "four words of one task":
            return " ".join(chance.sample(f"{task.title} {task.description}".split(), 4)) if task.description else rare
    return rare


def _misspell(chance: random.Random, word: str) -> str:
    place = chance.randrange(max(1, len(word) - 1))
    return word[:place] + word[place + 1 : place + 2] + word[place : place + 1] + word[place + 2 :]


def _word(chance: random.Random) -> str:
    starts, vowels, endings = chance.choice(_LANGUAGES)
    syllables = (chance.choice(starts.split()) + chance.choice(vowels.split()) for _ in range(chance.randint(1, 3)))
    return "".join(syllables) + chance.choice(starts.split()) + chance.choice(endings)
