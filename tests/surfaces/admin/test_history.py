"""The histories, in sentences."""

from __future__ import annotations

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from baton.core.commands.members import add_member, change_role
from baton.core.commands.task_status import change_status
from baton.core.events.catalogue import CATALOGUE
from baton.core.models import Event, Member, User
from baton.surfaces.admin.history import PAGE
from baton.surfaces.admin.sentences import PHRASES, tell
from tests.cast import Cast
from tests.core.commands.scenarios import make_full_task
from tests.factories import actor_of, make_task
from tests.surfaces.admin.world import make_root, sign_in


def test_a_tasks_history_is_told_newest_first(cast: Cast) -> None:
    task = make_full_task(cast)
    change_status(actor_of(cast.viewer), task.pk, "in_progress")

    page = sign_in(make_root(cast)).get(reverse("admin:core_task_history", args=[task.pk]))

    told = [str(sentence) for sentence in page.context["sentences"]]
    assert told[0] == "vera moved the task along (status: todo → in_progress)"
    assert any(sentence.startswith("edgar handed the task from edgar to nina") for sentence in told)
    assert told[-1].startswith("olga created the task")
    assert reverse("admin:core_user_change", args=[cast.viewer.pk]) in page.text


def test_it_has_pages(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    for number in range(PAGE):
        change_status(actor_of(cast.owner), task.pk, ("done", "todo")[number % 2])
    browser = sign_in(make_root(cast))

    first = browser.get(reverse("admin:core_task_history", args=[task.pk]))
    older = re.search(r'href="(\?before=[0-9-]+)"', first.text)
    assert older is not None
    second = browser.get(reverse("admin:core_task_history", args=[task.pk]) + older[1])

    seen = [sentence.event.pk for page in (first, second) for sentence in page.context["sentences"]]
    assert seen == list(Event.objects.filter(task=task).order_by("-id").values_list("pk", flat=True))


def test_it_costs_the_same_however_long_it_is(cast: Cast) -> None:
    short, long = make_full_task(cast), make_full_task(cast)
    for status in ("done", "todo", "review"):
        change_status(actor_of(cast.owner), long.pk, status)
    browser = sign_in(make_root(cast))
    browser.get(reverse("admin:core_task_history", args=[short.pk]))
    counts = []
    for task in (short, long):
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("admin:core_task_history", args=[task.pk]))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_projects_and_people_have_theirs(cast: Cast) -> None:
    make_full_task(cast)
    browser = sign_in(make_root(cast))

    project = browser.get(reverse("admin:core_project_history", args=[cast.project.pk]))
    person = browser.get(reverse("admin:core_user_history", args=[cast.owner.pk]))

    assert "created the project" in project.text
    assert "opened the account olga" in person.text


def test_so_has_a_membership(cast: Cast) -> None:
    make_full_task(cast)
    add_member(actor_of(cast.owner), cast.project.pk, cast.outsider.pk, "viewer")
    change_role(actor_of(cast.owner), cast.project.pk, cast.outsider.pk, "editor")
    browser = sign_in(make_root(cast))

    def told(user: User) -> str:
        member = Member.objects.get(project=cast.project, user=user)
        return browser.get(reverse("admin:core_member_history", args=[member.pk])).text

    outsider = told(cast.outsider)
    assert "made otto a member" in outsider
    assert "gave otto another role" in outsider
    assert "edgar" not in outsider
    assert "created the project" in told(cast.owner)


def test_the_log_is_filtered(cast: Cast) -> None:
    task = make_full_task(cast)
    browser = sign_in(make_root(cast))

    def found(**filters: str) -> set[str]:
        page = browser.get(reverse("admin:core_event_changelist"), filters)
        return {event.verb for event in page.context["cl"].result_list}

    assert found(verb="task.watched") == {"task.watched"}
    assert found(by="VERA") == {"task.watched", "user.registered", "project.created"}
    assert "user.registered" not in found(**{"in": task.project.key})
    assert found(by="nobody") == set()


def test_every_verb_of_the_phrases_is_known() -> None:
    assert set(PHRASES) <= set(CATALOGUE)


def test_a_verb_without_a_phrase_speaks_for_itself(cast: Cast) -> None:
    event = Event(verb="task.turned_over", changes={"side": [None, "b"]}, data={})
    assert [str(told) for told in tell([event])] == ["system task turned over (side: b)"]
