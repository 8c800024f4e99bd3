"""`/api/deliveries/`: what was sent to whom, for the owners of projects."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from baton.core.commands.mail_queue import LetterOrder, queue_letters
from baton.core.commands.webhook_upkeep import ping_webhook
from baton.core.commands.webhooks import create_webhook
from baton.core.models import Attempt, Delivery, Event, Task
from baton.core.models.delivery import DeliveryState
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import actor_of, make_task

PATH = "/api/deliveries/"


def write_to(cast: Cast, task: Task, occasion: str = "event:1", **fields: Any) -> Delivery:
    """Return a letter to the editor about the task."""
    order = LetterOrder("task_assigned", cast.editor.pk, occasion, project_id=task.project_id, task_id=task.pk)
    pk = queue_letters([order])[(cast.editor.pk, occasion)]
    Delivery.objects.filter(pk=pk).update(**fields)
    return Delivery.objects.get(pk=pk)


def test_an_owner_sees_letters_with_the_servers_answers(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    letter = write_to(cast, task, state=DeliveryState.DEAD, last_error="Refused.", tries=1)
    Attempt.objects.create(delivery=letter, at=timezone.now(), status=550, answer="no such user")
    (shown,) = Caller(cast.owner).get(PATH).body["results"]
    assert (shown["channel"], shown["letter"], shown["webhook"]) == ("mail", "task_assigned", None)
    assert shown["user"]["username"] == "edgar"
    assert (shown["project"], shown["task"]) == (cast.project.pk, task.pk)
    assert (shown["state"], shown["last_error"]) == ("dead", "Refused.")
    assert [(row["status"], row["answer"]) for row in shown["attempts"]] == [(550, "no such user")]
    assert Caller(cast.owner).get(f"{PATH}{letter.pk}/").body == shown


def test_nobody_else_does(cast: Cast) -> None:
    letter = write_to(cast, make_task(cast.owner, cast.project))
    for person in (cast.editor, cast.viewer, cast.outsider):
        caller = Caller(person)
        assert caller.get(PATH).body["results"] == []
        assert caller.get(f"{PATH}{letter.pk}/").status == 404
        assert caller.post(f"{PATH}{letter.pk}/retry/").status == 404
    assert Caller().get(PATH).status == 401


def test_letters_about_an_account_are_shown_to_no_owner(cast: Cast) -> None:
    queue_letters([LetterOrder("reset_password", cast.owner.pk, "event:1")])
    assert Caller(cast.owner).get(PATH).body["results"] == []


def test_an_owner_does_not_see_other_peoples_own_webhooks(cast: Cast) -> None:
    """What such a webhook gets is about the owner's project, and yet none of their business."""
    hook, _ = create_webhook(actor_of(cast.editor), {"url": "https://example.com/"})
    ping_webhook(actor_of(cast.editor), hook.pk)
    Delivery.objects.update(project=cast.project)
    assert Caller(cast.owner).get(PATH).body["results"] == []
    assert [row["webhook"] for row in Caller(cast.editor).get(PATH).body["results"]] == [hook.pk]


def test_filters(cast: Cast) -> None:
    first, second = make_task(cast.owner, cast.project), make_task(cast.owner, cast.project)
    sent = write_to(cast, first, state=DeliveryState.DELIVERED)
    waits = write_to(cast, second, "event:2")
    caller = Caller(cast.owner)

    def found(query: str) -> list[int]:
        return [row["id"] for row in caller.get(f"{PATH}?{query}").body["results"]]

    assert found("state=waiting") == [waits.pk]
    assert found(f"task={first.pk}&channel=mail") == [sent.pk]
    assert found(f"user={cast.viewer.pk}") == []
    assert found(f"project={cast.project.pk}&ordering=created_at") == [sent.pk, waits.pk]
    assert caller.get(f"{PATH}?count=true").body["count"] == 2
    assert caller.get(f"{PATH}?state=lost").pointers == ["?state"]


def test_a_dead_letter_is_tried_again_with_its_message_id(cast: Cast) -> None:
    letter = write_to(
        cast, make_task(cast.owner, cast.project), state=DeliveryState.DEAD, tries=4, finished_at=timezone.now()
    )
    answer = Caller(cast.owner).post(f"{PATH}{letter.pk}/retry/")
    assert answer.status == 202
    assert (answer.body["state"], answer.body["tries"], answer.body["finished_at"]) == ("waiting", 0, None)
    assert answer.body["message_id"] == letter.message_id
    event = Event.objects.latest("pk")
    assert (event.verb, event.actor_id, event.project_id) == ("delivery.retried", cast.owner.pk, cast.project.pk)
    assert event.data["delivery"] == letter.pk


@pytest.mark.parametrize("state", ["delivered", "cancelled", "sending"])
def test_what_was_sent_or_is_unwanted_is_not(cast: Cast, state: str) -> None:
    lease = timezone.now() if state == "sending" else None
    letter = write_to(cast, make_task(cast.owner, cast.project), state=state, lease_until=lease)
    caller = Caller(cast.owner)
    before = Event.objects.count()
    assert caller.post(f"{PATH}{letter.pk}/retry/").status == 409
    assert Delivery.objects.get().state == state
    assert Event.objects.count() == before


def test_more_of_them_cost_no_more_statements(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    caller = Caller(cast.owner)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            caller.get(PATH)
        return len(queries)

    write_to(cast, task)
    one = count()
    for number in range(2, 7):
        write_to(cast, task, f"event:{number}")
    assert count() == one
