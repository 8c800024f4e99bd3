"""Making a letter of a template: its subject, its plain text and its HTML.

`templates/letters/<name>.<language>.txt` names what is written in blocks. Rendered into `layout.subject` and
`layout.txt` nothing is escaped; rendered into `layout.html` everything is, and the styles stand in the tags, since mail
programs drop style sheets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from css_inline import CSSInliner
from django.conf import settings
from django.template.loader import get_template

LANGUAGES = ("en", "ru")
LONGEST_SUBJECT = 300
"""Characters of a subject: room for the longest title with a contract's words around it."""

_MANY_EMPTY_LINES = re.compile(r"\n{3,}")
# What ends a line for somebody, or turns the rest of it around (the bidirectional overrides).
_NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
# What turns the rest of a line around, so that a name reads as another one.
_TURNS_AROUND = re.compile(r"[\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What stands in a letter. `subject` is one line."""

    subject: str
    text: str
    html: str


def render(template: str, language: str, context: Mapping[str, object]) -> Rendered:
    """Return the letter that a template makes in a language (English where it isn't spoken here)."""
    language = spoken(language)
    known = {**context, "language": language, "site": urlsplit(settings.BATON_BASE_URL).netloc}

    def into(layout: str) -> str:
        written = get_template(f"letters/{template}.{language}.txt")
        return _TURNS_AROUND.sub("", written.render({**known, "layout": f"letters/layout.{layout}"}))

    text = _MANY_EMPTY_LINES.sub("\n\n", into("txt")).lstrip("\n")
    return Rendered(one_line(into("subject"), LONGEST_SUBJECT), text, _inliner().inline(into("html")))


def spoken(language: str) -> str:
    """Return the language that letters to somebody are written in."""
    return language if language in LANGUAGES else LANGUAGES[0]


def one_line(text: str, longest: int) -> str:
    """Return the text as one line of at most so many characters."""
    return cut(" ".join(_NOT_IN_A_LINE.sub(" ", text).split()), longest)


def cut(text: str, longest: int) -> str:
    """Return the text, or its beginning and `…` where it is longer."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


@cache
def _inliner() -> CSSInliner:
    # What asks about the reader's screen (`@media`) can't stand in a tag, and stays.
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
