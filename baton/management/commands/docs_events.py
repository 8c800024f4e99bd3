"""`docs_events`: write docs/events.md from the catalogue of events."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec

from baton.core.events.catalogue import CATALOGUE, Fact
from baton.lib.paths import CHECKOUT
from baton.management.generated_page import PageCommand

PATH = CHECKOUT / "docs" / "events.md"

_HEAD = """\
# Events

Made by `python manage.py docs_events` from `baton/core/events/facts/`; don't edit.

Every change that Baton makes is told by one event or several, written in the transaction of the change: either both
are there or neither. Events are never changed or deleted. `GET /api/events/` gives those that the caller may see, in
the order of the commits; `GET /api/tasks/{id}/history/` gives those of one task.

Each event has `cursor` (its place in the log, to go on from), `id`, `verb`, `project` and `task` (ids, or null),
`actor` (who did it, null for the system), `at`, `changes`, `data` and `request_id`. `changes` maps a field, named as on
the wire, to its old and its new value: `{"status": ["todo", "done"]}`; only fields that differ are in it. People in it
are user ids. `data` holds what the tables below say, always all of it.

An event without a project is about one user, and nobody else sees it.
"""
_TABLE = """
## {noun}

| verb | when | `data` | fields in `changes` |
|---|---|---|---|
"""
_TYPES: dict[Any, str] = {
    int: "integer",
    int | None: "integer or null",
    str: "text",
    bool: "boolean",
    list[str]: "list of texts",
    datetime: "time",
    dict[str, Any]: "object",
}


class Command(PageCommand):
    """Write the page, or with `--check` say whether it is current."""

    help = "Write docs/events.md from the catalogue of events."
    path = PATH

    def render(self) -> str:
        """Return the page's text."""
        return render_page()


def render_page() -> str:
    """Return the page's text."""
    page = _HEAD
    for noun, facts in groupby(sorted(CATALOGUE.values(), key=_noun), _noun):
        page += _TABLE.format(noun=noun.capitalize()) + "".join(f"{_render_row(fact)}\n" for fact in facts)
    return page


def _noun(fact: type[Fact]) -> str:
    return fact.verb.partition(".")[0]


def _render_row(fact: type[Fact]) -> str:
    when = " ".join((fact.__doc__ or "").split())
    data = "<br>".join(f"`{field.name}`: {_TYPES[field.type]}" for field in msgspec.structs.fields(fact))
    changes = ", ".join(f"`{name}`" for name in fact.fields)
    return f"| `{fact.verb}` | {when} | {data} | {changes} |"
