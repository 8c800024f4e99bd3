"""The weekly letter: its figures and language, and that mail programs can show it."""

from __future__ import annotations

import re
from datetime import date
from zoneinfo import ZoneInfo

import pytest
import time_machine

from baton.core.commands.projects import edit_project
from baton.core.commands.task_status import change_status
from baton.core.errors import NotFound
from baton.core.models import Project, User
from baton.lib.periods import Period
from baton.reactions.letters.rendering import Rendered
from baton.reactions.letters.report import compose_report_letter
from tests.cast import Cast
from tests.factories import actor_of, make_task

WEEK = Period(date(2026, 5, 11), date(2026, 5, 17), ZoneInfo("UTC"))
NASTY = "<script>alert(1)</script> & Co"


def letter_to(user: User, project: Project) -> Rendered:
    user.refresh_from_db()
    project.refresh_from_db()
    with time_machine.travel("2026-05-18T08:00:00Z", tick=False):
        return compose_report_letter(user, project, WEEK)


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """Return the people after a week in which two tasks came in and one was done in a day and a half."""
    with time_machine.travel("2026-05-11T08:00:00Z", tick=False):
        make_task(cast.owner, cast.project, assignees=[cast.editor.pk])
        task = make_task(cast.owner, cast.project)
    with time_machine.travel("2026-05-12T20:00:00Z", tick=False):
        change_status(actor_of(cast.owner), task.pk, "done")
    return cast


def test_it_tells_the_figures_and_where_the_rest_is(busy: Cast, settings: pytest.FixtureRequest) -> None:
    settings.BATON_BASE_URL = "https://tasks.example.com"  # type: ignore[attr-defined]
    letter = letter_to(busy.viewer, busy.project)
    assert letter.subject == "Operations: report, May 11, 2026 – May 17, 2026"
    for line in ("Created: 2", "Done: 1", "Open at the end: 1", "Half done within: 1 d 12 h", "To do: 1"):
        assert line in letter.text.splitlines()
    address = f"https://tasks.example.com/api/projects/{busy.project.pk}/report/"
    assert f"{address}?from=2026-05-11&until=2026-05-17&format=html" in letter.text
    assert f'href="{address}?from=2026-05-11&amp;until=2026-05-17&amp;format=html"' in letter.html


def test_it_speaks_the_readers_language(busy: Cast) -> None:
    User.objects.filter(pk=busy.viewer.pk).update(language="ru")
    letter = letter_to(busy.viewer, busy.project)
    assert letter.subject == "Operations: отчёт, 11 мая 2026 г. – 17 мая 2026 г."
    assert "Половина выполнена за: 1 дн. 12 ч" in letter.text.splitlines()
    assert '<html lang="ru">' in letter.html


def test_mail_programs_can_show_it(busy: Cast) -> None:
    html = letter_to(busy.viewer, busy.project).html
    assert not re.search("<svg|<script|<link", html)
    assert re.search('<td class="bar"[^>]*style="[^"]*background:', html)


def test_texts_stay_texts(busy: Cast) -> None:
    edit_project(actor_of(busy.owner), busy.project.pk, {"name": NASTY})
    # Not even a name that came past the commands breaks out of its header.
    Project.objects.filter(pk=busy.project.pk).update(name=f"{NASTY}\r\nBcc: all@example.org")
    User.objects.filter(pk=busy.editor.pk).update(name=NASTY)
    letter = letter_to(busy.viewer, busy.project)
    assert letter.subject.startswith(f"{NASTY} Bcc: all@example.org: report")
    assert len(letter.subject.splitlines()) == 1
    assert "<script" not in letter.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co" in letter.html
    assert letter.text.startswith(NASTY)


def test_nobody_hears_of_what_they_may_not_see(busy: Cast) -> None:
    with pytest.raises(NotFound):
        letter_to(busy.outsider, busy.project)


def test_a_week_without_tasks(cast: Cast) -> None:
    letter = letter_to(cast.viewer, cast.project)
    assert "Created: 0" in letter.text.splitlines()
    assert "Time from creation" not in letter.text
