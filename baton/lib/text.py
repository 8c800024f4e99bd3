"""Text as people compare it."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Return `text` as it is compared without case: NFKC, case-folded.

    The fold happens here and not in the database, since SQLite folds ASCII only and PostgreSQL by its locale.
    """
    # Twice, since folding takes some letters apart whose marks then need ordering again.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
