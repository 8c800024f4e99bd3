"""The files that the house is made of."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
HOUSE = CHECKOUT / "baton"


def modules(*folders: Path) -> list[Path]:
    """Return every Python file below the folders, or below the house."""
    return sorted(path for folder in folders or (HOUSE,) for path in folder.rglob("*.py"))


def named(path: Path) -> str:
    """Return the path as people write it."""
    return path.relative_to(CHECKOUT).as_posix()


def imports(path: Path) -> Iterator[str]:
    """Yield the dotted name of everything that a file imports, `a.b` for `from a import b` too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
