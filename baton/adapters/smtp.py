"""SMTP by Django's own backend, with what a worker needs: connections are kept between letters, and no try is endless.

A server that never speaks, stalls in the midst of a letter or lets its answer trickle in byte by byte has as long as
`EMAIL_TIMEOUT` says for everything together: each wait is as long as the deadline of the try leaves.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from functools import cache, partial
from threading import Lock, Timer
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends import smtp
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.utils import DNS_NAME

from baton.adapters.deadlines import Deadline, Ending, run_within

IDLE_SECONDS = 5.0
"""How long a connection is kept that nobody uses."""
_PARTING = 1.0
_CLOSING = 421
_GO_ON = 354
_LEADING_PERIOD = re.compile(rb"^\.", re.MULTILINE)


class EmailBackend(BaseEmailBackend):
    """Django's mail backend over connections that all threads of the process share, each used by one at a time.

    `accepted` is what the server said when it took the last message: its code and words. `ending` is what each goes
    through at its end (`adapters/mail.py`).
    """

    accepted: tuple[int, bytes] | None = None

    def __init__(self, *, ending: Ending = nullcontext, **given: Any) -> None:
        super().__init__(**given)
        self._ending = ending

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send the messages; return how many. Raises OSError, SMTP's errors among them."""
        for message in email_messages:
            connection = _idle.take() or _Connection(**_server())
            try:
                connection.send(message, self._ending)
            except smtplib.SMTPRecipientsRefused:
                # The session was reset and can go on, unless the server has ended it.
                _idle.give_back(connection)
                raise
            except BaseException:
                connection.discard()
                raise
            self.accepted = connection.accepted
            _idle.give_back(connection)
        return len(email_messages)


def close_idle() -> None:
    """Close the connections that nobody uses at this moment."""
    _idle.close(older_than=0)


class _Timed:
    """A socket whose each wait ends with the deadline of the try it is used for."""

    deadline: Deadline | None = None

    def recv_into(self: Any, *args: Any) -> int:
        self._limit()
        return int(super().recv_into(*args))  # type: ignore[misc]

    def send(self: Any, *args: Any) -> int:
        self._limit()
        return int(super().send(*args))  # type: ignore[misc]

    def sendall(self: Any, *args: Any) -> None:
        self._limit()
        super().sendall(*args)  # type: ignore[misc]

    def _limit(self: Any) -> None:
        if self.deadline is not None:
            self.settimeout(self.deadline.left())


class _TimedSocket(_Timed, socket.socket):
    pass


class _TimedTls(_Timed, ssl.SSLSocket):
    pass


