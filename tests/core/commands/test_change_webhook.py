"""Editing, rotating, deleting, pausing, resuming, replaying and pinging."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from baton.core.actor import Actor
from baton.core.commands.webhook_upkeep import pause_webhook, ping_webhook, replay_webhook, resume_webhook
from baton.core.commands.webhooks import create_webhook, delete_webhook, edit_webhook, rotate_webhook_secret
from baton.core.errors import Invalid, NotFound, Stale
from baton.core.events.log import START, Cursor
from baton.core.models import Event, Webhook
from baton.lib.signing_secrets import secret_of
from tests.cast import Cast
from tests.factories import actor_of
from tests.hooks import URL
from tests.traces import nothing_changes

COMMANDS: dict[str, Callable[[Actor, int], Any]] = {
    "webhook.edited": lambda actor, pk: edit_webhook(actor, pk, {"url": "https://example.org/"}),
    "webhook.secret_rotated": rotate_webhook_secret,
    "webhook.deleted": delete_webhook,
    "webhook.paused": pause_webhook,
    "webhook.replayed": lambda actor, pk: replay_webhook(actor, pk, START),
    "webhook.pinged": ping_webhook,
}


def make(actor: Actor, project_id: int | None = None) -> Webhook:
    return create_webhook(actor, {"url": URL}, project_id=project_id)[0]


@pytest.mark.parametrize("verb", COMMANDS)
def test_records_it_without_secrets(cast: Cast, verb: str) -> None:
    webhook = make(actor_of(cast.owner), cast.project.pk)
    COMMANDS[verb](actor_of(cast.owner), webhook.pk)
    event = Event.objects.latest("pk")
    assert (event.verb, event.project_id, event.data["webhook"]) == (verb, cast.project.pk, webhook.pk)
    assert "s3cret" not in f"{event.data}{event.changes}"
    assert secret_of(webhook.seed) not in f"{event.data}{event.changes}"


@pytest.mark.parametrize("verb", [*COMMANDS, "webhook.resumed"])
def test_for_everybody_else_it_is_not_there(cast: Cast, verb: str) -> None:
    command: Any = {**COMMANDS, "webhook.resumed": resume_webhook}[verb]
    of_project = make(actor_of(cast.owner), cast.project.pk)
    own = make(actor_of(cast.editor))
    for person, webhook in (
        (cast.editor, of_project),
        (cast.viewer, of_project),
        (cast.outsider, of_project),
        (cast.owner, own),
    ):
        with nothing_changes(), pytest.raises(NotFound):
            command(actor_of(person), webhook.pk)
    with nothing_changes(), pytest.raises(NotFound):
        command(actor_of(cast.owner), 999_999)


def test_an_edit_keeps_what_it_doesnt_say(cast: Cast) -> None:
    webhook = make(actor_of(cast.owner))
    edited = edit_webhook(actor_of(cast.owner), webhook.pk, {"verbs": ["task.created"]})
    assert (edited.url, edited.verbs, edited.version) == (URL, ["task.created"], 2)
    assert Event.objects.latest("pk").changes == {"verbs": [[], ["task.created"]]}
    with nothing_changes():
        edit_webhook(actor_of(cast.owner), webhook.pk, {"verbs": ["task.created"]})
    with nothing_changes(), pytest.raises(Stale):
        edit_webhook(actor_of(cast.owner), webhook.pk, {"verbs": []}, expected_version=1)
    with nothing_changes(), pytest.raises(Stale):
        delete_webhook(actor_of(cast.owner), webhook.pk, expected_version=1)
    with nothing_changes(), pytest.raises(Invalid):
        edit_webhook(actor_of(cast.owner), webhook.pk, {"url": "http://127.0.0.1/", "verbs": []})


def test_a_pause_and_its_end_happen_once(cast: Cast) -> None:
    webhook = make(actor_of(cast.owner))
    pause_webhook(actor_of(cast.owner), webhook.pk)
    with nothing_changes():
        pause_webhook(actor_of(cast.owner), webhook.pk)
    resume_webhook(actor_of(cast.owner), webhook.pk)
    with nothing_changes():
        resume_webhook(actor_of(cast.owner), webhook.pk)


def test_a_cursor_of_nowhere_changes_nothing(cast: Cast) -> None:
    webhook = make(actor_of(cast.owner))
    with nothing_changes(), pytest.raises(Invalid) as refused:
        replay_webhook(actor_of(cast.owner), webhook.pk, Cursor(1, 2**40))
    assert refused.value.errors[0].pointer == "/after"


def test_a_rotated_secret_is_another(cast: Cast) -> None:
    webhook = make(actor_of(cast.owner))
    rotated, secret = rotate_webhook_secret(actor_of(cast.owner), webhook.pk)
    assert secret == secret_of(rotated.seed) != secret_of(webhook.seed) == secret_of(rotated.previous_seed)
