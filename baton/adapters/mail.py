"""Mail to people: over SMTP, or as files where no server is set, and what the server said to it."""

from __future__ import annotations

import re
import smtplib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from email.header import Header
from enum import Enum
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.message import sanitize_address

from baton.adapters.deadlines import Ending, TooLate

_NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_ASKS_FOR_LOGIN = frozenset({530, 534, 535, 538})
_TOO_LARGE = 552
_LONGEST_LINE = 998
"""What RFC 5322 allows a line of a header."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one address. `to` is what its readers see, since others may have got the same.

    `message_id` is the same each time it is sent, so that receivers know a repetition. Whatever the subject and the
    headers contain, they become one line each.
    """

    recipient: str
    to: Sequence[str]
    subject: str
    text: str
    message_id: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Verdict(Enum):
    """What became of a letter. REFUSED is for good; FAILED and LOGIN_REFUSED may go better another time."""

    SENT = "sent"
    REFUSED = "refused"
    FAILED = "failed"
    LOGIN_REFUSED = "login_refused"


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a letter, in a sentence unless it was sent, and with the server's own code and words."""

    verdict: Verdict
    error: str = ""
    code: int | None = None
    text: str = ""


def send(letter: Letter, *, ending: Ending = nullcontext) -> Reply:
    """Try once to send the letter; return what the server said to it.

    `ending` is entered before the end of the letter is sent, which the server may take it at, and left when its answer
    is there. What it raises goes on to the caller, and the server has taken nothing.
    """
    if not _is_address(letter.recipient):
        return Reply(Verdict.REFUSED, "The recipient's address is none.")
    backend = get_connection(ending=ending)
    try:
        backend.send_messages([_Message(letter)])
    except OSError as error:
        return _judge(error)
    # What the server calls it in its queue: where to look for a letter that was taken and never came.
    code, words = getattr(backend, "accepted", None) or (None, b"")
    return Reply(Verdict.SENT, code=code, text=words.decode("utf-8", "replace"))


class _Message(EmailMultiAlternatives):
    """The letter as Django sends it."""

    def __init__(self, letter: Letter) -> None:
        headers = {name: _one_line(value) for name, value in letter.headers.items()}
        super().__init__(
            _one_line(letter.subject),
            letter.text,
            settings.DEFAULT_FROM_EMAIL,
            [_one_line(address) for address in letter.to],
            # RFC 3834: no answering machine answers.
            headers={**headers, "Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
        )
        self._recipient = letter.recipient
        if letter.html:
            self.attach_alternative(letter.html, "text/html")

    def message(self, **options: Any) -> Any:
        """Return the letter in its form for the wire, with headers that begin on their first line.

        A header is folded before a word that doesn't fit, so one that began with a long word, as links and encoded
        titles are, would have an empty first line: some programs find nothing there, others a title with a space.
        """
        message = super().message(**options)
        message.replace_header("Subject", _encoded_subject(str(self.subject)))
        message.policy = message.policy.clone(max_line_length=_LONGEST_LINE)
        return message

    def recipients(self) -> list[str]:
        """Return the envelope's recipient, whoever else is named in the letter."""
        return [self._recipient]


def _encoded_subject(subject: str) -> str:
    """Return the subject as it stands in its header, which is ASCII."""
    # What somebody has typed to look encoded is not to be decoded: a line's end could come of it.
    if subject.isascii() and "=?" not in subject:
        return subject
    return Header(subject, "utf-8", header_name="Subject").encode()


def _is_address(text: str) -> bool:
    """Is the text an address that an envelope can carry?"""
    try:
        sanitize_address(text, "utf-8")
    except ValueError:
        return False
    return True


def _judge(error: OSError) -> Reply:
    """Say what an error of the adapter means."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _judge_letter(*next(iter(error.recipients.values())))
        case smtplib.SMTPDataError():
            return _judge_letter(error.smtp_code, error.smtp_error)
        case smtplib.SMTPResponseException():
            return _judge_before_letter(error)
        case TooLate():
            return Reply(Verdict.FAILED, f"The mail server kept us waiting. {error}")
    return Reply(Verdict.FAILED, f"The letter could not be handed over: {str(error) or type(error).__name__}")


def _judge_letter(code: int, text: bytes | str) -> Reply:
    """Say what an answer about this letter means."""
    if code in _ASKS_FOR_LOGIN:
        return _reply(Verdict.LOGIN_REFUSED, "The mail server refused the log-in", code, text)
    if 500 <= code < 600:
        return _reply(Verdict.REFUSED, "The mail server refused the letter", code, text)
    return _reply(Verdict.FAILED, "The mail server did not take the letter now", code, text)


def _judge_before_letter(error: smtplib.SMTPResponseException) -> Reply:
    """Say what an answer before the recipient was named means: it is seldom about this letter alone."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _reply(Verdict.LOGIN_REFUSED, "The mail server refused the log-in", error.smtp_code, error.smtp_error)
    if error.smtp_code in _ASKS_FOR_LOGIN or error.smtp_code == _TOO_LARGE:
        return _judge_letter(error.smtp_code, error.smtp_error)
    return _reply(Verdict.FAILED, "The mail server takes no letters now", error.smtp_code, error.smtp_error)


def _reply(verdict: Verdict, sentence: str, code: int, text: bytes | str) -> Reply:
    known = code if code > 0 else None  # smtplib's word for an answer that is no SMTP is -1
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return Reply(verdict, f"{sentence} ({known or 'no SMTP'}).", known, _without_password(words))


def _without_password(text: str) -> str:
    """Return the server's words without the password, should it repeat what it was given."""
    user, password = settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD
    if not password:
        return text
    for secret in (f"\0{user}\0{password}".encode(), password.encode()):
        text = text.replace(b64encode(secret).decode().rstrip("="), "…")
    return text.replace(password, "…")


def _one_line(text: str) -> str:
    """Return the text on one line. Title lines end in more ways than headers may, and a header must not end in any."""
    return _NOT_IN_A_LINE.sub(" ", text).strip()
