"""What every process needs to know before Django's settings: its environment and its data folder."""

from __future__ import annotations

import os
from pathlib import Path

from baton.lib import paths, variables
from baton.lib.env import Environment


def read_environment() -> tuple[Environment, Path]:
    """Return the environment, `.env` files included, and the data folder. Raises BadVariable.

    A `.env` is read from the working folder, the checkout and the data folder, in this order; the data folder's
    can't move the data folder.
    """
    outside = Environment.of_process(Path(".env"), paths.CHECKOUT / ".env")
    data = outside.read(variables.DATA) or paths.default_data()
    environment = Environment.of_process(Path(".env"), paths.CHECKOUT / ".env", data / ".env")
    return environment, data


def put(name: str, value: str) -> None:
    """Set a variable of this process, so that a command-line option wins over every `.env`."""
    os.environ[name] = value
