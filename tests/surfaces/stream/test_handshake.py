"""Who is let in to the WebSocket, and by what."""

from __future__ import annotations

import json
from datetime import timedelta
from time import time

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from baton.core.commands.accounts import change_password
from baton.core.commands.api_tokens import create_api_token, revoke_api_token
from baton.core.models import StreamTicket, User
from baton.surfaces.wire import credentials
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import PASSWORD, actor_of, bearer, make_project, make_task
from tests.surfaces.stream.served import Served, open_socket, refusal, socket_of

pytestmark = pytest.mark.any_database


def access_token(user: User) -> str:
    return bearer(user)["HTTP_AUTHORIZATION"].removeprefix("Bearer ")


def token_of(user: User, **fields: object) -> str:
    return create_api_token(actor_of(user), {"name": "Robot", "scopes": ["read"], **fields})[1]  # type: ignore[typeddict-item]


def ticket_of(user: User) -> str:
    answer = Caller(user).post("/api/stream/tickets/")
    assert answer.status == 201
    assert answer.body["expires_in"] == 30
    return str(answer.body["ticket"])


def test_without_a_credential(served: Served) -> None:
    assert refusal(served)["code"] == "not_authenticated"
    assert refusal(served)["status"] == 401


def test_an_access_token(served: Served, cast: Cast) -> None:
    with socket_of(served, cast.owner) as opened:
        assert opened.subscribe() == []


def test_a_refresh_token_is_none(served: Served, cast: Cast) -> None:
    login = Caller().post("/api/auth/login/", {"username": "olga", "password": PASSWORD})
    assert refusal(served, authorization=f"Bearer {login.body['refresh']}")["status"] == 401
    assert refusal(served, f"?ticket={login.body['refresh']}")["status"] == 401


def test_a_dead_session(served: Served, cast: Cast) -> None:
    header = bearer(cast.owner)["HTTP_AUTHORIZATION"]
    User.objects.filter(pk=cast.owner.pk).update(is_active=False)
    assert refusal(served, authorization=header)["code"] == "dead_credential"


@pytest.mark.parametrize("scheme", ["Bearer", "Token"])
def test_an_api_token(served: Served, cast: Cast, scheme: str) -> None:
    with open_socket(served, authorization=f"{scheme} {token_of(cast.owner)}") as opened:
        opened.subscribe()
        make_task(cast.owner, cast.project)
        assert opened.hear()["verb"] == "task.created"


def test_a_revoked_api_token(served: Served, cast: Cast) -> None:
    token, secret = create_api_token(actor_of(cast.owner), {"name": "Robot", "scopes": ["read"]})
    revoke_api_token(actor_of(cast.owner), token.pk)
    assert refusal(served, authorization=f"Bearer {secret}")["status"] == 401


def test_a_token_for_one_project_hears_of_nothing_else(served: Served, cast: Cast) -> None:
    other = make_project(cast.owner, "Other")
    with open_socket(served, authorization=f"Bearer {token_of(cast.owner, project_id=cast.project.pk)}") as opened:
        missed = opened.subscribe("0-0")
        assert {event["project"] for event in missed} == {cast.project.pk}
        make_task(cast.owner, other, "Elsewhere")
        make_task(cast.owner, cast.project, "Here")
        assert opened.hear()["changes"]["title"] == [None, "Here"]
        opened.say("subscribe", projects=[other.pk])
        assert opened.hear()["pointer"] == "/projects/0"


def test_a_ticket_lets_in_once(served: Served, cast: Cast) -> None:
    ticket = ticket_of(cast.owner)
    with open_socket(served, f"?ticket={ticket}") as opened:
        opened.subscribe()
        make_task(cast.owner, cast.project)
        assert opened.hear()["verb"] == "task.created"
    assert refusal(served, f"?ticket={ticket}")["code"] == "authentication_failed"


def test_a_ticket_of_an_api_token_reaches_no_further(served: Served, cast: Cast) -> None:
    make_project(cast.owner, "Other")
    secret = token_of(cast.owner, project_id=cast.project.pk)
    ticket = Client().post("/api/stream/tickets/", HTTP_AUTHORIZATION=f"Bearer {secret}").json()["ticket"]
    with open_socket(served, f"?ticket={ticket}") as opened:
        assert {event["project"] for event in opened.subscribe("0-0")} == {cast.project.pk}


