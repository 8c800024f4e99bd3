"""A report as Chromium draws and prints it.

`KEEP_PICTURES=docs/images python -m pytest tests/browser` makes the picture of the documentation anew.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from PIL import Image, ImageColor

from baton.core.commands.task_status import change_status
from baton.core.models import Status
from baton.core.queries.report import get_report
from baton.lib.periods import Period
from baton.reports.page import render_page
from baton.reports.words import Wording
from tests.browser.drawing import SIZE, count_printed, draw, needs_chromium
from tests.cast import Cast
from tests.factories import actor_of, make_task

ZONE = ZoneInfo("Europe/Berlin")
MAY = Period(date(2026, 5, 1), date(2026, 5, 31), ZONE)


@pytest.fixture
def month(cast: Cast) -> Cast:
    """Return the people after a month of work."""
    chance = Random(5)
    people = [cast.owner.pk, cast.editor.pk, cast.newcomer.pk]
    for _ in range(60):
        made_at = datetime(2026, 4, 25, tzinfo=UTC) + timedelta(hours=chance.uniform(0, 800))
        with time_machine.travel(made_at, tick=False):
            due_at = made_at + timedelta(days=chance.randint(2, 30))
            values: dict[str, Any] = {
                "due_at": due_at,
                "priority": chance.randint(1, 3),
                "assignees": [chance.choice(people)],
            }
            task = make_task(cast.owner, cast.project, **values)
        with time_machine.travel(made_at + timedelta(hours=chance.expovariate(1 / 60)), tick=False):
            change_status(actor_of(cast.owner), task.pk, chance.choice((*Status.values, "done", "done")))
    return cast


def page_of(cast: Cast, language: str) -> str:
    with time_machine.travel("2026-06-01T06:00:00Z", tick=False):
        return render_page(get_report(actor_of(cast.viewer), cast.project.pk, MAY), Wording(language, ZONE))


@needs_chromium
def test_its_charts_are_drawn(month: Cast, tmp_path: Path) -> None:
    picture = draw(page_of(month, "en"), "about:blank", tmp_path)
    with Image.open(picture) as drawn:
        assert drawn.size == SIZE
        colours = {colour for _, colour in drawn.convert("RGB").getcolors(maxcolors=2**24) or []}
    bars = ("#829ab1", "#2f80c3", "#d9822b", "#8a5cc2", "#2f9e5b")
    assert {ImageColor.getrgb(bar) for bar in bars} <= colours
    if folder := os.environ.get("KEEP_PICTURES"):
        with Image.open(picture) as drawn:
            drawn.quantize(64).save(Path(folder) / "report.png", optimize=True)


@needs_chromium
@pytest.mark.parametrize("language", ["en", "ru"])
def test_it_prints_on_two_sheets(month: Cast, tmp_path: Path, language: str) -> None:
    assert 1 <= count_printed(page_of(month, language), tmp_path) <= 2
