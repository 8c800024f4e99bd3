"""What the kit has to know of this dialect."""

from __future__ import annotations

from baton.surfaces.wire.dialects.dialect import Dialect
from baton.surfaces.wire.dialects.rest_errors import RestErrors

DIALECT = Dialect("taskmaster", refuse=RestErrors(challenge='Bearer realm="api"'))
