"""Mail as files, where no SMTP server is set, and how it is looked at."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

LARGEST_SHOWN = 4 * 2**20
_NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f-]+\.eml", re.ASCII)


class FolderBackend(BaseEmailBackend):
    """Django's mail backend that writes each message to an `.eml` file of its own, for its owner's eyes only."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages; return how many."""
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            path = folder / f"{timezone.now():%Y%m%d-%H%M%S-%f}-{uuid4().hex[:12]}.eml"
            path.touch(mode=0o600)
            path.write_bytes(message.message().as_bytes())
        return len(email_messages)


@dataclass(frozen=True, slots=True)
class WrittenLetter:
    """A letter in the folder, as its reader sees it."""

    name: str
    written_at: datetime
    subject: str
    to: str
    headers: Sequence[tuple[str, str]]
    text: str
    html: str


def is_used() -> bool:
    """Is mail written to the folder?"""
    return not settings.EMAIL_HOST


def list_letters(count: int, *, before: str = "") -> list[WrittenLetter]:
    """Return the newest letters, or the newest of those older than the one called `before`."""
    folder = _folder()
    names = [path.name for path in folder.iterdir() if _NAME.fullmatch(path.name)] if folder.is_dir() else []
    older = sorted((name for name in names if not before or name < before), reverse=True)[:count]
    return [letter for name in older if (letter := find_letter(name)) is not None]


def find_letter(name: str) -> WrittenLetter | None:
    """Return a letter of the folder; None for every name that is none of a letter there."""
    if not _NAME.fullmatch(name):
        return None
    try:
        # What somebody has put there as a link is not followed out of the folder.
        number = os.open(_folder() / name, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    with os.fdopen(number, "rb") as file:
        written_at = datetime.fromtimestamp(os.fstat(number).st_mtime, tz=timezone.get_default_timezone())
        message = message_from_bytes(file.read(LARGEST_SHOWN), _class=ParsedMessage, policy=policy.default)
    headers = [(header, str(value).strip()) for header, value in message.items()]
    first = {header.lower(): value for header, value in reversed(headers)}
    return WrittenLetter(
        name,
        written_at,
        first.get("subject", ""),
        first.get("to", ""),
        headers,
        _part(message, "plain"),
        _part(message, "html"),
    )


def _part(message: ParsedMessage, kind: str) -> str:
    """Return the text of one of the letter's forms, empty where it has none."""
    part = message.get_body((kind,))
    if part is not None:
        with suppress(LookupError, ValueError):  # no charset that anybody knows
            return str(part.get_content())
    return ""


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)
