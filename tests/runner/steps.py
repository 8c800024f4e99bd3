"""One step of `bin/test`: a command, run to its end whatever the others did."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_MAY_CLEAN_UP_FOR = 30.0


@dataclass(frozen=True, slots=True)
class Step:
    """What to run, under which name, with which variables beside those of this process."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step ended; `note` is what is worth saying about it in one line."""

    name: str
    passed: bool
    seconds: float
    note: str = ""


def run(step: Step) -> Outcome:
    """Run one step in view of whoever watches and return how it ended."""
    print(f"\n== {step.name}", flush=True)
    began = time.monotonic()
    code = _run_to_its_end(step)
    return Outcome(step.name, code == 0, time.monotonic() - began, "" if code == 0 else f"exit code {code}")


def _run_to_its_end(step: Step) -> int:
    # Without input, as under CI: nothing may wait for an answer. In a group of its own, so that Ctrl-C reaches the
    # runner alone, which then stops this step and after it the servers that the step talks to.
    process = subprocess.Popen(
        step.command,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **step.environment},
        start_new_session=True,
    )
    try:
        return process.wait()
    except BaseException:
        _stop(process)
        raise


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Interrupt the step and what it started, as Ctrl-C would; end what does not listen."""
    for how in (signal.SIGINT, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
            process.wait(_MAY_CLEAN_UP_FOR)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
        return
