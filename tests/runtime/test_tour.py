"""The tour of the README, as somebody would run it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.runtime.serving import CHECKOUT, Served, serving

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="the tour needs curl")


def tour(*servers: Served) -> str:
    done = subprocess.run(
        ["sh", str(CHECKOUT / "docs" / "tour.sh"), *(f"http://127.0.0.1:{served.port}" for served in servers)],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith("That was the tour.")
    return done.stdout


def test_the_tour_runs_to_its_end_with_two_servers_and_with_one(tmp_path: Path, migrated_database_url: str) -> None:
    with (
        serving(tmp_path / "here", "--no-demo", DATABASE_URL=migrated_database_url) as here,
        serving(tmp_path / "there", "--no-demo") as there,
    ):
        here.wait_until_ready()
        there.wait_until_ready()
        assert "the same archive byte for byte" in tour(here, there)
        assert "Skipped: moving the project" in tour(here)


def test_a_project_moves_from_sqlite_to_postgresql(tmp_path: Path, postgresql_database: str) -> None:
    with (
        serving(tmp_path / "here", "--no-demo") as here,
        serving(tmp_path / "there", "--no-demo", DATABASE_URL=postgresql_database) as there,
    ):
        here.wait_until_ready()
        there.wait_until_ready()
        assert "the same archive byte for byte" in tour(here, there)
