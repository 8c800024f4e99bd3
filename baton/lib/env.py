"""Typed settings from the environment: one declaration per variable, one clear sentence when a value is bad.

Where a value is looked for, first hit wins: the process environment, then `.env` files in the order given. In each
place the variable's own name comes before its aliases, and a secret may be named by a file (`NAME_FILE`), the way
container platforms hand secrets over.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")


class BadVariable(ValueError):
    """A variable holds something it may not; the message is one line and names the variable, never a secret's value."""


@dataclass(frozen=True, slots=True)
class Variable(Generic[T]):
    """One declared variable.

    `parse` turns the text into the value and raises ValueError with a short reason; `kind` and `default_text` are what
    the documentation shows. A `secret`'s value never appears in a message, and `NAME_FILE` may hold its path.
    """

    name: str
    parse: Callable[[str], T]
    default: T
    kind: str
    help: str
    aliases: tuple[str, ...] = ()
    secret: bool = False
    default_text: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name the variable may be given under, the preferred one first."""
        return (self.name, *self.aliases)


class Environment:
    """What the process was given: its environment first, then each `.env` file that exists."""

    def __init__(self, *sources: Mapping[str, str]) -> None:
        self.sources = sources

    @classmethod
    def of_process(cls, *env_files: Path) -> Environment:
        """Return the environment of this process, completed by those of `env_files` that exist.

        Raises BadVariable when a file exists but can't be read.
        """
        return cls(os.environ, *(_read_env_file(path) for path in _distinct(env_files) if path.is_file()))

    def read(self, variable: Variable[T]) -> T:
        """Return the value of `variable`, or its default where nothing is set. Raises BadVariable for a bad value."""
        found = self._find(variable)
        if found is None:
            return variable.default
        name, text = found
        try:
            return variable.parse(text)
        except ValueError as error:
            shown = "" if variable.secret else f" (it is {text!r})"
            raise BadVariable(f"{name} {error}{shown}.") from None

    def _find(self, variable: Variable[T]) -> tuple[str, str] | None:
        """Return the name that was used and the text, or None; an empty text counts as not set."""
        for source in self.sources:
            for name in variable.names:
                if text := source.get(name, "").strip():
                    return name, text
                if variable.secret and (path := source.get(f"{name}_FILE", "").strip()):
                    return name, _read_secret_file(f"{name}_FILE", path)
        return None


def _distinct(paths: Iterable[Path]) -> list[Path]:
    return list(dict.fromkeys(path.resolve() for path in paths))


def _read_env_file(path: Path) -> dict[str, str]:
    # Imported here: most starts have no .env file, and every start is waited for.
    from dotenv import dotenv_values

    try:
        values = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise BadVariable(f"{path} can't be read: {error}.") from None
    return {name: value for name, value in values.items() if value is not None}


def _read_secret_file(name: str, path: str) -> str:
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadVariable(f"{name} names a file that can't be read: {error}.") from None
    if not text:
        raise BadVariable(f"{name} names an empty file ({path}).")
    return text
