"""A real SMTP server that does what a test tells it, and keeps what it was sent."""

from __future__ import annotations

import asyncio
import email.policy
import logging
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from threading import Lock, Thread
from time import perf_counter
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from baton.adapters.smtp import close_idle

OK = "250 OK"
STALL, TRICKLE, HANG_UP = "stall", "trickle", "hang up"
"""What the server can do instead of answering: nothing, a byte now and then, or close the connection."""
TRICKLE_SECONDS = 0.2
_LONG = 3600.0

# It tells of each command.
logging.getLogger("mail.log").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A letter that the server took, and when by `perf_counter`; `connection` counts from 1."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    connection: int
    at: float = field(default_factory=perf_counter)

    @property
    def message(self) -> EmailMessage:
        found = BytesParser(policy=email.policy.default).parsebytes(self.content)
        assert isinstance(found, EmailMessage)
        return found

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def text(self) -> str:
        return _content(self.message, "plain")

    @property
    def html(self) -> str:
        return _content(self.message, "html")


@dataclass
class _Rule:
    stage: str
    answer: str
    times: float
    address: str
    is_each: bool
    spent: Counter[str] = field(default_factory=Counter)


@dataclass
class MailServer:
    """What arrived, in order, and what is answered at which stage: CONNECT, AUTH, MAIL, RCPT or DATA (its end).

    `pause` is how many seconds it takes to think about each letter.
    """

    port: int = 0
    host: str = "127.0.0.1"
    pause: float = 0.0
    arrived: list[Arrived] = field(default_factory=list)
    connections: int = 0
    logins: list[LoginPassword] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    _rules: list[_Rule] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def will(
        self, stage: str, answer: str, *, times: float = float("inf"), address: str = "", is_each: bool = False
    ) -> None:
        """Answer so at a stage, so many times, to letters for one address or for all; at DATA also to each letter."""
        with self._lock:
            self._rules.append(_Rule(stage, answer, times, address, is_each))

    def forgive(self) -> None:
        """Take everything from now on."""
        with self._lock:
            self._rules.clear()

    def letters_to(self, address: str) -> list[Arrived]:
        """Return what arrived for an address."""
        return [letter for letter in self.arrived if address in letter.recipients]

    def answer(self, stage: str, addresses: list[str], usual: str, letter: str = "") -> str:
        """Return what is answered, and count it."""
        with self._lock:
            self.stages.append(stage)
            for rule in self._rules:
                key = letter if rule.is_each else ""
                if rule.stage == stage and rule.spent[key] < rule.times and rule.address in ("", *addresses):
                    rule.spent[key] += 1
                    return rule.answer
        return usual


@contextmanager
def mail_server(*, port: int = 0, tls: ssl.SSLContext | None = None, is_starttls: bool = False) -> Iterator[MailServer]:
    """Run a mail server on loopback, in a thread; with TLS from the start, or after STARTTLS."""
    server = MailServer()
    loop = asyncio.new_event_loop()
    talks: set[_Talk] = set()

    def make() -> _Talk:
        talk = _Talk(server, loop, tls if is_starttls else None)
        talks.add(talk)
        return talk

    listening = loop.run_until_complete(loop.create_server(make, "127.0.0.1", port, ssl=None if is_starttls else tls))
    server.port = listening.sockets[0].getsockname()[1]
    thread = Thread(target=loop.run_forever, name="mail-server", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(_end(listening, talks), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def smtp(settings: Any) -> Iterator[MailServer]:
    """Run a mail server that letters are sent to."""
    with mail_server() as server:
        send_to(settings, server)
        yield server
        close_idle()


def send_to(settings: Any, server: MailServer, **more: Any) -> None:
    """Have letters sent to the server."""
    settings.EMAIL_BACKEND = "baton.adapters.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
    for name, value in more.items():
        setattr(settings, name, value)


class _Talk(SMTP):
    """One connection."""

    def __init__(
        self, server: MailServer, loop: asyncio.AbstractEventLoop, starttls: ssl.SSLContext | None = None
    ) -> None:
        self.server = server
        self.number = 0
        super().__init__(
            _Handler(self),
            hostname="mail.test",
            loop=loop,
            tls_context=starttls,
            auth_require_tls=False,
            authenticator=self._check,
        )

    async def _handle_client(self) -> None:
        self.server.connections += 1
        self.number = self.server.connections
        answer = self.server.answer("CONNECT", [], OK)
        if answer != OK and (given := await self.do(answer)) is not None:
            await self.push(given)
            self.hang_up()
            return
        with suppress(ConnectionError):
            await super()._handle_client()

    async def do(self, answer: str) -> str | None:
        """Return the answer where it is one; otherwise do what it says."""
        if answer == STALL:
            await asyncio.sleep(_LONG)
        elif answer == TRICKLE:
            while True:
                self._writer.write(b"2")
                await self._writer.drain()
                await asyncio.sleep(TRICKLE_SECONDS)
        elif answer == HANG_UP:
            self.hang_up()
            await asyncio.sleep(_LONG)
        elif answer.startswith("421"):
            await self.push(answer)
            self.hang_up()
            await asyncio.sleep(_LONG)
        return answer

    def hang_up(self) -> None:
        if self.transport is not None:
            self.transport.close()

    async def end(self) -> None:
        """Close the connection and wait until nothing runs for it."""
        running = self._handler_coroutine
        self.hang_up()
        if running is not None:
            running.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await running

    def _check(self, _smtp: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
        self.server.logins.append(given)
        answer = self.server.answer("AUTH", [], OK)
        is_known = answer == OK
        return AuthResult(success=is_known, handled=False, message=None if is_known else answer, auth_data=given)


class _Handler:
    """What aiosmtpd asks at each stage."""

    def __init__(self, talk: _Talk) -> None:
        self._talk = talk

    async def handle_MAIL(  # noqa: N802  # the library's name
        self, _smtp: SMTP, _session: Session, envelope: Envelope, address: str, options: Any
    ) -> Any:
        given = await self._talk.do(self._talk.server.answer("MAIL", [], OK))
        if given == OK:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return given

    async def handle_RCPT(  # noqa: N802
        self, _smtp: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> Any:
        given = await self._talk.do(self._talk.server.answer("RCPT", [address], OK))
        if given == OK:
            envelope.rcpt_tos.append(address)
        return given

    async def handle_DATA(  # noqa: N802
        self, _smtp: SMTP, _session: Session, envelope: Envelope
    ) -> Any:
        server, recipients = self._talk.server, [str(address) for address in envelope.rcpt_tos]
        await asyncio.sleep(server.pause)
        content = bytes(envelope.original_content or b"")
        letter = Arrived(str(envelope.mail_from), tuple(recipients), content, self._talk.number)
        answer = server.answer("DATA", recipients, OK, letter.message_id)
        if answer == OK:
            server.arrived.append(letter)
        return await self._talk.do(answer)


async def _end(listening: asyncio.Server, talks: set[_Talk]) -> None:
    listening.close()
    for talk in talks:
        await talk.end()
    await asyncio.sleep(0)


def _content(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
