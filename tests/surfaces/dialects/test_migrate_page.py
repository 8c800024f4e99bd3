"""The migration page states what the tests show."""

from __future__ import annotations

import pytest

from baton.lib.paths import CHECKOUT
from baton.lib.variables import DIALECTS
from tests.surfaces.dialects.conversation import read_conversation
from tests.surfaces.dialects.coverage import conversations, rows_of, rows_shown


@pytest.mark.parametrize("dialect", DIALECTS.default)
def test_the_rows_are_counted_right(dialect: str) -> None:
    exchanges = sum(len(read_conversation(path)[1]) for path in conversations(dialect))
    stated = f"{len(rows_shown(dialect))} of {len(rows_of(dialect))}, in {exchanges} exchanges |"

    lines = (CHECKOUT / "docs" / "migrate.md").read_text(encoding="utf-8").splitlines()
    assert any(f"[{dialect}]" in line and line.endswith(stated) for line in lines), f"docs/migrate.md: {stated}"
