"""A plugin of pytest (`-p tests.runner.tally`): writes down how many tests passed, for the runner to add up."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

FILE = "BATON_TEST_TALLY"
"""The variable that names the file."""

# In the order of pytest's own closing line; its other categories (rerun, deselected) are no results.
KINDS = ("failed", "passed", "skipped", "xfailed", "xpassed", "warnings", "error")


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Write the counts; under pytest-xdist only the controller has a terminal, so it is written once."""
    counts = {kind: len(terminalreporter.stats.get(kind, ())) for kind in KINDS}
    Path(os.environ[FILE]).write_text(json.dumps(counts), encoding="utf-8")


def read(path: Path) -> dict[str, int]:
    """Return the counts in the file, none where pytest did not get that far."""
    if not path.exists():
        return {}
    counts: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    return {kind: number for kind, number in counts.items() if number}


def sentence(counts: dict[str, int]) -> str:
    """Return the counts as pytest words them: `2 failed, 310 passed, 1 skipped`."""
    return (
        ", ".join(f"{counts[kind]} {_word(kind, counts[kind])}" for kind in KINDS if counts.get(kind)) or "no tests ran"
    )


def _word(kind: str, number: int) -> str:
    if kind in {"error", "warnings"}:
        return kind.rstrip("s") + ("" if number == 1 else "s")
    return kind
