from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest

from baton.core.actor import Actor
from baton.core.commands.webhooks import create_webhook
from baton.core.errors import Conflict, Denied, Invalid, NotFound
from baton.core.models import Event, Webhook
from baton.lib.signing_secrets import secret_of
from tests.cast import Cast
from tests.factories import actor_of, make_project
from tests.hooks import URL
from tests.traces import nothing_changes


def create(actor: Actor, project_id: int | None = None, **fields: Any) -> tuple[Webhook, str]:
    values: Any = {"url": URL, **fields}
    return create_webhook(actor, values, project_id=project_id)


def test_the_secret_stands_nowhere(cast: Cast) -> None:
    webhook, secret = create(actor_of(cast.owner), cast.project.pk)
    assert secret == secret_of(webhook.seed)
    assert secret.startswith("whsec_")
    written = f"{Webhook.objects.values().get()}{list(Event.objects.values())}"
    assert secret not in written
    assert secret.removeprefix("whsec_") not in written


def test_each_has_another(cast: Cast) -> None:
    assert len({create(actor_of(cast.owner))[1] for _ in range(10)}) == 10


def test_records_it_without_the_path(cast: Cast) -> None:
    webhook, _ = create(actor_of(cast.owner), cast.project.pk)
    event = Event.objects.get(verb="webhook.created")
    assert (event.project_id, event.user_id, event.actor_id) == (cast.project.pk, None, cast.owner.pk)
    assert event.data == {"webhook": webhook.pk, "origin": "https://example.com"}


def test_ones_own_is_recorded_for_oneself(cast: Cast) -> None:
    create(actor_of(cast.viewer))
    event = Event.objects.get(verb="webhook.created")
    assert (event.project_id, event.user_id) == (None, cast.viewer.pk)


def test_only_owners_give_a_project_one(cast: Cast) -> None:
    for person in (cast.editor, cast.viewer):
        with nothing_changes(), pytest.raises(Denied):
            create(actor_of(person), cast.project.pk)
    with nothing_changes(), pytest.raises(NotFound):
        create(actor_of(cast.outsider), cast.project.pk)


def test_a_token_for_one_project_makes_its_webhooks_only(cast: Cast) -> None:
    other = make_project(cast.owner)
    token = replace(actor_of(cast.owner), token_id=1, project_id=cast.project.pk)
    create(token, cast.project.pk)
    with pytest.raises(NotFound):
        create(token, other.pk)
    with pytest.raises(Denied):
        create(token)


def test_there_are_so_many_each(cast: Cast, settings: Any) -> None:
    settings.BATON_WEBHOOKS_EACH = 1
    create(actor_of(cast.owner), cast.project.pk)
    create(actor_of(cast.owner))
    for project_id in (cast.project.pk, None):
        with nothing_changes(), pytest.raises(Conflict) as refused:
            create(actor_of(cast.owner), project_id)
        assert refused.value.code == "too_many_webhooks"


BAD: list[tuple[str, dict[str, Any]]] = [
    ("/url", {"url": ""}),
    ("/url", {"url": "ftp://example.com"}),
    ("/url", {"url": "https://user:password@example.com/"}),
    ("/url", {"url": "http://127.0.0.1/"}),
    ("/url", {"url": "http://2130706433/"}),
    ("/url", {"url": "http://[::1]/"}),
    ("/url", {"url": "http://169.254.169.254/latest/"}),
    ("/verbs/1", {"verbs": ["task.created", "task.eaten"]}),
    ("/verbs/0", {"verbs": ["webhook.paused"]}),
    ("/projects/0", {"projects": [999_999]}),
    ("/projects", {"projects": list(range(1, 102))}),
]


@pytest.mark.parametrize("pointer, fields", BAD)
def test_bad_input_changes_nothing(cast: Cast, pointer: str, fields: dict[str, Any]) -> None:
    with nothing_changes(), pytest.raises(Invalid) as refused:
        create(actor_of(cast.owner), **fields)
    assert [error.pointer for error in refused.value.errors] == [pointer]


def test_a_projects_own_names_no_others(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        create(actor_of(cast.owner), cast.project.pk, projects=[cast.project.pk])
    assert refused.value.errors[0].pointer == "/projects"


def test_the_operator_allows_addresses_inside(cast: Cast, settings: Any) -> None:
    settings.BATON_OUTGOING_NETWORKS = (ip_network("10.0.0.0/8"),)
    create(actor_of(cast.owner), url="http://10.1.2.3/")


def test_the_operator_asks_for_https(cast: Cast, settings: Any) -> None:
    settings.BATON_OUTGOING_HTTPS_ONLY = True
    with pytest.raises(Invalid):
        create(actor_of(cast.owner), url="http://example.com/")
