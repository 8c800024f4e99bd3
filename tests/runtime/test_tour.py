"""The tour of the README, as somebody would run it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.runtime.serving import CHECKOUT, serving


@pytest.mark.skipif(shutil.which("curl") is None, reason="the tour needs curl")
def test_the_tour_runs_to_its_end(tmp_path: Path, empty_database_url: str) -> None:
    with serving(tmp_path / "data", "--no-demo", DATABASE_URL=empty_database_url) as served:
        served.wait_until_ready()
        tour = subprocess.run(
            ["sh", str(CHECKOUT / "docs" / "tour.sh"), f"http://127.0.0.1:{served.port}"],
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert tour.returncode == 0, tour.stdout + tour.stderr
        assert tour.stdout.rstrip().endswith("That was the tour.")
