"""`baton watch`: what happens, as it happens."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import msgspec
import typer

from baton.client.cli.printing import harmless, print_json_line, say
from baton.client.cli.references import find_project
from baton.client.cli.session import open_client
from baton.client.cli.task_card import when
from baton.client.shapes import Event

LONGEST = 60


def watch(
    after: Annotated[
        str, typer.Option(metavar="CURSOR", help="Begin behind this place of the log; 0-0 is its start. Else: now.")
    ] = "",
    project: Annotated[
        list[str] | None, typer.Option("--project", "-p", help="Only of this project (key or id); repeatable.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line; its cursor is where to go on.")] = False,
) -> None:
    """Print a line for every event, until you stop it. A lost connection is resumed where it broke."""
    with open_client() as client:
        projects = [find_project(client, each).id for each in project or []]
        with closing(client.follow(after or None, projects=projects or None)) as events:  # type: ignore[type-var]  # a generator
            for event in events:
                if json:
                    print_json_line(event)
                else:
                    say(line_of(event))


def line_of(event: Event) -> str:
    """Return an event as one line: when, who, what, and what changed from what to what."""
    who = event.actor.username if event.actor else "baton"
    where = f"task {event.task}" if event.task else f"project {event.project}" if event.project else ""
    changes = ", ".join(f"{name}: {_short(pair)}" for name, pair in event.changes.items())
    parts = (when(event.at), who, event.verb, where, changes)
    return harmless("  ".join(part for part in parts if part))


def _short(pair: object) -> str:
    shown = [_value(each) for each in pair] if isinstance(pair, list) else [_value(pair)]
    return " → ".join(shown)


def _value(value: object) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
