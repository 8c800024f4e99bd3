"""The original's letters, word for word, through its API and the real reaction and worker."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db.models.functions import Now
from django.test import Client, override_settings

from baton import wiring
from baton.core.commands.comments import delete_comment
from baton.core.commands.dialect_tokens import issue_dialect_token
from baton.core.commands.task_watching import watch_task
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.models import Comment, Delivery, Event, Notification, Task, User
from baton.core.models.delivery import DeliveryState, Pace
from baton.core.models.notification import Kind, Mode, Silence
from baton.reactions.follow import follow
from baton.surfaces.dialects.tasktable.letters import plan
from tests.factories import NOBODY, actor_of, make_user
from tests.reactions.letters.posted import letters_to, post, text_of
from tests.told import Log, set_mode
from tests.traces import let_the_log_settle

pytestmark = pytest.mark.django_db

NEW = {"name": "NY is in danger!", "specification": "Find Venom.\nStop him.", "due_date": "2099-12-20"}
BODY = (
    "Task name: NY is in danger!\nSpecification: Find Venom.\nStop him.\nDue date: 2099-12-20\n"
    "Creator: peter\nPerformer: mary\nStatus: n"
)


class Table:
    """Peter, who makes tasks, Mary, who performs them, and what their clients send."""

    def __init__(self) -> None:
        self.peter, self.mary = make_user("peter"), make_user("mary")
        self.log = Log()

    def ask(self, user: User, method: str, path: str, body: dict[str, Any]) -> Any:
        token = issue_dialect_token(NOBODY, user, "tasktable")
        client = Client(headers={"authorization": f"Token {token}"})
        answer = client.generic(method, f"/tasktable/api/{path}", json.dumps(body), "application/json")
        assert answer.status_code in (200, 201), answer.content
        return answer.json()

    def create(self, **fields: Any) -> Task:
        """Have Peter make a task that Mary performs."""
        made = self.ask(self.peter, "POST", "tasks/", {**NEW, "performer": self.mary.pk, **fields})
        return Task.objects.get(pk=made["id"])

    def told(self) -> list[Any]:
        """Let everybody be told, and return the letters that came."""
        self.log.tell(wiring.PLANS)
        return post()


@pytest.fixture
def table() -> Table:
    return Table()


def recipients() -> list[str]:
    """Return to whom letters went, and how they are called, in the order of the names."""
    sent = Delivery.objects.values_list("recipient", "letter")
    names = dict(User.objects.values_list("pk", "username"))
    return sorted(f"{names[user]}: {letter}" for user, letter in sent)


def test_of_a_new_task(table: Table) -> None:
    table.create()
    messages = table.told()
    assert recipients() == ["mary: tasktable_created", "peter: tasktable_created"]
    assert len(messages) == 2
    for message in messages:
        assert message["Subject"] == "A new task has been created"
        assert message["To"] == "peter@example.org, mary@example.org"
        assert message.get_content_type() == "text/plain"
        assert text_of(message) == BODY
    assert set(Delivery.objects.values_list("pace", flat=True)) == {Pace.TASKTABLE}
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DELIVERED}


def test_a_task_is_one_thread_and_its_letters_can_be_switched_off(table: Table) -> None:
    task = table.create()
    messages = table.told()
    assert {message["References"] for message in messages} == {f"<task-{task.uuid}@127.0.0.1>"}
    links = {message["List-Unsubscribe"].strip("<>") for message in messages}
    assert len(links) == 2
    assert {message["List-Unsubscribe-Post"] for message in messages} == {"List-Unsubscribe=One-Click"}
    for link in links:
        assert Client().post(urlsplit(link).path).status_code == 200
    table.create(name="Another")
    assert table.told() == []
    assert Delivery.objects.filter(last_error="They have switched this letter off.").count() == 2
    table.ask(table.peter, "POST", f"tasks/{task.pk}/add_comment/", {"description": "Hello"})
    assert len(table.told()) == 2


def test_of_a_task_that_nobody_performs(table: Table) -> None:
    task = table.create(performer=None, due_date=None)
    (message,) = table.told()
    assert message["To"] == "peter@example.org"
    assert text_of(message) == (
        "Task name: NY is in danger!\nSpecification: Find Venom.\nStop him.\nDue date: None\n"
        "Creator: peter\nPerformer: None\nStatus: n"
    )
    assert task.lead is None


def test_who_performs_their_own_task_is_written_to_once(table: Table) -> None:
    table.create(performer=table.peter.pk)
    (message,) = table.told()
    assert message["To"] == "peter@example.org"


@pytest.mark.parametrize("method, path", [("PUT", "taskupdate/"), ("PUT", "tasks/{id}/"), ("PATCH", "tasks/{id}/")])
def test_of_a_change_once_however_much_it_changes(table: Table, method: str, path: str) -> None:
    task = table.create(performer=None)
    table.told()
    Delivery.objects.all().delete()
    performer = "mary" if path == "taskupdate/" else table.mary.pk
    change = {**NEW, "task_id": task.pk, "name": "NY is safe", "status": "w", "performer": performer}
    table.ask(table.peter, method, path.format(id=task.pk), change)
    assert Event.objects.filter(task=task).count() == 4
    messages = table.told()
    assert recipients() == ["mary: tasktable_changed", "peter: tasktable_changed"]
    for message in messages:
        assert message["Subject"] == "The task has been changed"
        assert text_of(message) == BODY.replace("NY is in danger!", "NY is safe").replace("Status: n", "Status: w")


def test_of_a_change_that_hands_the_task_on(table: Table) -> None:
    task = table.create()
    table.told()
    Delivery.objects.all().delete()
    kate = make_user("kate")
    table.log.skip()
    change = {"name": "NY is safe", "specification": "Done.", "status": "w", "performer": kate.pk}
    table.ask(table.mary, "PUT", f"tasks/{task.pk}/", change)
    messages = table.told()
    assert recipients() == ["kate: tasktable_changed", "peter: tasktable_changed"]
    assert {message["To"] for message in messages} == {"peter@example.org, kate@example.org"}
    assert Notification.objects.filter(user=table.mary, kind=Kind.ASSIGNED).exists()


def test_what_changes_nothing_sends_nothing(table: Table) -> None:
    task = table.create()
    table.told()
    table.ask(table.peter, "PATCH", f"tasks/{task.pk}/", {"name": NEW["name"]})
    assert table.told() == []


@pytest.mark.parametrize("path, named", [("addcomment/", {"task_name": NEW["name"]}), ("tasks/{id}/add_comment/", {})])
def test_of_a_comment_whoever_says_it(table: Table, path: str, named: dict[str, Any]) -> None:
    task = table.create()
    table.told()
    Delivery.objects.all().delete()
    kate = make_user("kate")
    table.log.skip()
    table.ask(kate, "POST", path.format(id=task.pk), {**named, "description": "On my way."})
    messages = table.told()
    posted = Comment.objects.get().created_at
    assert recipients() == ["mary: tasktable_commented", "peter: tasktable_commented"]
    for message in messages:
        assert message["Subject"] == "A new comment has been added to the task"
        assert text_of(message) == (
            f"{BODY}\n\nNew comment: On my way.\nAuthor: kate\nPosting date: {posted:%Y-%m-%d %H:%M}"
        )


def test_a_comment_that_is_gone_is_not_told(table: Table) -> None:
    task = table.create()
    table.told()
    table.ask(table.peter, "POST", f"tasks/{task.pk}/add_comment/", {"description": "On my way."})
    table.log.tell(wiring.PLANS)
    delete_comment(actor_of(table.peter), Comment.objects.get().pk)
    assert post() == []
    assert set(Delivery.objects.filter(letter="tasktable_commented").values_list("last_error", flat=True)) == {
        "The comment is gone."
    }


def test_a_task_that_is_gone_is_not_told(table: Table) -> None:
    task = table.create()
    table.log.tell(wiring.PLANS)
    trash_task(actor_of(table.peter), task.pk)
    assert post() == []


def test_who_has_no_address_or_account_is_neither_written_to_nor_named(table: Table) -> None:
    table.create()
    table.log.tell(wiring.PLANS)
    User.objects.filter(pk=table.mary.pk).update(email=None, email_folded=None)
    (message,) = post()
    assert message["To"] == "peter@example.org"
    assert Delivery.objects.get(recipient=table.mary.pk).last_error == "They have no e-mail address."


def test_watchers_hear_of_it_as_of_everything(table: Table) -> None:
    task = table.create()
    kate = make_user("kate")
    watch_task(actor_of(kate), task.pk)
    set_mode(kate, Kind.COMMENTED, Mode.AT_ONCE)
    table.told()
    Delivery.objects.all().delete()
    table.ask(table.peter, "POST", f"tasks/{task.pk}/add_comment/", {"description": "On my way."})
    table.told()
    assert set(recipients()) == {"kate: task_commented", "mary: tasktable_commented", "peter: tasktable_commented"}


def test_its_other_performers_find_it_in_their_inbox(table: Table) -> None:
    kate = make_user("kate")
    table.log.skip()
    table.create(performers=[table.mary.pk, kate.pk], performer=table.mary.pk)
    table.told()
    assert letters_to(kate) == []
    assert Notification.objects.get(user=kate).silence == Silence.DIALECT


def test_changes_that_came_another_way_are_told_in_the_other_way(table: Table) -> None:
    task = table.create()
    table.told()
    Delivery.objects.all().delete()
    edit_task(actor_of(table.peter), task.pk, {"status": "done"})
    table.told()
    assert recipients() == ["mary: gathered"]


def test_a_dialect_that_is_not_served_writes_to_nobody(table: Table) -> None:
    task = table.create()
    event = Event.objects.get(task=task)
    assert len(plan(event)) == 2
    with override_settings(BATON_DIALECTS=("issuetracker",)):
        assert plan(event) == []


@pytest.mark.django_db(transaction=True)
def test_the_reaction_and_the_worker_send_each_once(table: Table) -> None:
    reaction = next(found for found in wiring.REACTIONS if found.name == "notifications")
    let_the_log_settle()
    while follow(reaction):
        pass
    table.create()
    let_the_log_settle()
    while follow(reaction):
        pass
    Delivery.objects.update(next_try_at=Now())
    assert len(post()) == 2
    assert post() == []
    assert not follow(reaction)
