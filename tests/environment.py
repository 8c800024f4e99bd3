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


_use_own_folder()
os.environ.setdefault("BATON_SECRET_KEY", "only-for-tests-" + "0123456789abcdef" * 3)
