"""`/api/tasks/{id}/deliveries/`: who was told, through what, or why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from baton.core.commands.mail_queue import LetterOrder, queue_letters
from baton.core.commands.webhook_upkeep import ping_webhook
from baton.core.commands.webhooks import create_webhook
from baton.core.models import Attempt, Delivery, Event, Notification, Task, User
from baton.core.models.delivery import DeliveryState
from baton.core.models.notification import Kind, Mode, Silence
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import actor_of, make_task


@pytest.fixture
def task(cast: Cast) -> Task:
    return make_task(cast.owner, cast.project)


def path_of(task: Task) -> str:
    return f"/api/tasks/{task.pk}/deliveries/"


def tell(
    user: User, task: Task, occasion: str = "event:1", mode: Mode = Mode.AT_ONCE, silence: str = "", age: int = 0
) -> Notification:
    """Tell the user, by a letter where their mode is one for it; `age` in minutes."""
    event = Event.objects.filter(task=task).latest("pk")
    pk = None
    if mode == Mode.AT_ONCE and not silence:
        order = LetterOrder("task_changed", user.pk, occasion, event, task.project_id, task.pk)
        pk = queue_letters([order])[(user.pk, occasion)]
    return Notification.objects.create(
        user=user,
        kind=Kind.CHANGED,
        mode=mode,
        occasion=occasion,
        event=event,
        task=task,
        project=task.project,
        silence=silence,
        delivery_id=pk,
        created_at=timezone.now() - timedelta(minutes=age),
    )


def test_an_owner_is_shown_everybody_with_the_answers(cast: Cast, task: Task) -> None:
    sent, refused = tell(cast.editor, task), tell(cast.viewer, task, age=1)
    Delivery.objects.filter(notifications=sent).update(state=DeliveryState.DELIVERED)
    Delivery.objects.filter(notifications=refused).update(state=DeliveryState.DEAD, tries=1, last_error="Unknown.")
    assert refused.delivery
    Attempt.objects.create(delivery=refused.delivery, at=timezone.now(), status=550, answer="no such user")
    first, second = Caller(cast.owner).get(path_of(task)).body["results"]
    assert (first["user"]["username"], first["kind"], first["verb"]) == ("edgar", "task_changed", "task.created")
    assert (first["is_told"], first["why"]) == (True, "")
    assert (second["user"]["username"], second["is_told"]) == ("vera", False)
    assert second["why"] == "It was given up after one try: Unknown."
    assert second["delivery"]["attempts"][0]["answer"] == "no such user"


@pytest.mark.parametrize(
    "mode, silence, why",
    [
        (Mode.OFF, Silence.OFF, "switched letters of this kind off"),
        (Mode.AT_ONCE, Silence.NO_ADDRESS, "no e-mail address"),
        (Mode.AT_ONCE, Silence.DIALECT, "through a dialect"),
        (Mode.DAILY, "", "waits for their daily digest"),
        (Mode.WEEKLY, "", "waits for their weekly digest"),
    ],
)
def test_why_not(cast: Cast, task: Task, mode: Mode, silence: str, why: str) -> None:
    tell(cast.editor, task, mode=mode, silence=silence)
    (shown,) = Caller(cast.owner).get(path_of(task)).body["results"]
    assert why in shown["why"]
    assert (shown["is_told"], shown["delivery"]) == (False, None)


def test_others_are_shown_themselves(cast: Cast, task: Task) -> None:
    tell(cast.editor, task)
    tell(cast.viewer, task)
    (shown,) = Caller(cast.viewer).get(path_of(task)).body["results"]
    assert shown["user"]["username"] == "vera"
    assert Caller(cast.outsider).get(path_of(task)).status == 404


def test_letters_and_webhooks_without_a_notification_stand_between_them(cast: Cast, task: Task) -> None:
    queue_letters([LetterOrder("tasktable", cast.viewer.pk, "event:7", None, task.project_id, task.pk)])
    hook, _ = create_webhook(actor_of(cast.owner), {"url": "https://example.com/"}, project_id=cast.project.pk)
    Delivery.objects.filter(pk=ping_webhook(actor_of(cast.owner), hook.pk).pk).update(task=task)
    tell(cast.editor, task)
    shown = Caller(cast.owner).get(path_of(task)).body["results"]
    assert [(row["kind"], row["delivery"]["letter"], row["delivery"]["webhook"]) for row in shown] == [
        ("task_changed", "task_changed", None),
        (None, None, hook.pk),
        (None, "tasktable", None),
    ]


def test_by_person_and_time(cast: Cast, task: Task) -> None:
    tell(cast.editor, task, "event:1", age=60)
    late = tell(cast.editor, task, "event:2")
    tell(cast.viewer, task, "event:2")
    caller = Caller(cast.owner)
    since = (timezone.now() - timedelta(minutes=30)).isoformat().replace("+", "%2B")
    answer = caller.get(f"{path_of(task)}?user={cast.editor.pk}&after={since}&count=true").body
    assert [row["delivery"]["id"] for row in answer["results"]] == [late.delivery_id]
    assert answer["count"] == 1
    assert caller.get(f"{path_of(task)}?before=yesterday").pointers == ["?before"]


def test_pages_of_two_sources_leave_nothing_out(cast: Cast, task: Task) -> None:
    at = timezone.now()
    for number in range(5):
        tell(cast.editor, task, f"event:{number}")
        queue_letters([LetterOrder("tasktable", cast.editor.pk, f"old:{number}", task_id=task.pk)])
    # All at one time, so that only the ids tell them apart.
    Delivery.objects.update(created_at=at, project=cast.project)
    Notification.objects.update(created_at=at)
    caller = Caller(cast.owner)
    whole = [row["delivery"]["id"] for row in caller.get(path_of(task)).body["results"]]
    assert len(set(whole)) == 10

    for ordering, expected in (("-created_at", whole), ("created_at", whole[::-1])):
        seen: list[int] = []
        address = f"{path_of(task)}?page_size=3&ordering={ordering}"
        backwards = None
        while address:
            page = caller.get(address.removeprefix("http://testserver")).body
            seen += [row["delivery"]["id"] for row in page["results"]]
            address, backwards = page["next"], page["previous"]
        assert seen == expected
        assert backwards is not None
        before = caller.get(backwards.removeprefix("http://testserver")).body
        assert [row["delivery"]["id"] for row in before["results"]] == expected[6:9]


def test_more_of_it_costs_no_more_statements(cast: Cast, task: Task) -> None:
    caller = Caller(cast.owner)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            caller.get(path_of(task))
        return len(queries)

    tell(cast.editor, task)
    one = count()
    for number in range(2, 7):
        tell(cast.editor, task, f"event:{number}")
    assert count() == one
