"""Pages as Chromium draws and prints them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SIZE = (1100, 900)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium")


def draw(page: str, server: str, folder: Path) -> Path:
    """Return the picture of a fetched page, for Chromium has no cookie; the server gives its styles."""
    picture = folder / "page.png"
    page = page.replace("<head>", f'<head><meta charset="utf-8"><base href="{server}">', 1)
    _run(page, folder, "--hide-scrollbars", f"--window-size={SIZE[0]},{SIZE[1]}", f"--screenshot={picture}")
    return picture


def count_printed(page: str, folder: Path) -> int:
    """Return how many sheets of paper a page needs that stands alone."""
    printed = folder / "page.pdf"
    _run(page, folder, "--no-pdf-header-footer", f"--print-to-pdf={printed}")
    return len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes()))


def _run(page: str, folder: Path, *options: str) -> None:
    source = folder / "page.html"
    source.write_text(page, encoding="utf-8")
    subprocess.run(
        [
            str(CHROMIUM),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--blink-settings=preferredColorScheme=1",
            f"--user-data-dir={folder / 'profile'}",
            *options,
            source.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