def test_a_ticket_runs_out(served: Served, cast: Cast) -> None:
    ticket = ticket_of(cast.owner)
    StreamTicket.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert refusal(served, f"?ticket={ticket}")["status"] == 401
    ticket_of(cast.owner)
    assert StreamTicket.objects.count() == 1, "what has run out is swept away"


def test_a_ticket_dies_with_what_it_was_made_with(served: Served, cast: Cast) -> None:
    ticket = ticket_of(cast.owner)
    change_password(actor_of(cast.owner), PASSWORD, "another long password", "127.0.0.1")
    assert refusal(served, f"?ticket={ticket}")["code"] == "dead_credential"


def test_only_a_digest_of_a_ticket_is_kept(cast: Cast) -> None:
    ticket = ticket_of(cast.owner)
    assert ticket not in json.dumps(list(StreamTicket.objects.values()), default=str)


def test_a_ticket_opens_nothing_else(cast: Cast) -> None:
    ticket = ticket_of(cast.owner)
    client = Client()
    for scheme in ("Bearer", "Token"):
        assert client.get("/api/tasks/", HTTP_AUTHORIZATION=f"{scheme} {ticket}").status_code == 401
    assert client.get(f"/api/stream/?ticket={ticket}").status_code in (400, 401)
    assert StreamTicket.objects.count() == 1


def test_a_token_is_no_ticket(served: Served, cast: Cast) -> None:
    for token in (access_token(cast.owner), token_of(cast.owner)):
        assert refusal(served, f"?ticket={token}")["status"] == 401
        assert refusal(served, f"?token={token}")["status"] in (400, 401)


def test_a_cookie_of_ones_own_page(served: Served, cast: Cast) -> None:
    cookie = browser_cookie(cast.owner)
    with open_socket(served, cookie=cookie, origin=f"http://{served.address}") as opened:
        opened.subscribe()
        make_task(cast.owner, cast.project)
        assert opened.hear()["verb"] == "task.created"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_a_cookie_of_a_foreign_page(served: Served, cast: Cast, origin: str | None) -> None:
    headers = {} if origin is None else {"origin": origin}
    assert refusal(served, cookie=browser_cookie(cast.owner), **headers)["code"] == "foreign_origin"


def test_a_cookie_of_a_trusted_origin(served: Served, cast: Cast, settings: Settings) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://pages.example"]
    with open_socket(served, cookie=browser_cookie(cast.owner), origin="https://pages.example") as opened:
        assert opened.subscribe() == []


def test_so_many_at_a_time(served: Served, cast: Cast, settings: Settings) -> None:
    settings.BATON_SOCKETS_PER_USER = 2
    with socket_of(served, cast.owner), socket_of(served, cast.owner):
        header = bearer(cast.owner)["HTTP_AUTHORIZATION"]
        assert refusal(served, authorization=header)["code"] == "too_many_connections"
        with socket_of(served, cast.editor) as opened:
            assert opened.subscribe() == []
    deadline = time() + 5
    while served.hub.has_seat(cast.owner.pk) is False:
        assert time() < deadline
    with socket_of(served, cast.owner) as opened:
        assert opened.subscribe() == []


def test_a_token_that_runs_out(served: Served, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "ACCESS_LIFETIME", timedelta(seconds=-58))
    header = bearer(cast.owner)["HTTP_AUTHORIZATION"]
    monkeypatch.undo()
    newer = access_token(cast.owner)
    with open_socket(served, authorization=header) as opened, open_socket(served, authorization=header) as renewed:
        opened.subscribe()
        renewed.subscribe()
        renewed.say("authenticate", token=newer)
        assert renewed.hear()["expires_at"] > time() + 600
        code, reason = opened.hear_close()
        assert (code, reason.partition(" ")[0]) == (4401, "dead_credential")
        make_task(cast.owner, cast.project)
        assert renewed.hear()["verb"] == "task.created"


def test_another_users_token_renews_nothing(served: Served, cast: Cast) -> None:
    with socket_of(served, cast.owner) as opened:
        opened.say("authenticate", token=access_token(cast.editor))
        assert opened.hear()["code"] == "authentication_failed"
        assert opened.hear_close()[0] == 4401


def test_no_such_socket(served: Served, cast: Cast) -> None:
    assert refusal(served, "../nothing/", authorization=bearer(cast.owner)["HTTP_AUTHORIZATION"])["status"] == 404


def browser_cookie(user: User) -> str:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
