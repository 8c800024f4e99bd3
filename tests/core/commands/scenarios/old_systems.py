"""What is taken over from older systems."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from baton.core.actor import SYSTEM
from baton.core.commands import old_system_files, old_system_import
from baton.core.commands.old_systems import (
    OldChange,
    OldComment,
    OldFile,
    OldSystem,
    OldSystemReport,
    OldTask,
    OldToken,
    OldUser,
)
from baton.core.models import Task
from baton.lib.api_secrets import digest_of
from tests.cast import Cast
from tests.core.commands.scenarios.full_task import DUE, Scenario

OLD = OldSystem(
    "tasktable",
    "tasktable",
    users=[OldUser("8001", "peter", "pbkdf2_sha256$1$a$b", "peter@example.org"), OldUser("8002", "olga")],
    tokens=[OldToken(digest_of("ab" * 20), "8001")],
    tasks=[OldTask("9001", "New York", "is in danger", "in_progress", "8001", ["8002", "8001"], DUE)],
    comments=[OldComment("1", "9001", "8002", "We have faith.", DUE)],
    changes=[OldChange("1", "9001", "status", "w", "It became w.", DUE)],
)


def _bring_a_file(_cast: Cast, _task: Task) -> None:
    with NamedTemporaryFile() as file:
        old = replace(OLD, files=[OldFile("notes.txt", Path(file.name))])
        old_system_files.import_files(SYSTEM, old, OldSystemReport())


SCENARIOS: dict[str, list[Scenario]] = {
    "old_system_files.import_files": [_bring_a_file],
    "old_system_import.import_old_system": [lambda _cast, _task: old_system_import.import_old_system(SYSTEM, OLD)],
}
