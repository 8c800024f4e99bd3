"""A real RabbitMQ, where one is installed: a node of its own, whose name, ports and folders nobody else knows."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kombu import Connection

from tests.servers.process import ServerFailed, free_port, running

# On Debian the program on the PATH changes to the user of the machine's own node; this one runs as whoever calls it.
_PACKAGED = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
# Erlang's schedulers spin while they wait, on cores that the tests need.
_FRUGAL = "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none"


@contextmanager
def rabbitmq() -> Iterator[str]:
    """Run a fresh RabbitMQ and give its URL. Raises ServerFailed."""
    program, name_server = _find_program(), _find_name_server()
    with tempfile.TemporaryDirectory(prefix="baton-rabbitmq-", ignore_cleanup_errors=True) as name:
        folder, names, password = Path(name), free_port(), secrets.token_urlsafe(16)
        port = free_port()
        url = f"amqp://baton:{password}@127.0.0.1:{port}//"
        with (
            # A node starts Erlang's name server where there is none, and leaves it behind.
            running(
                [name_server, "-port", str(names), "-address", "127.0.0.1"],
                log=folder / "names.log",
                answers=lambda: _listens(names),
            ),
            running(
                [program],
                log=folder / "rabbitmq.log",
                answers=lambda: _answers(url),
                environment=_make_node(folder, names, port, password),
                # What it would write down at an orderly end is thrown away.
                stop_with=signal.SIGKILL,
            ),
        ):
            yield url


def _find_program() -> str:
    found = str(_PACKAGED) if _PACKAGED.exists() else shutil.which("rabbitmq-server")
    if not found:
        raise ServerFailed("There is no RabbitMQ: install it (on Debian: apt-get install rabbitmq-server).")
    return found


def _find_name_server() -> str:
    found = shutil.which("epmd")
    if not found:
        raise ServerFailed("There is a RabbitMQ, but no epmd beside it: install Erlang.")
    return found


def _make_node(folder: Path, names: int, port: int, password: str) -> dict[str, str]:
    """Write a node's configuration into the folder and return the environment that has it heeded, and no other."""
    configuration = folder / "rabbitmq.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(
        f"listeners.tcp.local = 127.0.0.1:{port}\ndefault_user = baton\ndefault_pass = {password}\n"
        "log.console = true\nlog.file = false\n",
        encoding="utf-8",
    )
    (folder / "enabled_plugins").write_text("[].\n", encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("RABBITMQ_", "ERL_"))}
    return {
        **inherited,
        # Erlang's cookie lies there.
        "HOME": str(folder),
        "ERL_EPMD_PORT": str(names),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        # The script then becomes the node instead of watching over it, and a signal reaches the right process.
        "RUNNING_UNDER_SYSTEMD": "true",
        "RABBITMQ_NODENAME": f"baton-{secrets.token_hex(4)}@localhost",
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_BASE": str(folder),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_CONFIG_FILE": str(configuration),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-kernel inet_dist_use_interface {{127,0,0,1}} {_FRUGAL}",
    }


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _answers(url: str) -> bool:
    try:
        with Connection(url, connect_timeout=2) as connection:
            connection.connect()
    except OSError:
        return False
    return True
