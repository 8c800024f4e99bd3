"""What an importer is told besides the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """`source` tells this old system from others of its kind.

    `salt` is the one that its passwords were hashed with (taskapi's PASS_SALT); `zone` is where its clock stood, for
    times that don't say. `media` is the folder of its files (tasktable).
    """

    source: str
    salt: str = ""
    zone: tzinfo = UTC
    media: Path | None = None
