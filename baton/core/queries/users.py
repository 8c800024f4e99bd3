"""Asking about people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from baton.core.errors import NotFound
from baton.core.models import User
from baton.core.queries import shapes
from baton.lib.text import fold


@dataclass(frozen=True, slots=True)
class Handle:
    """What somebody calls a user by, as they may not know the id."""

    kind: Literal["user_id", "username", "email"]
    value: int | str


def find_by_handle(handle: Handle) -> User | None:
    """Return the active user that the handle means."""
    if handle.kind == "user_id":
        return User.objects.filter(pk=handle.value, is_active=True).first()
    return (find_by_username if handle.kind == "username" else find_by_email)(str(handle.value))


def find_by_login(login: str) -> User | None:
    """Return the user of this e-mail address or username, whatever its case."""
    folded = fold(login)
    return User.objects.filter(email_folded=folded).first() or User.objects.filter(username_folded=folded).first()


def find_by_username(username: str) -> User | None:
    """Return the active user of this username, whatever its case."""
    return User.objects.filter(username_folded=fold(username), is_active=True).first()


def find_by_email(email: str) -> User | None:
    """Return the active user of this e-mail address, whatever its case."""
    return User.objects.filter(email_folded=fold(email), is_active=True).first()


def find_language(user_id: int) -> str:
    """Return the language that a user is spoken to in; English where there is no such user."""
    return User.objects.filter(pk=user_id).values_list("language", flat=True).first() or "en"


def name_in_parts(name: str, first_name: str, last_name: str) -> tuple[str, str]:
    """Return a first and a last name: as they were given, or else a name taken apart at its first space."""
    if first_name or last_name:
        return first_name, last_name
    first, _, last = name.partition(" ")
    return first, last


def get_account(user_id: int) -> shapes.Account:
    """Return a user as they see themselves, with a first and a last name. Raises NotFound."""
    row = User.objects.filter(pk=user_id).values_list("name", *shapes.Account.__struct_fields__).first()
    if row is None:
        raise NotFound
    name, uuid, first_name, last_name, *others = row
    return shapes.Account(uuid, *name_in_parts(name, first_name, last_name), *others)


def get_profile(user_id: int) -> tuple[shapes.Profile, int]:
    """Return a user as they see themselves, and the version. Raises NotFound."""
    row = User.objects.filter(pk=user_id).values_list(*shapes.Profile.__struct_fields__, "version").first()
    if row is None:
        raise NotFound
    return shapes.Profile(*row[:-1]), row[-1]
