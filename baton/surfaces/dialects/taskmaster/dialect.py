"""What the kit has to know of this dialect."""

from __future__ import annotations

from baton.surfaces.dialects.taskmaster.errors import ERRORS
from baton.surfaces.wire.dialects.dialect import Dialect

DIALECT = Dialect("taskmaster", refuse=ERRORS)
