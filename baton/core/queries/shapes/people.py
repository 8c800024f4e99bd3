"""People, as others and as they themselves see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings

from baton.core.queries.shapes.shape import Shape


class HasAvatar(Protocol):
    """A shape with a picture."""

    avatar: str | None


def show_avatar(shape: HasAvatar) -> None:
    """Turn the picture's name in the store into its address.

    At the making of each shape, since people are built in many queries; most have no picture, which costs nothing.
    """
    if (name := shape.avatar) is not None and not name.startswith("http"):
        shape.avatar = avatar_url(name)


def avatar_url(name: str) -> str:
    """Return the address of an avatar, which everybody may load who knows it."""
    return f"{settings.BATON_BASE_URL}/media/{name}"


class Person(Shape):
    """Somebody, as other people see them."""

    id: int
    username: str
    name: str
    avatar: str | None

    def __post_init__(self) -> None:
        if self.avatar is not None:
            show_avatar(self)


class Profile(Shape):
    """Somebody, as they see themselves."""

    id: int
    uuid: UUID
    username: str
    email: str | None
    name: str
    avatar: str | None
    is_verified: bool
    timezone: str
    language: str
    created_at: datetime

    def __post_init__(self) -> None:
        if self.avatar is not None:
            show_avatar(self)


class Account(Shape):
    """Somebody, as they see themselves where a name has two parts."""

    uuid: UUID
    first_name: str
    last_name: str
    username: str
    email: str | None
    updated_at: datetime
    last_login: datetime | None
    is_superuser: bool


def person_columns(path: str = "") -> tuple[str, str, str, str]:
    """Return the columns that make a `Person`, reached over `path` (`lead__`)."""
    return (f"{path}id", f"{path}username", f"{path}name", f"{path}avatar")


def person_or_none(cells: tuple[Any, ...]) -> Person | None:
    """Return the person of four cells of a row, None for an outer join that met nobody."""
    return None if cells[0] is None else Person(*cells)
