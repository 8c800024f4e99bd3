"""What is told to whom, at the moment it is told (C13): nothing that was written after a right had ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic

import pytest
from websockets.exceptions import ConnectionClosed

from baton.core.commands.accounts import change_password
from baton.core.commands.all_sessions import log_out_everywhere
from baton.core.commands.api_tokens import create_api_token, revoke_api_token
from baton.core.commands.members import change_role, remove_member
from baton.core.commands.projects import edit_project, trash_project
from baton.core.commands.sessions import end_session
from baton.core.models import Role, Session, User
from tests.cast import Cast
from tests.factories import PASSWORD, actor_of, make_project, make_task
from tests.surfaces.stream.served import Served, Socket, open_socket, socket_of

WITHIN = 2.0


@contextmanager
def editor_listens(served: Served, cast: Cast, projects: list[int] | None = None) -> Iterator[Socket]:
    with socket_of(served, cast.editor) as opened:
        opened.subscribe(None, projects)
        make_task(cast.owner, cast.project, "Before")
        assert opened.hear()["verb"] == "task.created"
        yield opened


def end_sessions(cast: Cast) -> None:
    for session in Session.objects.filter(user=cast.editor, ended_at=None):
        end_session(actor_of(cast.editor), session.pk)


ENDS: dict[str, Callable[[Cast], object]] = {
    "logged out": end_sessions,
    "logged out everywhere": lambda cast: log_out_everywhere(actor_of(cast.editor)),
    "a new password": lambda cast: change_password(actor_of(cast.editor), PASSWORD, "another long password", "::1"),
    "deactivated": lambda cast: User.objects.filter(pk=cast.editor.pk).update(is_active=False),
}


@pytest.mark.parametrize("way", ENDS)
def test_a_credential_that_ends(served: Served, cast: Cast, way: str) -> None:
    with editor_listens(served, cast) as opened:
        started = monotonic()
        ENDS[way](cast)
        make_task(cast.owner, cast.project, "After")
        assert opened.hear_close()[0] == 4401
        assert monotonic() - started < WITHIN


@pytest.mark.parametrize("way", ENDS)
def test_a_credential_that_ends_while_nothing_happens(served: Served, cast: Cast, way: str) -> None:
    with editor_listens(served, cast, [cast.project.pk]) as opened:
        started = monotonic()
        ENDS[way](cast)
        assert opened.hear_close()[0] == 4401
        assert monotonic() - started < WITHIN


def test_a_revoked_api_token(served: Served, cast: Cast) -> None:
    token, secret = create_api_token(actor_of(cast.editor), {"name": "Robot", "scopes": ["read"]})
    with open_socket(served, authorization=f"Bearer {secret}") as opened:
        opened.subscribe(None, [cast.project.pk])
        revoke_api_token(actor_of(cast.editor), token.pk)
        make_task(cast.owner, cast.project, "After")
        assert opened.hear_close(WITHIN)[0] == 4401


LOSSES: dict[str, Callable[[Cast], object]] = {
    "removed": lambda cast: remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk),
}


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("way", LOSSES)
def test_a_project_that_is_lost(served: Served, cast: Cast, way: str, named: bool) -> None:
    with editor_listens(served, cast, [cast.project.pk] if named else None) as opened:
        started = monotonic()
        LOSSES[way](cast)
        make_task(cast.owner, cast.project, "After")
        assert opened.hear() == {"type": "dropped", "project": cast.project.pk}
        assert monotonic() - started < WITHIN
        make_task(cast.owner, cast.project, "Much later")
        if not named:
            own = make_project(cast.editor, "Own")
            assert opened.hear()["project"] == own.pk, "it stays open for the rest"


def test_one_who_never_heard_of_it_is_told_too(served: Served, cast: Cast) -> None:
    with socket_of(served, cast.editor) as opened:
        opened.subscribe()
        with pytest.raises(TimeoutError):
            opened.hear(1.5)  # so long that the hub has looked who belongs where
        remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
        assert opened.hear(WITHIN) == {"type": "dropped", "project": cast.project.pk}


def test_an_open_project_becomes_private(served: Served, cast: Cast) -> None:
    open_one = make_project(cast.owner, "Open", visibility="open")
    with socket_of(served, cast.outsider) as opened:
        opened.subscribe(None, [open_one.pk])
        make_task(cast.owner, open_one, "For all")
        assert opened.hear()["verb"] == "task.created"
        edit_project(actor_of(cast.owner), open_one.pk, {"visibility": "private"})
        make_task(cast.owner, open_one, "For us")
        assert opened.hear(WITHIN) == {"type": "dropped", "project": open_one.pk}
        with pytest.raises(TimeoutError):
            opened.hear(0.5)


def test_a_project_into_the_trash(served: Served, cast: Cast) -> None:
    open_one = make_project(cast.owner, "Open", visibility="open")
    with socket_of(served, cast.outsider) as outside, socket_of(served, cast.owner) as inside:
        outside.subscribe(None, [open_one.pk])
        inside.subscribe(None, [open_one.pk])
        trash_project(actor_of(cast.owner), open_one.pk)
        assert inside.hear()["verb"] == "project.trashed", "its members are told where it went"
        assert outside.hear(WITHIN) == {"type": "dropped", "project": open_one.pk}


def test_a_lower_role_still_sees(served: Served, cast: Cast) -> None:
    with editor_listens(served, cast) as opened:
        change_role(actor_of(cast.owner), cast.project.pk, cast.editor.pk, Role.VIEWER)
        make_task(cast.owner, cast.project, "After")
        assert [opened.hear()["verb"] for _ in range(2)] == ["member.role_changed", "task.created"]


def test_what_is_about_one_person(served: Served, cast: Cast) -> None:
    with ExitStack() as stack:
        opened = [stack.enter_context(socket_of(served, user)) for user in (cast.owner, cast.editor)]
        for socket in opened:
            socket.subscribe()
        create_api_token(actor_of(cast.editor), {"name": "Robot", "scopes": ["read"]})
        make_task(cast.owner, cast.project, "For both")
        assert opened[0].hear()["verb"] == "task.created"
        assert opened[1].hear_verbs(2) == ["token.created", "task.created"]


def test_not_one_event_after_the_removal(served: Served, cast: Cast) -> None:
    """Over and over, with the removal right behind one event and right before another."""
    with ExitStack() as stack:
        listening = []
        for _ in range(8):
            opened = stack.enter_context(socket_of(served, cast.editor))
            opened.subscribe(None, [cast.project.pk])
            listening.append(opened)
        for number in range(20):
            make_task(cast.owner, cast.project, f"Before {number}")
        remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
        for number in range(20):
            make_task(cast.owner, cast.project, f"After {number}")
        for opened in listening:
            heard = []
            try:
                while (message := opened.hear(3))["type"] == "event":
                    heard.append(message)
            except (TimeoutError, ConnectionClosed) as error:
                raise AssertionError("nobody said that the project is gone") from error
            assert message["type"] == "dropped"
            assert not [event for event in heard if "After" in str(event["changes"])]
