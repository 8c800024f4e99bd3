from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from baton.core.commands.tasks import trash_task
from baton.core.models import SearchEntry
from baton.reactions import search_rebuild
from baton.reactions.search_rebuild import count_outdated, forget_all, rebuild_next
from tests.cast import Cast
from tests.factories import actor_of, make_task


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def run(*arguments: str, out: StringIO | None = None) -> str:
    out = out or StringIO()
    call_command("rebuild_search", *arguments, stdout=out)
    return out.getvalue()


def test_makes_what_is_missing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_rebuild, "BATCH", 2)
    tasks = [make_task(cast.owner, cast.project, f"Zeppelin {number}") for number in range(5)]
    assert run().startswith("5 tasks in ")
    assert set(SearchEntry.objects.values_list("pk", flat=True)) == {task.pk for task in tasks}
    assert run().startswith("0 tasks in ")


def test_makes_all_anew(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, "Zeppelin")
    run()
    words = SearchEntry.objects.get().words
    SearchEntry.objects.update(words="t_spoilt")
    assert run().startswith("0 tasks")
    assert SearchEntry.objects.get().words == "t_spoilt"
    assert run("--all").startswith("1 tasks")
    assert SearchEntry.objects.get(pk=task.pk).words == words


def test_goes_on_where_it_was_interrupted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_rebuild, "BATCH", 2)
    for number in range(5):
        make_task(cast.owner, cast.project, f"Zeppelin {number}")
    run()
    forget_all()
    rebuild_next(after=0)
    assert count_outdated() == 3
    assert run().startswith("3 tasks in ")


def test_removes_the_entries_of_what_is_in_the_trash(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    run()
    trash_task(actor_of(cast.owner), task.pk)
    assert run().startswith("1 tasks in ")
    assert not SearchEntry.objects.exists()
    assert run().startswith("0 tasks in ")


def test_shows_a_bar_where_somebody_watches(cast: Cast) -> None:
    make_task(cast.owner, cast.project)
    shown = run(out=Terminal())
    assert "] 1 of 1 tasks, " in shown
    assert shown.rstrip().rpartition("\r")[2].startswith("\x1b[K1 tasks in ")
