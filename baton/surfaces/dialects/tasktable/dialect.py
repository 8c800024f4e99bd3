"""What the kit has to know of this dialect."""

from __future__ import annotations

from dataclasses import replace

from baton.surfaces.dialects.tasktable.errors import REFUSE, REFUSE_COMMENT, REFUSE_FILE, REFUSE_RESOURCE
from baton.surfaces.dialects.tasktable.project import tasks_project
from baton.surfaces.wire.dialects.dialect import Dialect

NAME = "tasktable"


DIALECT = Dialect(NAME, refuse=REFUSE, project=tasks_project)
RESOURCES = replace(DIALECT, refuse=REFUSE_RESOURCE)
"""The same below `/api/tasks/`, which has sentences of its own."""
COMMENTS = replace(DIALECT, refuse=REFUSE_COMMENT)
"""The same about comments."""

FILES = replace(DIALECT, refuse=REFUSE_FILE)
"""The same for the files, which are no part of any task."""
