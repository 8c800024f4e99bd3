from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from baton.core.actor import SYSTEM
from baton.core.commands.account_upkeep import deactivate_user
from baton.core.commands.members import change_role, remove_member
from baton.core.commands.task_status import change_status
from baton.core.commands.webhook_upkeep import pause_webhook, ping_webhook, replay_webhook, resume_webhook
from baton.core.commands.webhooks import delete_webhook, edit_webhook, rotate_webhook_secret
from baton.core.events.log import START, Cursor
from baton.core.models import Attempt, Delivery, Role, Webhook
from baton.core.queries.events import find_end, list_events
from baton.lib.signing_secrets import secret_of
from baton.reactions.deliver import deliver_due
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task
from tests.hooks import (
    check,
    deliver_all,
    fail_with,
    follow_log,
    ids_of,
    make_hook,
    only,
    states,
    verbs_of,
)
from tests.receiver import Receiver
from tests.threads import run_together
from tests.traces import let_the_log_settle

pytestmark = pytest.mark.django_db(transaction=True)


def test_sends_what_happens_signed(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast.owner, cast.project, receiver.url)
    task = make_task(cast.editor, cast.project, "Müll")
    assert deliver_all() == 1
    [sent] = receiver.sent
    payload = check(sent, secret_of(hook.seed))
    [event] = [event for event in list_events(actor_of(cast.owner), START, 100) if event.verb == "task.created"]
    assert list(payload) == ["type", "timestamp", "data"]
    assert payload["type"] == payload["data"]["verb"] == "task.created"
    assert (payload["data"]["cursor"], payload["data"]["task"]) == (event.cursor, task.pk)
    assert payload["data"]["changes"]["title"] == [None, "Müll"]
    assert payload["data"]["actor"]["username"] == "edgar"
    assert sent.headers["webhook-id"] == f"evt_{event.id}"
    assert sent.headers["content-type"] == "application/json"
    delivered = only()
    assert (delivered.state, delivered.tries, delivered.lease_until) == ("delivered", 1, None)
    assert Attempt.objects.get().status == 204


def test_hears_of_its_project_only_and_of_no_webhooks(cast: Cast, receiver: Receiver) -> None:
    make_hook(cast.owner, cast.project, receiver.url)
    make_hook(cast.owner, cast.project)
    make_task(cast.owner, make_project(cast.owner, "Elsewhere"))
    assert deliver_all() == 0


def test_a_filter_of_verbs_and_projects(cast: Cast, receiver: Receiver) -> None:
    garden = make_project(cast.editor, "Garden")
    make_hook(cast.editor, url=receiver.url, verbs=["task.status_changed"], projects=[garden.pk])
    for project in (garden, cast.project):
        change_status(actor_of(cast.editor), make_task(cast.editor, project).pk, "done")
    deliver_all()
    assert verbs_of(receiver) == ["task.status_changed"]


def test_ones_own_hears_of_what_one_sees(cast: Cast, receiver: Receiver) -> None:
    make_hook(cast.viewer, url=receiver.url)
    make_task(cast.owner, cast.project)
    make_task(cast.outsider, make_project(cast.outsider))
    deliver_all()
    assert verbs_of(receiver) == ["task.created"]


def test_who_was_removed_gets_nothing_more_not_even_what_waits(cast: Cast, receiver: Receiver) -> None:
    make_hook(cast.editor, url=receiver.url)
    make_task(cast.owner, cast.project)
    follow_log()
    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    make_task(cast.owner, cast.project)
    deliver_all()
    assert receiver.sent == []
    assert only().state == "cancelled"


def test_a_hook_of_a_project_pauses_when_its_owner_steps_down(cast: Cast, receiver: Receiver) -> None:
    change_role(actor_of(cast.owner), cast.project.pk, cast.editor.pk, Role.OWNER)
    hook = make_hook(cast.editor, cast.project, receiver.url, verbs=["task.created"])
    make_task(cast.owner, cast.project)
    change_role(actor_of(cast.owner), cast.project.pk, cast.editor.pk, Role.EDITOR)
    deliver_all()
    hook.refresh_from_db()
    assert (receiver.sent, hook.paused_reason) == ([], "owner_left")
    make_task(cast.owner, cast.project)
    # Another owner answers for it now, and it gets everything.
    assert resume_webhook(actor_of(cast.owner), hook.pk).user_id == cast.owner.pk
    deliver_all()
    assert verbs_of(receiver) == ["task.created", "task.created"]


def test_a_closed_account_sends_nothing(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast.editor, url=receiver.url)
    make_task(cast.owner, cast.project)
    follow_log()
    deactivate_user(SYSTEM, cast.editor.pk)
    deliver_all()
    assert receiver.sent == []
    assert Webhook.objects.get(pk=hook.pk).paused_reason == "owner_left"


