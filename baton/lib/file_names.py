"""What a file is called, as people see it. Never a path: files are stored under names that the server makes."""

from __future__ import annotations

import unicodedata

LONGEST_NAME = 255
NAMELESS = "file"
_LONGEST_EXTENSION = 20

# Zero-width joiners make one letter or emoji of several; every other format character can only mislead: the marks of
# writing direction let `gpj.exe` read as `exe.jpg`.
_JOINERS = "\u200c\u200d"


def clean_file_name(raw: str) -> str:
    """Return the name to show: without folders, control and direction characters, and of at most 255 characters.

    What is cut away is the stem's end, not the extension; nothing left gives `file`.
    """
    name = unicodedata.normalize("NFC", raw).replace("\\", "/").rpartition("/")[2]
    name = "".join(character for character in name if _is_shown(character))
    name = " ".join(name.split()).rstrip(". ")
    return _shortened(name) if name else NAMELESS


def _is_shown(character: str) -> bool:
    if character in _JOINERS or character.isspace():
        return True
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > _LONGEST_EXTENSION:
        return name[:LONGEST_NAME]
    return stem[: LONGEST_NAME - len(extension) - 1] + dot + extension
