"""What an importer is told besides the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo


@dataclass(frozen=True)
class Options:
    """`source` tells this old system from others of its kind.

    `salt` is the one that its passwords were hashed with (taskapi's PASS_SALT); `zone` is where its clock stood, for
    times that don't say.
    """

    source: str
    salt: str = ""
    zone: tzinfo = UTC
