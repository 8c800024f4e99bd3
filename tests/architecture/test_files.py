"""The files keep the house's habits of size and name."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from tests.architecture.tree import HOUSE, modules, named

MOST_LINES = 500
NO_TOPIC = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "base",
    "manager",
    "managers",
    "service",
    "services",
    "misc",
}


def test_no_file_is_too_long() -> None:
    """A file past 500 lines is split along a noun or a group of verbs; a migration is as long as it is."""
    lengths = {
        named(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules()
        if "migrations" not in path.parts
    }

    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_every_file_and_folder_is_named_by_its_topic() -> None:
    names = {path.stem: named(path) for path in modules()} | {
        path.name: named(path) for path in HOUSE.rglob("*") if path.is_dir()
    }

    assert {where for name, where in names.items() if name in NO_TOPIC} == set()


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", check_changes=True, dry_run=True)
    except SystemExit:
        pytest.fail(f"Run `manage.py makemigrations`: {capsys.readouterr().out}")
