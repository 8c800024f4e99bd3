"""The environment tests run in; loaded before Django's settings (`-p tests.environment` in pyproject.toml).

`bin/test` gives all of it. Under a plain `pytest` the rest is made here: SQLite in a folder of its own, never the
data folder of a Baton that somebody uses.
"""

from __future__ import annotations

import os
import shutil
import tempfile


def _use_own_folder() -> None:
    # Workers of pytest-xdist inherit the variable, so all share the controller's folder.
    if "BATON_DATA" in os.environ:
        return
    folder = tempfile.mkdtemp(prefix="baton-test-")
    os.environ["BATON_DATA"] = folder
    owner = os.getpid()

    def remove() -> None:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)

    import atexit

    atexit.register(remove)


def _use_own_server() -> None:
    # Worker gw1 takes the second server, and so on.
    servers = os.environ.get("TEST_DATABASE_URLS", "").split()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if servers and worker.startswith("gw"):
        os.environ["DATABASE_URL"] = servers[int(worker.removeprefix("gw")) % len(servers)]


_use_own_folder()
_use_own_server()
os.environ.setdefault("BATON_SECRET_KEY", "only-for-tests-" + "0123456789abcdef" * 3)
