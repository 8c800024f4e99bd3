"""The OpenAPI documents of the dialects are current, and are such documents."""

from __future__ import annotations

import json

import pytest
from openapi_spec_validator import validate

from tests.surfaces.dialects.description import describe, described, path_of, render


@pytest.mark.parametrize("dialect", described())
def test_the_document_is_current(dialect: str) -> None:
    kept = path_of(dialect).read_text(encoding="utf-8") if path_of(dialect).exists() else ""

    assert kept == render(dialect), f"run `BATON_DEBUG=1 python -m tests.surfaces.dialects.description {dialect}`"


@pytest.mark.parametrize("dialect", described())
def test_the_document_is_valid(dialect: str) -> None:
    validate(json.loads(render(dialect)))


@pytest.mark.parametrize("dialect", described())
def test_every_operation_has_its_answers(dialect: str) -> None:
    operations = [said for path in describe(dialect)["paths"].values() for said in path.values()]

    assert len(operations) >= 5
    assert all(operation["responses"] for operation in operations)
