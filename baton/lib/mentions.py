"""Finding who a text names: `@username`."""

from __future__ import annotations

import re

from baton.lib.text import fold

MOST = 50
"""So many names of a text are looked at; who names more of them means nobody in particular."""

# What an address has before its @ makes it no mention. A name may hold any of these characters itself.
_MENTION = re.compile(r"(?<![\w.@+-])@([\w.@+-]{1,150})")
_AT_AN_END = ".@+-"


def mentions_in(text: str) -> list[tuple[str, ...]]:
    """Return what follows each @ of a text, folded: as it stands, then without the marks that may end a sentence.

    Which of the two is somebody's name only the accounts can tell; where both are, the first is meant.
    """
    found: dict[tuple[str, ...], None] = {}
    for match in _MENTION.finditer(text):
        name = fold(match[1])
        bare = name.rstrip(_AT_AN_END)
        found[tuple(dict.fromkeys(part for part in (name, bare) if part))] = None
        if len(found) == MOST:
            break
    return list(found)
