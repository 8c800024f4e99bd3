"""A dialect: the wire contract of an older task back end, spoken below a prefix of its own or on a host of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.surfaces.wire.problems import Refusal

PACKAGE = "baton.surfaces.dialects"

Refuse = Callable[[HttpRequest | Request, Refusal], HttpResponse]


@dataclass(frozen=True)
class Dialect:
    """What the kit has to know of one dialect.

    `name` is its folder, its prefix, the audience of its tokens and the `Actor.surface` of what comes through it.
    `refuse` gives every refusal the dialect's form. `adds_slashes` redirects a GET whose path lacks only its slash.
    `project` gives the project that everybody's tasks lie in, made now if it is the first; without one they lie in
    people's inboxes.
    """

    name: str
    refuse: Refuse
    adds_slashes: bool = True
    project: Callable[[Actor], int] | None = None

    @property
    def prefix(self) -> str:
        """The path below which it is mounted, with a slash on both sides."""
        return f"/{self.name}/"

    @property
    def routes(self) -> str:
        """The module of its routes."""
        return f"{PACKAGE}.{self.name}.urls"


@cache
def dialect_named(name: str) -> Dialect:
    """Return the dialect of that folder."""
    found: Dialect = import_module(f"{PACKAGE}.{name}.dialect").DIALECT
    return found
