"""The accounts and tokens of systems made with Django's own tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from baton.core.commands.old_systems import OldSystem, OldToken, OldUser
from baton.lib.api_secrets import digest_of
from baton.lib.dialect_secrets import is_dialect_secret
from baton.management.importers.databases import Source, find_table
from baton.management.importers.options import Options
from baton.management.importers.values import key, moment, text, uuid_or_none

USER_COLUMNS = ("id", "username", "password", "email", "first_name", "last_name")
TOKEN_COLUMNS = ("key", "user_id", "created")


def read_system(source: Source, options: Options, dialect: str, **things: Any) -> OldSystem:
    """Return `things`, and with them the users and tokens of the database. Raises BadSource."""
    return OldSystem(
        options.source, dialect, users=list(read_users(source)), tokens=list(read_tokens(source)), **things
    )


def read_users(source: Source, *, more: tuple[str, ...] = ()) -> Iterator[OldUser]:
    """Yield the users of the table that has Django's columns, and `more`. Raises BadSource."""
    table = find_table(source, (*USER_COLUMNS, *more), "users", named="auth_user")
    for row in source.rows(table, "id"):
        yield OldUser(
            old_id=key(row["id"]) or "",
            username=text(row["username"]),
            password=text(row["password"]),
            email=text(row["email"]),
            first_name=text(row["first_name"]),
            last_name=text(row["last_name"]),
            is_active=bool(row.get("is_active", True)),
            created_at=moment(row.get("date_joined") or row.get("date_created")),
            uuid=uuid_or_none(row["id"]),
        )


def read_tokens(source: Source) -> Iterator[OldToken]:
    """Yield the tokens of Django REST framework's table. Raises BadSource."""
    for row in source.rows(find_table(source, TOKEN_COLUMNS, "tokens", named="authtoken_token"), "key"):
        secret = text(row["key"])
        digest = digest_of(secret) if is_dialect_secret(secret) else ""
        yield OldToken(digest, key(row["user_id"]) or "", moment(row["created"]))
