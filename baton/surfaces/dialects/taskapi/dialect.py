"""What the kit has to know of this dialect."""

from __future__ import annotations

from baton.surfaces.dialects.taskapi.errors import refuse
from baton.surfaces.wire.dialects.dialect import Dialect

DIALECT = Dialect("taskapi", refuse=refuse, adds_slashes=False)
