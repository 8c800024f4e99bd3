"""Django's settings for mypy's plugin, which reads them where no secret and no data folder need be set up."""

from __future__ import annotations

import os

# Nothing is read or written there: the folder need not exist.
os.environ.setdefault("BATON_DATA", "build/mypy")
os.environ.setdefault("BATON_SECRET_KEY", "only-for-mypy-" + "0123456789abcdef" * 3)

from baton.settings import *  # noqa: F403
from baton.settings import INSTALLED_APPS as _OURS

# The benchmark's reference has models as well.
INSTALLED_APPS = [*_OURS, "bench.reference.tasks"]
