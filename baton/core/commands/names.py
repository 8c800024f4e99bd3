"""What people are called: one name, or a first and a last name that make it up."""

from __future__ import annotations

from typing import TypedDict

from baton.core.commands.checks import check_text
from baton.core.errors import FieldError
from baton.core.models import User
from baton.core.queries.users import name_in_parts

NAME_LENGTH = 150
PART_LENGTH = 255


class ProfileFields(TypedDict, total=False):
    """What people say of themselves; what is absent stays as it is."""

    username: str
    email: str | None
    name: str
    first_name: str  # with `last_name` instead of `name`, for whoever is asked for both
    last_name: str
    avatar: str | None  # its name in the store: see `avatars`
    timezone: str
    language: str


def with_whole_name(fields: ProfileFields, user: User | None = None) -> ProfileFields:
    """Return the fields with name and parts in step: parts make the name, and another name has no known parts.

    `user` is whom they are about; of a name in parts the part that is not said stays as people see it.
    """
    if "first_name" in fields or "last_name" in fields:
        first, last = name_in_parts(user.name, user.first_name, user.last_name) if user else ("", "")
        first, last = fields.get("first_name", first), fields.get("last_name", last)
        return {
            **fields,
            "first_name": first,
            "last_name": last,
            "name": f"{first} {last}".strip()[:NAME_LENGTH].rstrip(),
        }
    if "name" in fields and user is not None and fields["name"] != user.name:
        return {**fields, "first_name": "", "last_name": ""}
    return fields


def check_names(fields: ProfileFields) -> list[FieldError]:
    """Check a name and its parts."""
    errors = []
    if "first_name" in fields:
        errors += _check("/first_name", fields["first_name"], PART_LENGTH)
    if "last_name" in fields:
        errors += _check("/last_name", fields["last_name"], PART_LENGTH)
    if "name" in fields and not errors:
        errors += _check("/name", fields["name"], NAME_LENGTH)
    return errors


def _check(pointer: str, name: str, limit: int) -> list[FieldError]:
    # A name stands in the headers of letters.
    if len(name.splitlines()) > 1 or "\n" in name or "\r" in name:
        return [FieldError(pointer, "line_break", "This must be a single line.")]
    return check_text(pointer, name, limit)
