"""No change without history: each command of the core records an event, in the transaction of its change."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module

import pytest
from django.db import models, transaction

from baton.core import commands
from baton.core.actor import Actor
from baton.core.models import Event
from baton.lib import compiled_writes, unit_of_work
from tests.cast import Cast
from tests.core.commands.scenarios import CASES, SCENARIOS, STEPS, make_full_task
from tests.traces import snapshot

NO_COMMANDS = {"access", "checks", "task_change"}
"""Modules of parts: finding and locking, checking values, collecting what changes."""


def find_commands() -> set[str]:
    """Return every public function of the commands that is given an actor."""
    found = set()
    for module in pkgutil.iter_modules(commands.__path__):
        if module.name in NO_COMMANDS:
            continue
        loaded = import_module(f"{commands.__name__}.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            parameters = list(inspect.signature(function).parameters)
            if not name.startswith("_") and function.__module__ == loaded.__name__ and parameters[:1] == ["actor"]:
                found.add(f"{module.name}.{name}")
    return found


def test_each_command_has_a_scenario() -> None:
    assert find_commands() - set(STEPS) == set(SCENARIOS), "add a scenario for a new command, or name it a step"


def test_steps_are_still_there() -> None:
    assert set(STEPS) <= find_commands()


@pytest.mark.parametrize("name, number", CASES)
def test_it_records(cast: Cast, name: str, number: int) -> None:
    task = make_full_task(cast)
    before = Event.objects.count()
    SCENARIOS[name][number](cast, task)
    assert Event.objects.count() > before


@pytest.mark.parametrize("name, number", CASES)
def test_the_change_and_its_event_stand_or_fall_together(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, name: str, number: int
) -> None:
    """Where the event can't be written, nothing is changed."""
    task = make_full_task(cast)

    class LogIsFull(Exception):
        pass

    def fail(*args: object, **values: object) -> Event:
        raise LogIsFull

    def insert(row: models.Model) -> None:
        fail() if isinstance(row, Event) else write(row)

    write = compiled_writes.insert
    with transaction.atomic():
        before = snapshot()
        monkeypatch.setattr(compiled_writes, "insert", insert)
        monkeypatch.setattr(unit_of_work, "write_inserts", fail)
        with pytest.raises(LogIsFull):
            SCENARIOS[name][number](cast, task)
        assert snapshot() == before


def test_an_actor_is_what_commands_begin_with() -> None:
    """So that nobody adds one whose author the log could not name."""
    for name in SCENARIOS:
        module, function = name.split(".")
        signature = inspect.signature(getattr(import_module(f"{commands.__name__}.{module}"), function))
        assert next(iter(signature.parameters.values())).annotation in (Actor, "Actor")
