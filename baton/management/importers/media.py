"""The files of an older system: a folder that a web server gave out as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from baton.core.commands.old_systems import OldFile
from baton.management.importers.databases import BadSource


def read_files(folder: Path | None) -> Iterator[OldFile]:
    """Yield what lies in the folder, by name; what is no file or leads out of it, without a path. Raises BadSource."""
    if folder is None:
        return
    try:
        root = folder.resolve(strict=True)
        names = sorted(path.name for path in root.iterdir())
    except (OSError, ValueError) as error:
        raise BadSource(f"The folder {folder} can't be read: {error}") from None
    for name in names:
        yield OldFile(name, _find(root, name))


def _find(root: Path, name: str) -> Path | None:
    """Return where the file lies, inside the folder whatever links there are."""
    try:
        path = (root / name).resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    return path if path.is_file() and path.is_relative_to(root) else None
