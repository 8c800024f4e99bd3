"""The AsyncAPI document: current, and whole. What is sent is held against it by the tests' client (`served.Socket`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from baton.management.commands import docs_asyncapi
from baton.surfaces.stream.asyncapi import build_document


def test_it_is_current() -> None:
    call_command("docs_asyncapi", check=True)


def test_one_that_is_not_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs_asyncapi.Command, "path", tmp_path / "asyncapi.json")
    with pytest.raises(CommandError, match="docs_asyncapi"):
        call_command("docs_asyncapi", check=True)
    call_command("docs_asyncapi")
    call_command("docs_asyncapi", check=True)


def test_every_reference_leads_somewhere() -> None:
    document = build_document()
    references = list(find_references(document))
    assert references
    for reference in references:
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


def find_references(part: Any) -> Any:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        for inside in part.values():
            yield from find_references(inside)
    elif isinstance(part, list):
        for inside in part:
            yield from find_references(inside)
