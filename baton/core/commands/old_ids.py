"""Which thing here is which of an older system, and which ids can be kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connection, models

from baton.core.commands.old_systems import OldSystemReport
from baton.core.models import Event, OldId, Task, User

_AT_ONCE = 500


class OldIds:
    """The ids of one source, as far as they are known, and the report that counts what is new."""

    def __init__(self, source: str, report: OldSystemReport) -> None:
        self.report = report
        self._source = source
        self._new: list[OldId] = []
        self._known: dict[tuple[str, str], int] = {
            (kind, old_id): thing
            for kind, old_id, thing in OldId.objects.filter(source=source).values_list("kind", "old_id", "thing")
        }

    def find(self, kind: str, old_id: str | None) -> int | None:
        """Return the thing's id here, if it has been imported."""
        return None if old_id is None else self._known.get((kind, old_id))

    def is_here(self, kind: str, old_id: str) -> bool:
        """Is the thing here already? Counts it, if it is."""
        found = (kind, old_id) in self._known
        self.report.here[kind] += found
        return found

    def note(self, kind: str, old_id: str, thing: int) -> None:
        """Note what a thing is here, and count it as made."""
        self._known[kind, old_id] = thing
        self._new.append(OldId(source=self._source, kind=kind, old_id=old_id, thing=thing))
        self.report.made[kind] += 1

    def leave_out(self, kind: str, why: str) -> None:
        """Count a thing that is not brought, and say why."""
        self.report.left_out[kind] += 1
        self.report.notes.append(why)

    def keepable(self, model: type[models.Model], wanted: Iterable[str]) -> dict[str, int]:
        """Return which old ids the new rows can have; the database goes on numbering behind them."""
        found = free_ids(model, wanted)
        number_behind(model, found.values())
        return found

    def keep(self) -> None:
        """Write down what was noted."""
        OldId.objects.bulk_create(self._new, _AT_ONCE)
        self._new = []


def free_ids(model: type[models.Model], wanted: Iterable[str]) -> dict[str, int]:
    """Return those of the old ids that can be kept as they are: numbers that no row has, nor ever had.

    The log would tell a new thing the history of an older one.
    """
    numbers = {text: int(text) for text in wanted if text.isdecimal() and 0 < int(text) < 2**31}
    taken: set[int] = set()
    for batch in _batches(sorted(numbers.values())):
        taken.update(model._default_manager.filter(pk__in=batch).values_list("pk", flat=True))
        for column in _TOLD_BY[model]:
            taken.update(Event.objects.filter(**{f"{column}__in": batch}).values_list(column, flat=True))
    return {text: number for text, number in numbers.items() if number not in taken}


def number_behind(model: type[models.Model], ids: Collection[int]) -> None:
    """Have the database number new rows behind those that will be given these ids. Never moves it back.

    On PostgreSQL a dry run leaves a gap in the numbers, and nothing else: sequences are outside of transactions.
    """
    if not ids:
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_NUMBER_BEHIND, [table, table, max(ids)])
            return
        cursor.execute("UPDATE sqlite_sequence SET seq = MAX(seq, %s) WHERE name = %s", [max(ids), table])
        if not cursor.rowcount:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, max(ids)])


def _batches(numbers: list[int]) -> Iterable[Collection[int]]:
    return (numbers[start : start + _AT_ONCE] for start in range(0, len(numbers), _AT_ONCE))


_TOLD_BY: dict[type[models.Model], tuple[str, ...]] = {Task: ("task_id",), User: ("user_id", "actor_id")}
_NUMBER_BEHIND = """
SELECT setval(pg_get_serial_sequence(%s, 'id'), GREATEST(nextval(pg_get_serial_sequence(%s, 'id')), %s))
"""
