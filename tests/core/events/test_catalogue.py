from __future__ import annotations

import re

import pytest
from django.core.management import CommandError, call_command

from baton.core.events.catalogue import CATALOGUE, Fact
from baton.core.events.facts import tasks
from baton.core.models import Event
from baton.management.commands import docs_events


def test_the_page_of_events_is_current() -> None:
    call_command("docs_events", "--check")


def test_a_page_that_is_not_current_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CATALOGUE, "task.vanished", tasks.TaskTrashed)
    with pytest.raises(CommandError, match="not current"):
        call_command("docs_events", "--check")


@pytest.mark.parametrize("fact", CATALOGUE.values(), ids=CATALOGUE.keys())
def test_an_event_is_fully_described(fact: type[Fact]) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", fact.verb)
    assert len(fact.verb) <= (Event._meta.get_field("verb").max_length or 0)
    row = docs_events._render_row(fact)
    assert row.count(" | ") == 3
    assert (fact.__doc__ or "").strip().endswith(".")


def test_two_events_can_not_have_one_verb() -> None:
    with pytest.raises(TypeError, match=r"two events are called task\.created"):
        type("Again", (Fact,), {"verb": "task.created"})
