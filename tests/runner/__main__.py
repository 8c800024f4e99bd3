"""`bin/test`: the list of what is checked, top to bottom."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import FrameType

from tests.runner import tally
from tests.runner.arguments import Wanted, parse
from tests.runner.rounds import WORKERS, Round, run_round
from tests.runner.steps import Outcome, Step, run
from tests.servers.process import ServerFailed

PYTHON = sys.executable

LINTERS = {
    "ruff check": [PYTHON, "-m", "ruff", "check", "."],
    "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "mypy": [PYTHON, "-m", "mypy"],
    "import contracts": [PYTHON, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
    "manage.py check": [PYTHON, "manage.py", "check"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
}


def main() -> int:
    """Run what the command line asks for and return 0 only if all of it passed."""
    wanted = parse(sys.argv[1:])
    began = time.monotonic()
    _stop_cleanly_when_told()
    _forget_the_outside()
    os.environ["TEST_FAULTS"] = "1" if wanted.faults else ""
    with tempfile.TemporaryDirectory(prefix="baton-test-", ignore_cleanup_errors=True) as folder:
        outcomes = [run(step) for step in _linters(Path(folder))] if wanted.linters else []
        rounds = _rounds(wanted, Path(folder))
    outcomes += [round_.outcome for round_ in rounds]
    if wanted.coverage:
        outcomes += [run(step) for step in _coverage_report()]
    _print_summary(outcomes)
    _print_closing_line(rounds, time.monotonic() - began)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def _linters(folder: Path) -> list[Step]:
    environment = {"BATON_DATA": str(folder / "linters"), "BATON_SECRET_KEY": "only-for-the-linters-" + "0" * 40}
    return [Step(name, command, environment) for name, command in LINTERS.items()]


def _rounds(wanted: Wanted, folder: Path) -> list[Round]:
    if wanted.coverage:
        run(Step("coverage: forget the last", [PYTHON, "-m", "coverage", "erase"], {}))
    rounds = []
    for database in wanted.databases:
        try:
            round_ = run_round(
                database,
                wanted.pytest,
                folder,
                coverage=wanted.coverage,
                is_first=database == wanted.databases[0],
                # The faults say how soon something is made up for: nothing else may be in the way.
                workers=1 if wanted.faults else WORKERS,
            )
            rounds.append(round_)
        except ServerFailed as error:
            print(error, file=sys.stderr, flush=True)
            rounds.append(Round(Outcome(f"pytest on {database}", passed=False, seconds=0.0, note="no server"), {}))
    return rounds


def _coverage_report() -> list[Step]:
    shutil.rmtree("htmlcov", ignore_errors=True)
    return [Step("coverage in htmlcov/", [PYTHON, "-m", "coverage", "html"], {})]


def _print_summary(outcomes: list[Outcome]) -> None:
    print()
    for outcome in outcomes:
        print(f"{'ok  ' if outcome.passed else 'FAIL'} {outcome.name:<24}{outcome.seconds:6.1f} s  {outcome.note}")


def _print_closing_line(rounds: list[Round], seconds: float) -> None:
    """End with pytest's closing line, over all rounds."""
    counts: Counter[str] = Counter()
    for round_ in rounds:
        counts.update(round_.counts)
    print(f" {tally.sentence(dict(counts))} in {seconds:.2f}s ".center(80, "="), flush=True)


def _stop_cleanly_when_told() -> None:
    """Let SIGTERM and a closed terminal unwind the stack as Ctrl-C does, so that every server is stopped."""

    def stop(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def _forget_the_outside() -> None:
    """Drop this machine's own settings of Baton: the tests say which database and which servers they mean."""
    from baton.lib.variables import all_variables

    for variable in all_variables():
        for name in variable.names:
            os.environ.pop(name, None)
            os.environ.pop(f"{name}_FILE", None)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
