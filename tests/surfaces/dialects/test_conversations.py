"""Every recorded conversation of every dialect is held, and every row of every sheet is shown by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from baton.lib.variables import DIALECTS
from tests.surfaces.dialects.conversation import play
from tests.surfaces.dialects.coverage import HERE, conversations, rows_of, rows_shown

ALL = [(name, path) for name in DIALECTS.default for path in conversations(name)]
SHOWN = [name for name in DIALECTS.default if (HERE / name / "rows.txt").exists()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dialect,path", ALL, ids=[f"{name}-{path.stem}" for name, path in ALL])
def test_a_conversation_goes_as_recorded(dialect: str, path: Path) -> None:
    play(path, f"/{dialect}/")


@pytest.mark.parametrize("dialect", SHOWN)
def test_every_row_of_the_sheet_is_shown(dialect: str) -> None:
    rows, shown = rows_of(dialect), rows_shown(dialect)

    assert shown.keys() - rows.keys() == set(), "exchanges name rows that there are not"
    assert [row for row in rows if row not in shown] == []
