"""A store of files for one test, and pictures to put into it."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from baton.adapters.staging import Staging


@pytest.fixture
def store(settings: Any, tmp_path: Path) -> Path:
    """Return the folder of a store that no other test sees."""
    folder = tmp_path / "files"
    settings.MEDIA_ROOT = folder
    local = {"BACKEND": "baton.adapters.storage.LocalFiles", "OPTIONS": {"location": str(folder)}}
    settings.STORAGES = {**settings.STORAGES, "default": local}
    return folder


def files_in(folder: Path) -> set[str]:
    """Return every file below the folder, by its path in it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def staged() -> Iterator[Any]:
    """Return a function that stages a file; whatever it staged is discarded in the end."""
    made: list[Staging] = []

    def stage(content: bytes = b"Hello") -> Staging:
        made.append(Staging.of(content))
        return made[-1]

    yield stage
    for staging in made:
        staging.discard()


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    """Return a picture, red on its left side and blue on its right."""
    drawn = Image.new("RGB", size, (200, 0, 0))
    drawn.paste((0, 0, 200), (size[0] // 2, 0, size[0], size[1]))
    encoded = BytesIO()
    drawn.save(encoded, kind, **options)
    return encoded.getvalue()


def pixel_bomb(side: int = 30_000) -> bytes:
    """Return a PNG of a few hundred kilobytes that is gigabytes of pixels."""
    encoded = BytesIO()
    Image.new("1", (side, side)).save(encoded, "PNG", compress_level=9)
    return encoded.getvalue()
