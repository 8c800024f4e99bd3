"""What a file is, by its content: what the sender says of it is not trusted."""

from __future__ import annotations

from pathlib import Path

UNKNOWN = "application/octet-stream"
PLAIN_TEXT = "text/plain"

_LONGEST = 100
_READ = 4096
# Below this a match rests on two or three bytes, which text may begin with too.
_SURE = 0.4
# Compressed by zip are many formats; which one it is shows only inside, and the name may tell.
_ZIP = b"PK\x03\x04"


def sniff(path: Path, name: str) -> str:
    """Return the media type of a file. `name` only chooses between formats that begin alike, such as zip and docx."""
    import puremagic

    with path.open("rb") as file:
        is_text = _is_text(file.read(_READ))
        file.seek(0)
        try:
            # Reads the beginning and the end of the file, not what is between.
            matches = puremagic.magic_stream(file, filename=name)
        except (puremagic.PureError, ValueError):
            matches = []
    extension = puremagic.ext_from_filename(name)
    for match in matches:
        # Without any bytes in common it was found by the name alone.
        if not match.byte_match or not match.mime_type or len(match.mime_type) > _LONGEST:
            continue
        if is_text and (match.confidence < _SURE or match.mime_type.startswith("text/x-")):
            # `import ` is no proof of Python.
            continue
        if match.byte_match == _ZIP and match.extension != extension:
            return "application/zip"
        return str(match.mime_type)
    return PLAIN_TEXT if is_text else UNKNOWN


def _is_text(head: bytes) -> bool:
    """Is this the beginning of a text in UTF-8, perhaps cut inside a character?"""
    for cut in range(4):
        try:
            text = head[: len(head) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return bool(text) and all(character >= " " or character in "\t\r\n\f" for character in text)
    return False
