"""Mail to people: over SMTP, or as files where no server is set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one address. `to` is what its readers see, since others may have got the same.

    `message_id` is the same each time it is sent, so that receivers know a repetition.
    """

    recipient: str
    to: Sequence[str]
    subject: str
    text: str
    message_id: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def send(letter: Letter) -> None:
    """Send the letter. Raises OSError (SMTP's errors are among them)."""
    message = EmailMultiAlternatives(
        letter.subject,
        letter.text,
        settings.DEFAULT_FROM_EMAIL,
        [letter.recipient],
        # RFC 3834: no answering machine answers.
        headers={**letter.headers, "Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    message.send()


class FolderBackend(BaseEmailBackend):
    """Django's mail backend that writes each message to an `.eml` file of its own, for its owner's eyes only."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages; return how many."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            path = folder / f"{timezone.now():%Y%m%d-%H%M%S}-{uuid4().hex[:12]}.eml"
            path.touch(mode=0o600)
            path.write_bytes(message.message().as_bytes())
        return len(email_messages)
