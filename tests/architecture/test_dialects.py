"""Dialects translate and decide nothing: none of them writes a row or records an event."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import HOUSE, imports, modules, named

DIALECTS = HOUSE / "surfaces" / "dialects"
ROOMS = [DIALECTS, HOUSE / "surfaces" / "wire" / "dialects"]

WRITES = {
    "acreate",
    "adelete",
    "asave",
    "aupdate",
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "save",
    "select_for_update",
    "set_password",
    "update",
    "update_or_create",
}
"""What writes or locks rows. Of a dict only `|=` is used here, and a view's methods are no calls."""

ALLOWED = (
    "baton.adapters.mail",
    "baton.core",
    "baton.lib",
    "baton.reactions.letters",
    "baton.reactions.rounds",
    "baton.surfaces.dialects",
    "baton.surfaces.wire",
)
"""What dialects translate between; their letters are composed as all others."""
NEVER = ("baton.core.events.record", "django.db", "baton.lib.compiled_writes", "baton.lib.unit_of_work")


def wrongs(path: Path) -> Iterator[str]:
    """Yield what a file of a dialect does that only commands may."""
    for name in imports(path):
        if name.startswith("baton.") and not name.startswith(ALLOWED):
            yield f"{named(path)} imports {name}: a dialect knows the core, the wire kit, composing letters, and lib"
        if name.startswith(NEVER):
            yield f"{named(path)} imports {name}: what writes is a command in baton/core/commands"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            yield f"{named(path)}:{node.lineno} calls .{node.func.attr}(): what writes is a command"


def test_no_dialect_writes() -> None:
    assert [wrong for path in modules(*ROOMS) for wrong in wrongs(path)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Task.objects.create(title='x')",
        "task.save()",
        "Task.objects.filter(pk=1).update(title='x')",
        "import baton.core.events.record",
        "from django.db import transaction",
        "from baton.core.events.record import record",
        "import baton.surfaces.api.tasks",
        "from baton.reactions import follow",
    ],
)
def test_a_wrong_line_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    path = tmp_path / "views.py"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr("tests.architecture.test_dialects.named", str)

    assert list(wrongs(path))
