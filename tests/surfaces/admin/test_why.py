"""Why no mail?: what was told to whom, or why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from baton.core.commands.comments import add_comment
from baton.core.commands.notifications import notify
from baton.core.commands.task_status import change_status
from baton.core.models import Attempt, Delivery, Event, Task, User
from baton.core.models.delivery import DeliveryState
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.surfaces.admin.world import make_root, sign_in

PATH = "/admin/core/notification/why/"


@pytest.fixture
def browser(cast: Cast) -> Client:
    return sign_in(make_root(cast))


@pytest.fixture
def task(cast: Cast) -> Task:
    task = make_task(cast.owner, cast.project, assignees=[cast.editor.pk])
    notify(list(Event.objects.order_by("pk")), {})
    return task


def ask(browser: Client, task: Task, person: User | str, **more: str) -> str:
    name = person if isinstance(person, str) else person.username
    question = {"task": str(task.pk), "person": name, **more}
    return browser.get(PATH, question).content.decode()


def test_what_was_told_with_the_servers_answer(browser: Client, cast: Cast, task: Task) -> None:
    letter = Delivery.objects.get(task=task, recipient=cast.editor.pk)
    Delivery.objects.filter(pk=letter.pk).update(state=DeliveryState.DEAD, tries=1, last_error="Refused.")
    Attempt.objects.create(delivery=letter, at=timezone.now(), status=550, answer="no such user")
    page = ask(browser, task, cast.editor)
    assert "task_assigned" in page
    assert "no: It was given up after one try: Refused." in page
    assert "550 no such user" in page
    assert f"/admin/core/delivery/{letter.pk}/change/" in page


def test_why_not(browser: Client, cast: Cast, task: Task) -> None:
    assert "It was their own change." in ask(browser, task, cast.owner)
    assert "They neither work on the task" in ask(browser, task, cast.viewer)
    assert "They do not see the task." in ask(browser, task, cast.outsider)
    User.objects.filter(pk=cast.viewer.pk).update(is_active=False)
    assert "Their account is closed." in ask(browser, task, cast.viewer)


def test_one_who_came_later_would_be_told_now(browser: Client, cast: Cast, task: Task) -> None:
    add_comment(actor_of(cast.editor), task.pk, "Where is the can?")
    assert "They would be told now" in ask(browser, task, cast.owner)


def test_only_what_happened_about_then(browser: Client, cast: Cast, task: Task) -> None:
    change_status(actor_of(cast.editor), task.pk, "planned")
    long_ago = timezone.now() - timedelta(days=3)
    page = ask(browser, task, cast.viewer, at_0=f"{long_ago:%Y-%m-%d}", at_1=f"{long_ago:%H:%M:%S}")
    assert "There is nothing that they were not told" in page


@pytest.mark.parametrize(
    "task_text, person, error",
    [
        ("NOPE-1", "edgar", "There is no such task."),
        ("9" * 30, "edgar", "There is no such task."),
        ("-", "edgar", "There is no such task."),
        ("OPER-1", "nobody", "There is no such person."),
        ("", "edgar", "This field is required."),
    ],
)
def test_bad_questions(browser: Client, task: Task, task_text: str, person: str, error: str) -> None:
    page = browser.get(PATH, {"task": task_text, "person": person})
    assert page.status_code == 200
    assert error in page.content.decode()


def test_it_is_asked_by_key_and_address_too(browser: Client, cast: Cast, task: Task) -> None:
    key = f"{cast.project.key}-{task.number}".lower()
    page = browser.get(PATH, {"task": key, "person": "EDGAR@example.org"}).content.decode()
    assert "task_assigned" in page


def test_it_is_linked_and_for_those_only_who_may(browser: Client, cast: Cast, task: Task) -> None:
    assert PATH in browser.get("/admin/core/notification/").content.decode()
    assert f"{PATH}?task={task.pk}" in browser.get(f"/admin/core/task/{task.pk}/change/").content.decode()
    User.objects.filter(pk=cast.viewer.pk).update(is_staff=True)
    assert sign_in(cast.viewer).get(PATH).status_code == 403
