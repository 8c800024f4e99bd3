"""What coming back costs: the handshake's look at the credential, and two queries for what was missed (R23)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baton.core.commands.api_tokens import create_api_token
from baton.core.commands.sessions import open_session
from baton.core.events.log import START, Cursor
from baton.core.queries.events import find_end
from baton.core.queries.live_credentials import Credential, Kind
from baton.live.reading import read_page
from baton.live.subscription import PAGE, Listener
from baton.surfaces.wire.credentials import AUDIENCE, REFRESH_LIFETIME
from tests.cast import Cast
from tests.factories import NOBODY, actor_of, make_task
from tests.traces import let_the_log_settle

pytestmark = pytest.mark.django_db(transaction=True)


def by_session(cast: Cast) -> Credential:
    session = open_session(NOBODY, cast.owner, AUDIENCE, REFRESH_LIFETIME)
    return Credential(Kind.SESSION, session.pk, cast.owner.pk, cast.owner.token_epoch)


def by_token(cast: Cast) -> Credential:
    token, _ = create_api_token(actor_of(cast.owner), {"name": "Robot", "scopes": ["read"]})
    return Credential(Kind.API_TOKEN, token.pk, cast.owner.pk)


@pytest.mark.parametrize("credential_of", [by_session, by_token])
def test_two_queries_for_what_was_missed(cast: Cast, credential_of: object) -> None:
    assert callable(credential_of)
    listener = Listener(actor_of(cast.owner), credential_of(cast))
    let_the_log_settle()
    after = find_end()
    make_task(cast.owner, cast.project)
    let_the_log_settle()
    until = find_end()
    with CaptureQueriesContext(connection) as queries:
        page = read_page(listener, after, until, after)
    assert [told.event.verb for told in page.told] == ["task.created"]
    assert (page.is_live, page.is_last, page.fault) == (True, True, None)
    assert len(queries) == 2


@pytest.mark.parametrize("credential_of", [by_session, by_token])
def test_a_dead_credential_gets_nothing(cast: Cast, credential_of: object) -> None:
    assert callable(credential_of)
    listener = Listener(actor_of(cast.owner), credential_of(cast))
    cast.owner.is_active = False
    cast.owner.save()
    let_the_log_settle()
    page = read_page(listener, START, find_end(), START)
    assert (page.told, page.is_live) == ([], False)


def test_page_by_page(cast: Cast) -> None:
    for number in range(PAGE + 5):
        make_task(cast.owner, cast.project, f"Task {number}")
    let_the_log_settle()
    listener, until, place, sizes = Listener(actor_of(cast.owner), by_session(cast)), find_end(), START, []
    while True:
        page = read_page(listener, place, until, None)
        sizes.append(len(page.told))
        if page.is_last:
            break
        place = page.told[-1].place
    assert sizes[0] == PAGE
    assert len(sizes) == 2


def test_a_page_of_big_events_is_cut(cast: Cast) -> None:
    from baton.core.commands.projects import edit_project

    for letter in "abcdefghijklmn":
        edit_project(actor_of(cast.owner), cast.project.pk, {"description": letter * 95_000})
    let_the_log_settle()
    page = read_page(Listener(actor_of(cast.owner), by_session(cast)), START, find_end(), None)
    assert not page.is_last
    assert sum(told.size for told in page.told) < 2 * 2**20


def test_a_place_behind_the_end_is_known_and_gives_nothing(cast: Cast) -> None:
    """Another process of the stream may be ahead of this one."""
    let_the_log_settle()
    end = find_end()
    page = read_page(Listener(actor_of(cast.owner), by_session(cast)), end, Cursor(0, 1), end)
    assert (page.told, page.fault) == ([], None)
