"""Naming people in an archive."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from baton.core.models import Origin, User
from baton.core.queries import archive_shapes as shapes

PROJECT = "project"
NOBODY_NOW = "somebody"


class People:
    """Gives everybody a name for one archive, and remembers who was named.

    Whoever came with an imported project keeps the name they had there, account or not.
    """

    def __init__(self, origin: Origin | None, *, with_addresses: bool) -> None:
        self._with_addresses = with_addresses
        said: list[dict[str, Any]] = origin.said["people"] if origin else []
        self._said = {person["ref"]: shapes.Person(**person) for person in said}
        placed: dict[str, int] = origin.placed["people"] if origin else {}
        self._refs: dict[int, str] = {user: ref for ref, user in placed.items()}
        self._accounts: dict[str, tuple[str, str | None]] = {}
        self._named: set[str] = set()

    def look_up(self, user_ids: Iterable[int | None]) -> None:
        """Learn the names of these users, for `ref`."""
        missing = {user for user in user_ids if user is not None and user not in self._refs}
        if not missing:
            return
        for pk, username, name, email in User.objects.filter(pk__in=missing).values_list(
            "pk", "username", "name", "email"
        ):
            # A username holds no space, so this is nobody else's.
            ref = f"{username} (here)" if username in self._said else username
            self._refs[pk] = ref
            self._accounts[ref] = (name, email)

    def ref(self, user_id: int) -> str:
        """Return what somebody is called in the archive."""
        if user_id not in self._refs:
            self.look_up([user_id])
        return self.name(self._refs.get(user_id, NOBODY_NOW))

    def name(self, ref: str) -> str:
        """Note that the archive names this person, and return the name."""
        self._named.add(ref)
        return ref

    def everybody(self) -> list[shapes.Person]:
        """Return all who were named, in the order of their names."""
        return [self._person(ref) for ref in sorted(self._named)]

    def _person(self, ref: str) -> shapes.Person:
        if ref in self._said:
            person = self._said[ref]
            return person if self._with_addresses else shapes.Person(ref=ref, name=person.name, email=None)
        name, email = self._accounts.get(ref, ("", None))
        return shapes.Person(ref=ref, name=name, email=email if self._with_addresses else None)
