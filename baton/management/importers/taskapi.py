"""aiohttp_taskAPI (003). Its passwords are salted MD5; they go on being good, inside a slow hash.

Its tokens, which it kept nowhere, name a login and no more: they are those of the one installation imported under the
system's own name, whose secret is `BATON_TASKAPI_OLD_SECRET`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from baton.core.commands.old_systems import OldChange, OldSystem, OldTask, OldToken, OldUser
from baton.lib.dialect_secrets import digest_of_signed
from baton.lib.old_hashes import encode_salted_md5
from baton.management.importers.databases import Source, find_column, find_table
from baton.management.importers.options import Options
from baton.management.importers.values import day, key, moment, text

NAME = "taskapi"
STATES = {"new": "todo", "planned": "planned", "in_work": "in_progress", "сompleted": "done", "completed": "done"}
"""As they are stored; the first letter of `сompleted` is Cyrillic in one of the two."""

TASK_COLUMNS = ("id", "name", "description", "status", "completion_at")
PASSWORDS = ("password", "password_hash", "hash", "passwd")
OWNERS = ("user_id", "owner_id", "author_id", "creator_id", "user")
TASKS = ("task_id", "task")
"""What columns may be called; the original's documents don't say."""

_CHANGE = re.compile(r"Значение поля (\w+) изменено на (.*)", re.DOTALL)
_FIELDS = {"name": "title", "completion_at": "due_date"}


def read(source: Source, options: Options) -> OldSystem:
    """Return all that the database holds. Raises BadSource."""
    return OldSystem(
        options.source,
        NAME,
        users=list(_users(source, options)),
        tokens=list(_tokens(source)) if options.source == NAME else (),
        tasks=list(_tasks(source)),
        changes=list(_changes(source, options)),
    )


def _users(source: Source, options: Options) -> Iterator[OldUser]:
    table = _find_users(source)
    password = find_column(source, table, *PASSWORDS)
    for row in source.rows(table, "id"):
        encoded = encode_salted_md5(text(row[password]), options.salt) if options.salt else ""
        yield OldUser(old_id=key(row["id"]) or "", username=text(row["login"]), password=encoded)


def _tokens(source: Source) -> Iterator[OldToken]:
    for row in source.rows(_find_users(source), "id"):
        yield OldToken(digest_of_signed(text(row["login"])), key(row["id"]) or "")


def _find_users(source: Source) -> str:
    return find_table(source, ("id", "login"), "users", named="user")


def _tasks(source: Source) -> Iterator[OldTask]:
    table = find_table(source, TASK_COLUMNS, "tasks", named="task")
    owner = find_column(source, table, *OWNERS)
    for row in source.rows(table, "id"):
        yield OldTask(
            old_id=key(row["id"]) or "",
            title=text(row["name"]),
            description=text(row["description"]),
            status=STATES.get(text(row["status"]), "todo"),
            creator=key(row[owner]),
            due_at=day(row["completion_at"]),
        )


def _changes(source: Source, options: Options) -> Iterator[OldChange]:
    table = find_table(source, ("id", "date", "log"), "the log", named="log")
    task = find_column(source, table, *TASKS)
    for row in source.rows(table, "id"):
        said = text(row["log"])
        found = _CHANGE.fullmatch(said)
        field, value = (found[1], found[2]) if found else ("", said)
        yield OldChange(
            old_id=key(row["id"]) or "",
            task=key(row[task]) or "",
            field=_FIELDS.get(field, field),
            value=value,
            said=said,
            at=moment(row["date"], options.zone) or datetime.now(UTC),
        )
