"""The locks say what is installed, on every machine alike, and nothing about the machine that made them."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.tree import CHECKOUT

LOCKS = {"baton": (), "dev": ("dev", "bench")}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_index_and_no_folder(name: str) -> None:
    # An address, a folder, or an option such as --index-url: only versions, hashes, markers and comments are left.
    allowed = re.compile(r"#.*|[\w.\-\[\],]+==[\w.+!]+( ; [^/\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|    #.*|")
    text = _read(name)

    assert [line for line in text.splitlines() if not allowed.fullmatch(line)] == []
    assert re.findall(r"://|(?<![\w.])/\w+/", text) == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_what_the_project_asks_for(name: str) -> None:
    locked = _versions(name)

    for asked in _asked(*LOCKS[name]):
        version = locked.get(canonicalize_name(asked.name))
        assert version, f"{asked.name} is missing: run requirements/compile"
        assert asked.specifier.contains(version), f"{asked} is locked at {version}: run requirements/compile"


def test_both_locks_fit_into_one_environment() -> None:
    versions, all_versions = _versions("baton"), _versions("dev")

    assert versions.items() <= all_versions.items()
    assert len(versions) < len(all_versions)


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_version_has_its_hashes(name: str) -> None:
    pins = re.split(r"^(?=\w)", _read(name), flags=re.MULTILINE)[1:]

    assert len(pins) == len(_versions(name))
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def _read(name: str) -> str:
    return (CHECKOUT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def _versions(name: str) -> dict[str, str]:
    found = re.findall(r"^([\w.\-]+)(?:\[[^\]]*\])?==([^\s;]+)", _read(name), re.MULTILINE)
    return {canonicalize_name(package): version for package, version in found}


def _asked(*extras: str) -> list[Requirement]:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], "hatchling", "editables"]
    for extra in extras:
        asked += project["optional-dependencies"][extra]
    return [Requirement(text) for text in asked]
