"""Asking about people."""

from __future__ import annotations

from baton.core.errors import NotFound
from baton.core.models import User
from baton.core.queries import shapes
from baton.lib.text import fold


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


def get_profile(user_id: int) -> tuple[shapes.Profile, int]:
    """Return a user as they see themselves, and the version. Raises NotFound."""
    row = User.objects.filter(pk=user_id).values_list(*shapes.Profile.__struct_fields__, "version").first()
    if row is None:
        raise NotFound
    return shapes.Profile(*row[:-1]), row[-1]
