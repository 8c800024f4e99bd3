"""The benchmark itself, in small: both programs filled, served and compared."""

from __future__ import annotations

import pytest
from django.db import connection

from bench import __main__ as bench
from bench import dialects, mail, pairs, rounds, search
from bench.search_data import KINDS


@pytest.fixture(autouse=True)
def few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask a few times: what comes of it is no figure, only the way to one."""
    monkeypatch.setattr(rounds, "_WARM_UP", 0.05)
    monkeypatch.setattr(pairs, "ROUNDS", 1)
    monkeypatch.setattr(search, "_EACH", 20)
    monkeypatch.setattr(mail, "_SOON", 2)


def test_both_programs_answer_alike(capfd: pytest.CaptureFixture[str]) -> None:
    chosen = ["read-one", "list-50", "list-50-uncounted", "create", "--database", connection.vendor, "--tasks", "400"]
    assert bench.main([*chosen, "--rounds", "1", "--seconds", "0.1", "--clients", "2"]) == 0
    printed = capfd.readouterr()
    assert "all answer alike" in printed.err
    rows = [
        line.split("|")[2].strip() for line in printed.out.splitlines() if line.startswith(f"| {connection.vendor}")
    ]
    assert rows == ["read-one", "list-50", "list-50-uncounted", "create"]


def test_refuses_a_name_it_does_not_know(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        bench.main(["read-two"])
    assert ended.value.code == 2
    assert "read-two" in capfd.readouterr().err


def test_searches_are_measured(capfd: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["search", "--database", "sqlite", "--search-tasks", "300"]) == 0
    printed = capfd.readouterr().out
    rows = [[cell.strip() for cell in line.split("|")] for line in printed.splitlines() if line.startswith("| sqlite")]
    assert [row[2] for row in rows] == [*KINDS, search.ALL, search.LISTED]
    empty = {row[2]: row[7] for row in rows}
    assert empty["rare word"] == empty["common word"] == "0 of 20", "what stands in a task one sees is found"


def test_dialects_are_measured(capfd: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["dialects", "--database", connection.vendor, "--tasks", "400"]) == 0
    printed = capfd.readouterr().out
    rows = [[cell.strip() for cell in line.split("|")] for line in printed.splitlines() if line.startswith("| ")]
    found = [(row[2], row[3]) for row in rows if row[1] == connection.vendor]
    assert [name for name, _ in found] == [name for name in dialects.SPEAKERS for _ in range(2)]
    assert {what for _, what in found} == {"its list of 50", "its list of 10", "its read-one"}


def test_pairs_are_measured(capfd: pytest.CaptureFixture[str]) -> None:
    chosen = ["board", "bulk", "statistics", "--database", connection.vendor, "--tasks", "400", "--many-tasks", "4000"]
    assert bench.main(chosen) == 0
    printed = capfd.readouterr().out
    rows = [[cell.strip() for cell in line.split("|")] for line in printed.splitlines() if line.startswith("| ")]
    assert [(row[2], row[3]) for row in rows if row[1] == connection.vendor] == [
        ("board", "board of 200"),
        ("bulk", "bulk of 500"),
        ("statistics", "4,000 tasks"),
    ]


def test_letters_are_measured(capfd: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["mail", "--database", connection.vendor]) == 0
    printed = capfd.readouterr().out
    assert "| letters that waited           | 66 " in printed
    assert printed.count("a task for three who are written to") == 2
