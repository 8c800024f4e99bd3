"""What the kit has to know of this dialect."""

from __future__ import annotations

from baton.surfaces.dialects.issuetracker.errors import REFUSE
from baton.surfaces.dialects.issuetracker.mapping import issues_project
from baton.surfaces.wire.dialects.dialect import Dialect

DIALECT = Dialect("issuetracker", refuse=REFUSE, project=issues_project)
