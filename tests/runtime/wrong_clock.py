"""`manage.py` in a process whose clock is so many seconds wrong (TEST_CLOCK): `python wrong_clock.py worker ...`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import time_machine

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[2])
    wrong_by = float(os.environ["TEST_CLOCK"])
    time_machine.travel(time.time() + wrong_by, tick=True).start()
    print(f"clock {wrong_by:+g}", flush=True)  # noqa: T201  # for the test that started it

    from baton.__main__ import manage

    sys.exit(manage())
