"""Many changes as one: what is written waits until somebody asks the database anything, and then goes out together.

Inside `unit_of_work()` a row that is written with `insert` or `update` is held back, and so are the savepoints that
undo a failed step. The first statement that anybody else sends on Django's connection sends them out before it, so
whoever reads meets what has been changed so far, and nobody else has to know of the unit. What was looked up may be
remembered for the steps behind.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DatabaseError, connection, models, transaction

from baton.lib import compiled_writes
from baton.lib.many_rows import Columns, write_inserts, write_updates

_UNIT: ContextVar[UnitOfWork | None] = ContextVar("unit_of_work", default=None)
_KNOWN: ContextVar[dict[Hashable, Any] | None] = ContextVar("known", default=None)


class UnitOfWork:
    """What has been written but not sent, and what is known without asking."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Any] = {}
        self._inserts: list[models.Model] = []
        self._updates: list[tuple[models.Model, Columns]] = []
        self._step: Step | None = None
        self._is_sending = False

    def remember(self, key: Hashable, value: Any) -> None:
        """Keep a value that holds until `forget`, or until a step that has kept or taken it fails."""
        if self._step is not None:
            self._step.touched.append(key)
        self._known[key] = value

    def recall(self, key: Hashable, otherwise: Any = None) -> Any:
        """Return what is kept under the key, only to look at it."""
        return self._known.get(key, otherwise)

    def take(self, key: Hashable) -> Any:
        """Return what is kept under the key, to change it; None where there is nothing."""
        if self._step is not None:
            self._step.touched.append(key)
        return self._known.get(key)

    def forget(self, key: Hashable) -> None:
        """Have it looked up anew."""
        self._known.pop(key, None)

    def insert(self, row: models.Model) -> None:
        """Have the row inserted in time, in the order of the calls. The object gets no id."""
        self._inserts.append(row)
        if self._step is not None:
            self._step.inserted.append(row)

    def update(self, row: models.Model, columns: Sequence[str]) -> None:
        """Have these columns written in time, with the values they have now."""
        self._updates.append((row, {column: getattr(row, column) for column in columns}))

    @contextmanager
    def step(self) -> Iterator[Step]:
        """Run a part of the unit that an exception undoes, as a savepoint would; a step inside a step is part of it."""
        if self._step is not None:
            yield self._step
            return
        self._step = step = Step(len(self._inserts), len(self._updates))
        try:
            yield step
        except DatabaseError:
            raise  # the transaction around the unit is lost
        except Exception:
            self._undo(step)
            raise
        else:
            if step.savepoint is not None:
                self._unheld(transaction.savepoint_commit, step.savepoint)
        finally:
            self._step = None

    def send(self) -> None:
        """Write all that is held back."""
        if self._step is not None and self._step.savepoint is None:
            self._begin(self._step)
        self._send()

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's signature
        """Let a statement through, behind what is held back: Django's execute wrapper."""
        if not self._is_sending:
            self.send()
        return execute(sql, params, many, context)

    def _begin(self, step: Step) -> None:
        """Send what earlier steps wrote, and set the savepoint in front of what this one wrote."""
        inserts, self._inserts = self._inserts[step.inserts :], self._inserts[: step.inserts]
        updates, self._updates = self._updates[step.updates :], self._updates[: step.updates]
        self._send()
        step.savepoint = self._unheld(transaction.savepoint)
        self._inserts, self._updates = inserts, updates

    def _undo(self, step: Step) -> None:
        for key in step.touched:
            self.forget(key)  # the step may have changed it, or the lock is lost under which it held
        if step.savepoint is None:
            del self._inserts[step.inserts :], self._updates[step.updates :]
            return
        self._inserts, self._updates = [], []
        self._unheld(transaction.savepoint_rollback, step.savepoint)
        self._unheld(transaction.savepoint_commit, step.savepoint)

    def _send(self) -> None:
        inserts, self._inserts = self._inserts, []
        updates, self._updates = self._updates, []
        if updates:
            self._unheld(write_updates, updates)
        if inserts:
            self._unheld(write_inserts, inserts)

    def _unheld(self, act: Callable[..., Any], *given: Any) -> Any:
        self._is_sending = True
        try:
            return act(*given)
        finally:
            self._is_sending = False


class Step:
    """One step: which rows it inserted, and where it began.

    That is behind so many held-back rows, or at a savepoint as soon as a statement was sent in it.
    """

    __slots__ = ("inserted", "inserts", "savepoint", "touched", "updates")

    def __init__(self, inserts: int, updates: int) -> None:
        self.inserted: list[models.Model] = []
        self.inserts = inserts
        self.updates = updates
        self.savepoint: str | None = None
        self.touched: list[Hashable] = []


@contextmanager
def unit_of_work() -> Iterator[UnitOfWork]:
    """Hold back what is written inside, and send the rest at the end. Runs in the transaction of the caller."""
    if not connection.in_atomic_block:
        raise RuntimeError("a unit of work needs a transaction around it")
    unit = UnitOfWork()
    token = _UNIT.set(unit)
    try:
        with connection.execute_wrapper(unit):
            yield unit
            unit.send()
    finally:
        _UNIT.reset(token)


def present_unit() -> UnitOfWork | None:
    """Return the unit that is under way, if any."""
    return _UNIT.get()


def atomically() -> AbstractContextManager[object]:
    """Return the context of one command: a transaction, or a step of the unit that is under way."""
    unit = _UNIT.get()
    return _transaction() if unit is None else unit.step()


@contextmanager
def _transaction() -> Iterator[None]:
    token = _KNOWN.set({})
    try:
        with transaction.atomic():
            yield
    finally:
        _KNOWN.reset(token)


def remember(key: Hashable, value: Any) -> None:
    """Keep what was looked up and can't change before the commit, for the steps behind in the unit or the command."""
    if (unit := _UNIT.get()) is not None:
        unit.remember(key, value)
    elif (known := _KNOWN.get()) is not None:
        known[key] = value


def recall(key: Hashable, otherwise: Any = None) -> Any:
    """Return what is kept under the key."""
    if (unit := _UNIT.get()) is not None:
        return unit.recall(key, otherwise)
    known = _KNOWN.get()
    return otherwise if known is None else known.get(key, otherwise)


def insert(row: models.Model) -> None:
    """Insert the row: now, or with the others of the unit."""
    unit = _UNIT.get()
    if unit is None:
        compiled_writes.insert(row)
    else:
        unit.insert(row)


def update(row: models.Model, columns: Sequence[str]) -> None:
    """Write these columns of the row: now, or with the others of the unit."""
    unit = _UNIT.get()
    if unit is None:
        compiled_writes.update(row, columns)
    else:
        unit.update(row, columns)
