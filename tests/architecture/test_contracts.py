"""The import contracts bite: each wrong file, put into a copy of the house, breaks the contract that is about it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import CHECKOUT, HOUSE, imports, modules, named

KNOWS_NO_HTTP = [HOUSE / "core", HOUSE / "adapters", HOUSE / "lib"]
HTTP = ("django.http", "django.shortcuts", "django.urls", "django.views", "django.core.handlers", "rest_framework")

WRONG = {
    "a folder without a place": ("newcomer/__init__.py", "", "baton.newcomer"),
    "a folder of the core without a place": ("core/newcomer/__init__.py", "", "baton.core.newcomer"),
    "a surface without a place": ("surfaces/newcomer/__init__.py", "", "baton.surfaces.newcomer"),
    "lib imports the core": ("lib/wrong.py", "import baton.core.errors", "baton.lib.wrong"),
    "the core imports a surface": ("core/commands/wrong.py", "import baton.surfaces.wire", "baton.core.commands.wrong"),
    "models import a command": ("core/models/wrong.py", "import baton.core.commands.tasks", "baton.core.models.wrong"),
    "the wire kit imports a surface": (
        "surfaces/wire/wrong.py",
        "import baton.surfaces.api",
        "baton.surfaces.wire.wrong",
    ),
    "the client imports the server": ("client/wrong.py", "import baton.lib.ids", "baton.client.wrong"),
    "the client imports Django": ("client/wrong.py", "import django", "baton.client.wrong"),
    "a command imports the client": ("core/commands/wrong.py", "import baton.client", "baton.core.commands.wrong"),
    "a surface imports another": (
        "surfaces/health/wrong.py",
        "import baton.surfaces.api",
        "baton.surfaces.health.wrong",
    ),
    "a query records an event": (
        "core/queries/wrong.py",
        "import baton.core.events.record",
        "baton.core.queries.wrong",
    ),
    "a surface records an event": (
        "surfaces/api/wrong.py",
        "import baton.core.events.record",
        "baton.surfaces.api.wrong",
    ),
    "the core imports the REST framework": (
        "core/queries/wrong.py",
        "import rest_framework",
        "baton.core.queries.wrong",
    ),
}


@pytest.mark.parametrize("path,text,blamed", WRONG.values(), ids=WRONG)
def test_a_wrong_file_breaks_a_contract(tmp_path: Path, path: str, text: str, blamed: str) -> None:
    _copy_the_house(tmp_path)
    _write(tmp_path / "baton" / path, text)

    code, said = _lint(tmp_path)

    assert code == 1
    assert blamed in said


def test_a_dialect_must_not_know_another(tmp_path: Path) -> None:
    _copy_the_house(tmp_path)
    dialects = tmp_path / "baton" / "surfaces" / "dialects"
    for name in ("", "first", "second"):
        _write(dialects / name / "__init__.py", "")
    _write(dialects / "first" / "views.py", "import baton.surfaces.dialects.second")

    code, said = _lint(tmp_path)

    assert code == 1
    assert "baton.surfaces.dialects.first is not allowed to import baton.surfaces.dialects.second" in said


def test_the_core_and_below_know_no_http() -> None:
    # The contracts see packages of others only as a whole, and the core lives on the rest of Django.
    wrong = [
        f"{named(path)} imports {name}"
        for path in modules(*KNOWS_NO_HTTP)
        for name in imports(path)
        if f"{name}.".startswith(tuple(f"{http}." for http in HTTP))
    ]

    assert wrong == []


def test_every_folder_of_the_house_is_seen_by_the_contracts() -> None:
    # The linter follows packages only: a folder without __init__.py would be free of every contract.
    missing = {named(path.parent) for path in modules() if not (path.parent / "__init__.py").exists()}

    assert missing == set()


def _copy_the_house(to: Path) -> None:
    shutil.copytree(HOUSE, to / "baton", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "pyproject.toml", to)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n", encoding="utf-8")


def _lint(folder: Path) -> tuple[int, str]:
    """Lint the copy; the code is read, never run."""
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "500"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