def test_a_rollback_sends_nothing(cast: Cast, receiver: Receiver) -> None:
    make_hook(cast.owner, cast.project, receiver.url)
    with transaction.atomic():
        make_task(cast.owner, cast.project)
        transaction.set_rollback(True)
    assert deliver_all() == 0
    task = make_task(cast.owner, cast.project)
    let_the_log_settle()
    with transaction.atomic():
        follow_log()
        assert Delivery.objects.exists()
        transaction.set_rollback(True)
    assert deliver_due(5, wake_another=lambda: None) == 0
    assert receiver.sent == []
    assert deliver_all() == 1  # and the reaction comes again
    assert task.pk


def test_five_workers_and_one_row_are_one_request(cast: Cast, receiver: Receiver) -> None:
    make_hook(cast.owner, cast.project, receiver.url)
    make_task(cast.owner, cast.project)
    follow_log()
    run_together(*[lambda: deliver_due(5, wake_another=lambda: None)] * 5)
    assert len(receiver.sent) == 1


def test_several_workers_keep_the_order(cast: Cast, receiver: Receiver) -> None:
    make_hook(cast.owner, cast.project, receiver.url)
    for _ in range(20):
        make_task(cast.owner, cast.project)
    follow_log()

    def work() -> None:
        while Delivery.objects.filter(state="waiting").exists():
            deliver_due(5, wake_another=lambda: None)

    run_together(*[work] * 4)
    numbers = [int(found.removeprefix("evt_")) for found in ids_of(receiver)]
    assert numbers == sorted(numbers)
    assert (len(numbers), receiver.most_at_once) == (20, 1)


def test_a_replay_sends_everything_behind_a_cursor_again(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast.owner, cast.project, receiver.url, verbs=["task.created"])
    make_task(cast.owner, cast.project)
    deliver_all()
    after = find_end()
    make_task(cast.owner, cast.project)
    deliver_all()
    replay_webhook(actor_of(cast.owner), hook.pk, after)
    make_task(cast.owner, cast.project)
    deliver_all()
    first, second, again, third = ids_of(receiver)
    assert second == again != first
    replay_webhook(actor_of(cast.owner), hook.pk, START)
    deliver_all()
    assert ids_of(receiver)[4:] == [first, second, third]


def test_a_ping_goes_out_of_turn_once_and_while_paused(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast.owner, cast.project, receiver.url, verbs=["task.created"])
    make_hook(cast.owner, cast.project, receiver.url)
    receiver.reply = fail_with(500)
    make_task(cast.owner, cast.project)
    deliver_all()
    pause_webhook(actor_of(cast.owner), hook.pk)
    receiver.sent.clear()
    pinged = ping_webhook(actor_of(cast.owner), hook.pk)
    deliver_all()
    assert verbs_of(receiver) == ["webhook.pinged"]
    pinged.refresh_from_db()
    assert (pinged.state, pinged.tries, pinged.last_error) == ("dead", 1, "The receiver answered 500.")


def test_what_is_deleted_or_no_longer_wanted_is_not_sent(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast.owner, cast.project, receiver.url)
    make_task(cast.owner, cast.project)
    follow_log()
    edit_webhook(actor_of(cast.owner), hook.pk, {"verbs": ["comment.added"]})
    deliver_all()
    assert only().state == "cancelled"
    edit_webhook(actor_of(cast.owner), hook.pk, {"verbs": []})
    make_task(cast.owner, cast.project)
    follow_log()
    delete_webhook(actor_of(cast.owner), hook.pk)
    deliver_all()
    assert (receiver.sent, states()) == ([], {"cancelled"})


def test_both_secrets_sign_for_a_day(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast.owner, cast.project, receiver.url)
    old = secret_of(hook.seed)
    _, new = rotate_webhook_secret(actor_of(cast.owner), hook.pk)
    make_task(cast.owner, cast.project)
    deliver_all()
    assert check(receiver.sent[0], old) == check(receiver.sent[0], new)
    Webhook.objects.update(previous_until=timezone.now())
    make_task(cast.owner, cast.project)
    deliver_all()
    assert check(receiver.sent[1], new)
    with pytest.raises(Exception, match="No matching signature"):
        check(receiver.sent[1], old)


def test_a_redirect_inside_is_not_followed(cast: Cast, receiver: Receiver) -> None:
    make_hook(cast.owner, cast.project, receiver.url)
    receiver.reply = lambda _sent: (307, {"Location": "http://127.0.0.2:9/"}, b"")
    make_task(cast.owner, cast.project)
    deliver_all()
    assert "public Internet" in only().last_error


def test_a_new_hook_begins_with_what_happens_from_now_on(cast: Cast, receiver: Receiver) -> None:
    make_task(cast.owner, cast.project)  # which no reaction has seen yet
    make_hook(cast.owner, cast.project, receiver.url)
    make_task(cast.owner, cast.project)
    assert deliver_all() == 1


def test_the_cursor_can_be_parsed_back(cast: Cast, receiver: Receiver) -> None:
    make_hook(cast.owner, cast.project, receiver.url)
    make_task(cast.owner, cast.project)
    deliver_all()
    cursor = check(receiver.sent[0], secret_of(Webhook.objects.get().seed))["data"]["cursor"]
    assert Cursor.parse(cursor) == find_end()
