from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.api_tokens import TOKENS_PER_USER, create_api_token
from baton.core.errors import Conflict, Denied, Invalid
from baton.core.models import ApiToken, Event
from baton.lib.api_secrets import digest_of
from tests.cast import Cast
from tests.factories import actor_of, make_project
from tests.traces import nothing_changes


def fields(**changes: Any) -> Any:
    return {"name": "Robot", "scopes": ["read"], **changes}


def by_token(cast: Cast, *scopes: str, **changes: Any) -> Actor:
    token, _ = create_api_token(actor_of(cast.editor), fields(scopes=list(scopes), **changes))
    return replace(actor_of(cast.editor), token_id=token.pk, scopes=frozenset(scopes), project_id=token.project_id)


def test_keeps_the_digest_only(cast: Cast) -> None:
    token, secret = create_api_token(actor_of(cast.editor), fields(scopes=["write", "read"]))
    assert re.fullmatch(r"bat_[0-9a-f]{64}", secret)
    row = ApiToken.objects.values().get(pk=token.pk)
    assert (row["digest"], row["hint"], row["scopes"]) == (digest_of(secret), secret[:12], "read write")
    assert not any(
        secret[12:] in str(value) for value in [*row.values(), *Event.objects.values_list("data", flat=True)]
    )


def test_each_is_another(cast: Cast) -> None:
    assert len({create_api_token(actor_of(cast.editor), fields())[1] for _ in range(20)}) == 20


def test_records_it_for_its_user_alone(cast: Cast) -> None:
    token, _ = create_api_token(actor_of(cast.editor), fields(project_id=cast.project.pk))
    event = Event.objects.get(verb="token.created")
    assert (event.user_id, event.actor_id, event.project_id) == (cast.editor.pk, cast.editor.pk, None)
    assert event.data == {"token": token.pk, "name": "Robot", "scopes": ["read"], "project": cast.project.pk}


def test_bad_input_changes_nothing(cast: Cast) -> None:
    foreign = make_project(cast.outsider)
    bad: dict[str, Any] = {
        "/name": {"name": " "},
        "/scopes": {"scopes": []},
        "/project": {"project_id": foreign.pk},
        "/expires_at": {"expires_at": timezone.now() - timedelta(seconds=1)},
    }
    for pointer, changes in [*bad.items(), ("/scopes", {"scopes": ["root"]})]:
        with nothing_changes(), pytest.raises(Invalid) as refused:
            create_api_token(actor_of(cast.editor), fields(**changes))
        assert [error.pointer for error in refused.value.errors] == [pointer]


def test_a_token_gives_no_more_than_it_has(cast: Cast) -> None:
    soon = timezone.now() + timedelta(hours=1)
    by_write = by_token(cast, "write")
    create_api_token(by_write, fields(scopes=["read"]))
    create_api_token(by_write, fields(scopes=["write"]))
    for actor, wanted in (
        (by_write, fields(scopes=["admin"])),
        (by_token(cast, "read"), fields(scopes=["write"])),
        (by_token(cast, "admin", expires_at=soon), fields()),
        (by_token(cast, "admin", expires_at=soon), fields(expires_at=soon + timedelta(seconds=1))),
        (by_token(cast, "admin", project_id=cast.project.pk), fields(project_id=cast.project.pk)),
    ):
        with nothing_changes(), pytest.raises(Denied):
            create_api_token(actor, wanted)
    create_api_token(by_token(cast, "admin", expires_at=soon), fields(scopes=["admin"], expires_at=soon))


def test_there_is_an_end_to_them(cast: Cast) -> None:
    first, _ = create_api_token(actor_of(cast.editor), fields())
    row = ApiToken.objects.get(pk=first.pk)
    rows = [ApiToken(**{**_values(row), "digest": str(number)}) for number in range(TOKENS_PER_USER - 1)]
    ApiToken.objects.bulk_create(rows)
    with nothing_changes(), pytest.raises(Conflict):
        create_api_token(actor_of(cast.editor), fields())


def _values(token: ApiToken) -> dict[str, Any]:
    return {name: getattr(token, name) for name in ("user_id", "name", "hint", "scopes", "created_at")}
