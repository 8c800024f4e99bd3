"""A step's failure is never lost, and the counts of the rounds are told as pytest tells them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.runner import tally
from tests.runner.arguments import parse
from tests.runner.steps import Step, run


@pytest.mark.parametrize("code,passed", [(0, True), (1, False), (5, False)])
def test_a_step_passes_only_with_exit_code_0(code: int, passed: bool) -> None:
    outcome = run(Step("a step", [sys.executable, "-c", f"raise SystemExit({code})"], {}))

    assert outcome.passed is passed
    assert outcome.note == ("" if passed else f"exit code {code}")


def test_a_step_has_no_input_to_wait_for(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    code = "import sys, os, pathlib; pathlib.Path(os.environ['SEEN']).write_text(repr(sys.stdin.read()))"

    run(Step("a step", [sys.executable, "-c", code], {"SEEN": str(seen)}))

    assert seen.read_text(encoding="utf-8") == "''"


def test_the_counts_are_told_in_pytests_words() -> None:
    assert tally.sentence({"passed": 310, "failed": 2, "error": 1}) == "2 failed, 310 passed, 1 error"
    assert tally.sentence({}) == "no tests ran"


def test_a_run_that_broke_off_counts_nothing(tmp_path: Path) -> None:
    assert tally.read(tmp_path / "never written") == {}


def test_what_is_not_ours_goes_to_pytest() -> None:
    wanted = parse(["--quick", "tests/core", "-k", "lead and not viewer", "--cov-branch", "--only", "sqlite"])

    assert wanted.pytest == ("tests/core", "-k", "lead and not viewer", "--cov-branch")
    assert (wanted.linters, wanted.databases, wanted.coverage) == (False, ("sqlite",), False)
    assert not wanted.faults


def test_faults_are_for_those_who_ask() -> None:
    wanted = parse(["--faults", "-k", "mail"])

    assert (wanted.faults, wanted.linters, wanted.pytest) == (True, False, ("-k", "mail"))
