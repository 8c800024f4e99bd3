"""What goes to the terminal: tables for people, tab-separated lines for pipes, JSON for programs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text


def harmless(text: str, *, keep_lines: bool = False) -> str:
    """Return text of other people without what would steer a terminal, on one line unless `keep_lines`."""
    return "".join(
        each
        if each.isprintable() or (each == "\n" and keep_lines)
        else " "
        if each.isspace()
        else "\N{REPLACEMENT CHARACTER}"
        for each in text
    )


def complain(line: str) -> None:
    """Tell on stderr."""
    typer.echo(f"baton: {harmless(line)}" if not line.startswith(" ") else harmless(line), err=True)


def say(line: str, style: str = "") -> None:
    """Print a line, in colour where that is wanted (NO_COLOR)."""
    Console(soft_wrap=True, highlight=False).print(Text(line, style=style))


def print_json(value: object) -> None:
    """Print a value as JSON, readable."""
    typer.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))


def print_json_line(value: object) -> None:
    """Print a value as one line of JSON, at once."""
    typer.echo(msgspec.json.encode(value))
    sys.stdout.flush()


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows: a table on a terminal; in a pipe one line a row, tabs between, no headings, nothing shortened."""
    console = Console(highlight=False)
    if not console.is_terminal:
        for row in rows:
            typer.echo("\t".join(harmless(cell) for cell in row))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold", no_wrap=heading != "title")
    for row in rows:
        table.add_row(*(Text(harmless(cell)) for cell in row))
    console.print(table)