class _Session(smtplib.SMTP):
    """A session with the server. `has_begun` says whether the server has answered the letter's first command."""

    def __init__(self, connection: _Connection, *args: Any, **kwargs: Any) -> None:
        self._connection = connection
        self.has_begun = False
        super().__init__(*args, **kwargs)

    def send(self, s: Any) -> None:
        self._limit()
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        self._limit()
        return super().getreply()

    def mail(self, sender: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        code, text = super().mail(sender, options)
        self.has_begun = code != _CLOSING
        return code, text

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the letter as smtplib does, but its end apart: a server drops what it has not seen the end of."""
        code, text = self.docmd("DATA")
        if code != _GO_ON:
            raise smtplib.SMTPDataError(code, text)
        lines = _LEADING_PERIOD.sub(b"..", msg)
        self.send(lines if lines.endswith(b"\r\n") else lines + b"\r\n")
        with self._connection.ending(self._connection.deadline):
            code, text = self.docmd(".")
        self._connection.accepted = (code, text)
        return code, text

    def _limit(self) -> None:
        # Here, since TLS puts another socket in the place of the first.
        if isinstance(self.sock, _Timed):
            self.sock.deadline = self._connection.deadline

    def _get_socket(self, host: str, port: int, _timeout: float) -> socket.socket:
        return _connect(host, port, self._connection.deadline)


class _TlsSession(smtplib.SMTP_SSL, _Session):
    def __init__(self, connection: _Connection, *args: Any, **kwargs: Any) -> None:
        # smtplib's own class initialises SMTP by name, so it doesn't come by `_Session`.
        self._connection = connection
        self.has_begun = False
        super().__init__(*args, **kwargs)


class _Connection(smtp.EmailBackend):
    """One connection, opened when it is needed."""

    def __init__(self, **server: Any) -> None:
        super().__init__(**server)
        self.server = server
        self.idle_since = 0.0
        self.deadline = Deadline(0)
        self.ending: Ending = nullcontext
        self.accepted: tuple[int, bytes] | None = None

    @property
    def ssl_context(self) -> ssl.SSLContext:
        return _trust()

    @property
    def connection_class(self) -> Any:
        return partial(_TlsSession if self.use_ssl else _Session, self)

    def send(self, message: EmailMessage, ending: Ending) -> None:
        """Send one message; where the server had closed the connection meanwhile, over a new one."""
        self.deadline = Deadline(settings.EMAIL_TIMEOUT)
        self.ending = ending
        was_open = self.connection is not None
        try:
            try:
                self._send_once(message)
            except (smtplib.SMTPServerDisconnected, smtplib.SMTPSenderRefused) as error:
                if not was_open or not self._was_closed(error):
                    raise
                self.discard()
                self._send_once(message)
        except OSError as error:
            if self.deadline.is_over:
                raise self.deadline.passed() from error
            raise

    def discard(self) -> None:
        """Close the connection, whatever state it is in."""
        kept = self.deadline
        if not kept.is_over:
            self.deadline = Deadline(min(kept.left(), _PARTING))
        with suppress(OSError):
            self.close()
        self.deadline = kept

    def _send_once(self, message: EmailMessage) -> None:
        if self.connection is None:
            # It asks the name server for this machine's own name, and is asked again when a letter is composed.
            run_within(self.deadline, DNS_NAME.get_fqdn)
            self.open()
        if isinstance(self.connection, _Session):
            self.connection.has_begun = False
        self.send_messages([message])

    def _was_closed(self, error: smtplib.SMTPException) -> bool:
        """Had the server closed the connection before the letter began? Then nothing of it was sent."""
        if isinstance(error, smtplib.SMTPSenderRefused):
            return error.smtp_code == _CLOSING
        return isinstance(self.connection, _Session) and not self.connection.has_begun


class _Idle:
    """The connections that wait for their next letter; a timer closes them after a while."""

    def __init__(self) -> None:
        self._waiting: list[_Connection] = []
        self._timer: Timer | None = None
        self._lock = Lock()

    def take(self) -> _Connection | None:
        """Return a connection to the server of the settings, used last, if there is one."""
        with self._lock:
            for connection in reversed(self._waiting):
                if connection.server == _server():
                    self._waiting.remove(connection)
                    return connection
        return None

    def give_back(self, connection: _Connection) -> None:
        """Keep the connection for the next letter."""
        connection.idle_since = monotonic()
        with self._lock:
            self._waiting.append(connection)
            self._set_timer()

    def close(self, older_than: float) -> None:
        """Close those that nobody has used for so many seconds."""
        before = monotonic() - older_than
        with self._lock:
            over = [found for found in self._waiting if found.idle_since <= before]
            self._waiting = [found for found in self._waiting if found.idle_since > before]
        for connection in over:
            connection.deadline = Deadline(_PARTING)
            connection.discard()

    def _set_timer(self) -> None:
        if self._timer is None:
            self._timer = Timer(IDLE_SECONDS, self._look)
            self._timer.daemon = True
            self._timer.start()

    def _look(self) -> None:
        self.close(IDLE_SECONDS)
        with self._lock:
            self._timer = None
            if self._waiting:
                self._set_timer()


_idle = _Idle()


@cache
def _trust() -> ssl.SSLContext:
    # Reading the system's certificates takes longer than most letters.
    context = ssl.create_default_context()
    context.sslsocket_class = _TimedTls
    return context


def _server() -> dict[str, Any]:
    return {
        "host": settings.EMAIL_HOST,
        "port": settings.EMAIL_PORT,
        "username": settings.EMAIL_HOST_USER,
        "password": settings.EMAIL_HOST_PASSWORD,
        "use_tls": settings.EMAIL_USE_TLS,
        "use_ssl": settings.EMAIL_USE_SSL,
    }


def _connect(host: str, port: int, deadline: Deadline) -> socket.socket:
    """Return a connection to the first address of the host that takes it. Raises OSError."""
    found = run_within(deadline, partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM))
    failure: OSError = OSError("the host has no address")
    for family, kind, protocol, _, address in found:
        connected = _TimedSocket(family, kind, protocol)
        try:
            connected.settimeout(deadline.left())
            connected.connect(address)
        except OSError as error:
            connected.close()
            failure = error
        else:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connected
    raise failure
