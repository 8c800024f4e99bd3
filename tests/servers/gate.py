"""What stands between Baton and a server: it lets all through, refuses, or takes all and never answers."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

_CHUNK = 65536
_LOOKS_EVERY = 0.05


class Gate:
    """Passes connections on to a server; `count` is how many have come, let through or not."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname or "127.0.0.1", parts.port or 0)
        self._selector = selectors.DefaultSelector()
        self._peers: dict[socket.socket, socket.socket] = {}
        self._lock = threading.RLock()
        self._is_over = self._hangs = False
        self._listening = self._listen(0)
        self._address: tuple[str, int] = self._listening.getsockname()
        log_in = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
        self.url = urlunsplit(parts._replace(netloc=f"{log_in}127.0.0.1:{self._address[1]}"))
        self.count = 0

    def close(self) -> None:
        """End all connections and refuse new ones, as where no server runs."""
        with self._lock:
            self._drop(self._listening)
            self._cut()

    def hang(self) -> None:
        """From now on take connections and whatever is said on them, and pass nothing on."""
        with self._lock:
            self._hangs = True

    def open(self) -> None:
        """Let everything through again. What hung is cut: nobody knows what has been lost on it."""
        with self._lock:
            self._hangs = False
            self._cut()
            if self._listening.fileno() < 0:
                self._listening = self._listen(self._address[1])

    def pass_on(self) -> None:
        """Do so until `leave`."""
        while not self._is_over:
            for key, _ in self._selector.select(_LOOKS_EVERY):
                with self._lock, suppress(KeyError):
                    came: socket.socket = key.fileobj  # type: ignore[assignment]  # only sockets are registered
                    if came is self._listening:
                        self._take()
                    elif came in self._peers:
                        self._forward(came)

    def leave(self) -> None:
        """Stop passing on, and end everything."""
        self._is_over = True
        self.close()

    def _listen(self, port: int) -> socket.socket:
        listening = socket.create_server(("127.0.0.1", port))
        self._selector.register(listening, selectors.EVENT_READ)
        return listening

    def _take(self) -> None:
        client, _ = self._listening.accept()
        self.count += 1
        try:
            server = socket.create_connection(self._server, timeout=5)
        except OSError:
            client.close()
            return
        for one, other in ((client, server), (server, client)):
            self._peers[one] = other
            self._selector.register(one, selectors.EVENT_READ)

    def _forward(self, came: socket.socket) -> None:
        other = self._peers[came]
        try:
            said = came.recv(_CHUNK)
            if said and not self._hangs:
                other.sendall(said)
        except OSError:
            said = b""
        if not said:
            self._drop(came)
            self._drop(other)

    def _cut(self) -> None:
        for connected in list(self._peers):
            self._drop(connected)

    def _drop(self, connected: socket.socket) -> None:
        self._peers.pop(connected, None)
        with suppress(KeyError, ValueError):
            self._selector.unregister(connected)
        connected.close()


@contextmanager
def gate(url: str) -> Iterator[Gate]:
    """Put a gate in front of the server that the URL names; `Gate.url` leads through it."""
    made = Gate(url)
    thread = threading.Thread(target=made.pass_on, name="gate", daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.leave()
        thread.join()
