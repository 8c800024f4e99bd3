"""Django's settings for mypy's plugin, which needs them without a secret or a data folder being set up."""

from __future__ import annotations

import tests.environment  # noqa: F401  (first: the settings read what it sets)
from baton.settings import *  # noqa: F403
