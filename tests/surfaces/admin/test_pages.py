"""Every page of every model, with rows on it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from baton.core.commands.job_runs import note_run
from baton.core.commands.mail_queue import LetterOrder, queue_letters
from baton.core.models import Delivery, User
from baton.core.models.delivery import NO_ACCOUNT
from tests.cast import Cast
from tests.factories import make_user
from tests.surfaces.admin.world import make_root, make_world, sign_in

PAGES = sorted(admin.site._registry, key=lambda model: model._meta.label)


def address(model: type[models.Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_model_has_its_page() -> None:
    from django.apps import apps

    assert set(apps.get_app_config("core").get_models()) <= set(PAGES)


@pytest.mark.usefixtures("staged")
@pytest.mark.parametrize("model", PAGES, ids=lambda model: model._meta.model_name)
def test_its_pages_answer(cast: Cast, model: type[models.Model]) -> None:
    make_world(cast)
    browser = sign_in(make_root(cast))
    row = model._default_manager.order_by("pk").first()
    assert row is not None

    listed = browser.get(address(model, "changelist"))
    found = browser.get(address(model, "changelist"), {"q": "water"})
    shown = browser.get(address(model, "change", row.pk))
    history = browser.get(address(model, "history", row.pk))
    added = browser.get(address(model, "add"))

    assert listed.status_code == found.status_code == shown.status_code == history.status_code == 200
    assert listed.context["cl"].result_count > 0
    assert added.status_code == (200 if admin.site._registry[model].has_add_permission(listed.wsgi_request) else 403)


@pytest.mark.any_database
@pytest.mark.usefixtures("staged")
@pytest.mark.parametrize(
    "model", [model for model in PAGES if model._meta.app_label == "core"], ids=lambda model: model._meta.model_name
)
def test_more_rows_cost_no_more_queries(cast: Cast, model: type[models.Model]) -> None:
    browser = sign_in(make_root(cast))

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(address(model, "changelist")).status_code == 200
        return len(queries)

    make_world(cast, 1)
    count()  # what Django keeps for good, such as the content types
    few = count()
    make_world(cast, 2)
    make_world(cast, 3)
    # Each reaction is asked about by itself, and there are only a few of them.
    assert count() <= few + (4 if model._meta.model_name == "reactioncursor" else 0)


@pytest.mark.usefixtures("staged")
def test_search_finds_and_leaves_out(cast: Cast) -> None:
    make_world(cast)
    browser = sign_in(make_root(cast))

    found = browser.get(reverse("admin:core_user_changelist"), {"q": "edgar"}).context["cl"]

    assert [user.username for user in found.result_list] == ["edgar"]


def test_deliveries_say_to_whom_they_go(cast: Cast) -> None:
    queue_letters([LetterOrder("digest", cast.editor.pk, "daily:1"), LetterOrder("invitation", NO_ACCOUNT, "event:1")])

    page = sign_in(make_root(cast)).get(address(Delivery, "changelist")).content.decode()

    assert '<td class="field-sent_to">edgar</td>' in page
    assert '<td class="field-sent_to">no account</td>' in page


@pytest.mark.parametrize("person", ["nobody", "a user"])
def test_others_are_sent_to_the_log_in(cast: Cast, person: str) -> None:
    browser = Client() if person == "nobody" else sign_in(cast.owner)

    answer = browser.get(reverse("admin:core_task_changelist"))

    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, reverse("admin:login"))


def test_it_speaks_the_language_of_the_user(db: None) -> None:
    make_user("root", language="ru")
    User.objects.update(is_staff=True, is_superuser=True)

    page = sign_in(User.objects.get()).get(reverse("admin:index"), headers={"Accept-Language": "en"})

    assert page.headers["Content-Language"] == "ru"
    assert "Выйти" in page.text


def test_it_has_no_scripts_or_styles_in_its_own_templates() -> None:
    """A strict content security policy would drop them."""
    from pathlib import Path

    import baton

    own = list((Path(baton.__file__).parent / "templates" / "baton_admin").glob("*.html"))
    assert own
    for template in own:
        text = template.read_text(encoding="utf-8")
        assert not [word for word in ("<script", "<style", "style=", "onclick=") if word in text], template.name


def test_the_schedule_shows_how_each_job_went_last_and_when_it_runs_next(cast: Cast) -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    note_run("baton.empty_trash", now, now + timedelta(seconds=2), problem="OSError: no lamp")
    note_run("baton.sweep_files", now - timedelta(minutes=50), now, result="deleted 7 from the trash")

    with time_machine.travel(now, tick=False):
        rows = _read_schedule(cast)

    assert "OSError: no lamp" in rows["empty-trash"]
    assert "2.00 s" in rows["empty-trash"]
    assert "Nov. 22, 2026, 3:20 a.m." in rows["empty-trash"]
    assert "deleted 7 from the trash" in rows["sweep-files"]
    assert "Nov. 21, 2026, 12:10 p.m." in rows["sweep-files"]
    assert "not yet" in rows["forget-answers"]
    assert "when the scheduler starts" in rows["forget-answers"]


def test_the_schedule_heeds_the_settings(cast: Cast, settings: Settings) -> None:
    settings.BATON_UPKEEP_AT = time(22, 5)
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    note_run("baton.empty_trash", now, now)
    with time_machine.travel(now, tick=False):
        assert "Nov. 21, 2026, 10:05 p.m." in _read_schedule(cast)["empty-trash"]


def test_it_is_said_where_no_job_runs_any_more(cast: Cast) -> None:
    now = timezone.now()
    page = reverse("admin:core_reactioncursor_changelist")
    browser = sign_in(make_root(cast))
    note_run("baton.follow_log", now - timedelta(minutes=2), now)
    assert "No job has run since" not in browser.get(page).text
    note_run("baton.follow_log", now - timedelta(minutes=4), now)
    assert "No job has run since" in browser.get(page).text


def _read_schedule(cast: Cast) -> dict[str, str]:
    """Return the rows of the schedule by their names."""
    page = sign_in(make_root(cast)).get(reverse("admin:core_reactioncursor_changelist")).text
    rows = [row for row in page.split("<tr>") if 'scope="row">' in row]
    return {re.search(r'scope="row">([^<]*)<', row).group(1): row for row in rows}  # type: ignore[union-attr]


def test_names_have_their_right_plural() -> None:
    plurals = {str(model._meta.verbose_name_plural) for model in PAGES}
    assert {"guesses", "tallies", "search entries", "API tokens"} <= plurals
    assert not [plural for plural in plurals if re.search(r"ss$|[^aeiou]ys$", plural)]
