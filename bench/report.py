"""The tables, in Markdown."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from bench.comparison import Line
from bench.cores import OTHERS, SERVER
from bench.mail import Mailed
from bench.memory import Footprint
from bench.pairs import Pair
from bench.rounds import Plan
from bench.search import AIMS, Waits
from bench.stream import Followed, share

_PACKAGES = ("django", "djangorestframework", "granian", "gunicorn", "uvicorn", "psycopg")


def describe(tasks: int, plan: Plan) -> str:
    """Return what was measured, where and with what."""
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    shared = "" if SERVER.isdisjoint(OTHERS) else " There was only one core, which load, database and server shared."
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, Python {platform.python_version()}, {packages}. "
        f"{tasks} tasks; {plan.rounds} rounds of {plan.seconds:g} s each, {plan.clients} connections; "
        f"one worker on one core.{shared}"
    )


def tabulate(lines: Sequence[Line]) -> str:
    """Return the comparison: medians of the rounds, and how many times the reference's rate (least, median, most)."""
    heads = ["database", "operation", "reference /s", "Baton /s", "times (least-most)", "aim"]
    heads += ["reference CPU ms", "Baton CPU ms", "times by CPU", "`serve` /s", "times"]
    return _table(heads, [_row(line) for line in lines])


def tabulate_footprint(footprint: Footprint) -> str:
    """Return the single process's figures."""
    return _table(
        ["the single process (`bin/run`, SQLite)", "measured", "aim"],
        [
            ["first start to `/readyz`, empty folder (migrations, demo)", f"{footprint.first_start:.1f} s", ""],
            ["second start to `/readyz`", f"{footprint.second_start:.1f} s", "3 s"],
            ["resident memory after the start", f"{footprint.at_start:.0f} MiB", "150 MiB"],
            [
                f"resident memory after {footprint.requests} requests",
                f"{footprint.after_requests:.0f} MiB",
                "150 MiB",
            ],
        ],
    )


def tabulate_search(waits: Sequence[Waits]) -> str:
    """Return how long searches of each kind took, at the client."""
    heads = ["database", "looked for", "median ms", "95 of 100 within ms", "aim", "longest ms", "found nothing"]
    return _table(
        heads,
        [
            [
                line.database,
                line.kind,
                f"{line.share(0.5):.1f}",
                f"{line.share(0.95):.1f}",
                f"{AIMS[line.database]:g}",
                f"{max(line.milliseconds):.1f}",
                f"{line.empty} of {len(line.milliseconds)}",
            ]
            for line in waits
        ],
    )


def tabulate_pairs(pairs: Sequence[Pair]) -> str:
    """Return how many times as long one waits for the one as for the other (least, median, most)."""
    heads = ["database", "name", "this", "ms", "beside", "ms", "times (least-most)", "at most", "times by CPU"]
    return _table(
        heads,
        [
            [
                pair.database,
                pair.name,
                pair.dear.name,
                f"{pair.wait(0):.2f}",
                pair.cheap.name,
                f"{pair.wait(1):.2f}",
                f"{median(pair.times()):.1f} ({min(pair.times()):.1f}-{max(pair.times()):.1f})",
                f"{pair.aim:g}",
                f"{pair.times_by_processor():.1f}",
            ]
            for pair in pairs
        ],
    )


def tabulate_mail(mailed: Sequence[Mailed]) -> str:
    """Return how soon letters are out, with the aims."""
    heads = ["letters of the single process", *(one.database for one in mailed), "aim"]
    rows: list[tuple[str, Callable[[Mailed], str], str]] = [
        ("letters that waited", lambda one: str(one.letters), ""),
        ("letters a second", lambda one: f"{one.rate:.0f}", "50"),
        ("commit to SMTP, median", lambda one: f"{share(one.waits, 0.5):.0f} ms", "1000 ms"),
        ("commit to SMTP, longest", lambda one: f"{max(one.waits):.0f} ms", ""),
    ]
    return _table(heads, [[name, *(show(one) for one in mailed), aim] for name, show, aim in rows])


def tabulate_stream(followed: Sequence[Followed]) -> str:
    """Return how a thousand sockets are served, with the aims."""
    heads = ["the stream process (`baton stream`)", *(one.database for one in followed), "aim"]
    rows: list[tuple[str, Callable[[Followed], str], str]] = [
        ("sockets", lambda one: str(one.sockets), ""),
        ("opened and subscribed within", lambda one: f"{one.opened_in:.1f} s", ""),
        ("write to the socket, median", lambda one: f"{share(one.waits, 0.5):.0f} ms", ""),
        ("write to the socket, 99 of 100", lambda one: f"{share(one.waits, 0.99):.0f} ms", "250 ms"),
        ("resident memory without sockets", lambda one: f"{one.memory_before:.0f} MiB", ""),
        ("resident memory with all of them", lambda one: f"{one.memory_with_all:.0f} MiB", "150 MiB"),
        ("all back from their cursors within", lambda one: f"{one.back_in:.1f} s", "10 s"),
        ("events missing, told twice", lambda one: f"{one.missing}, {one.twice}", "0, 0"),
        ("50 never read: events", lambda one: str(one.flooded), ""),
        ("50 never read: memory grows by", lambda one: f"{one.flood_growth:.0f} MiB", "64 MiB"),
        ("readers' lag without them, 95 of 100", lambda one: f"{share(one.calm_lags, 0.95):.0f} ms", ""),
        ("readers' lag beside them, 95 of 100", lambda one: f"{share(one.flood_lags, 0.95):.0f} ms", "twice that"),
    ]
    return _table(heads, [[name, *(show(one) for one in followed), aim] for name, show, aim in rows])


def _row(line: Line) -> list[str]:
    times = line.baton.times(line.reference)
    aim = line.operation.aim
    return [
        line.database,
        line.operation.name,
        f"{line.reference.rate:.0f}",
        f"{line.baton.rate:.0f}",
        f"{median(times):.1f} ({min(times):.1f}-{max(times):.1f})",
        f"{aim:g}" if aim else "",
        f"{line.reference.cost:.2f}",
        f"{line.baton.cost:.2f}",
        f"{line.reference.cost / line.baton.cost:.1f}",
        f"{line.serve.rate:.0f}",
        f"{median(line.serve.times(line.reference)):.1f}",
    ]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    ruled = [heads, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in ruled
    )


def _processor() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()
