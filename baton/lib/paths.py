"""Where things lie on disk."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
CHECKOUT = PACKAGE.parent


def default_data() -> Path:
    """Return the data folder where none is named: `data` in a checkout, else in the folder one stands in."""
    root = CHECKOUT if (CHECKOUT / "manage.py").is_file() else Path.cwd()
    return root / "data"
