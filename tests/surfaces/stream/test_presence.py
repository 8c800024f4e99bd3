"""Who watches a project: told to those who see it, of those who see it, at the moment of telling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from time import monotonic
from typing import Any

import pytest
from pytest_django import Settings

from baton.core.commands.all_sessions import log_out_everywhere
from baton.core.commands.members import remove_member
from baton.core.commands.projects import edit_project
from baton.core.models import User
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task
from tests.surfaces.stream.served import Served, Socket, serve_live, socket_of
from tests.surfaces.stream.test_long_poll import end_of_log, header_of, poll
from tests.surfaces.stream.test_server_sent import streaming

pytestmark = pytest.mark.any_database

WITHIN = 2.0
A_LOOK = 1.5


@pytest.fixture
def served(transactional_db: None, settings: Settings) -> Iterator[Served]:
    """Serve with presence on."""
    settings.BATON_PRESENCE = True
    with serve_live() as running:
        yield running


def people_of(project: int, *users: User) -> dict[str, Any]:
    return {"type": "presence", "project": project, "people": sorted(user.pk for user in users)}


def hear_until(opened: Socket, expected: dict[str, Any]) -> None:
    """Hear until this comes; only events and who else watched in the meantime may come before, within 2 s."""
    end = monotonic() + WITHIN
    while (message := opened.hear(end - monotonic())) != expected:
        assert message["type"] in {"event", "presence"}, message


def hear_nothing(opened: Socket, within: float = A_LOOK) -> None:
    with pytest.raises(TimeoutError):
        opened.hear(within)


def test_who_comes_and_goes(served: Served, cast: Cast) -> None:
    project = cast.project.pk
    with socket_of(served, cast.owner) as owner:
        owner.subscribe(None, [project])
        assert owner.hear(WITHIN) == people_of(project, cast.owner)
        with socket_of(served, cast.viewer) as viewer:
            viewer.subscribe(None, [project])
            assert viewer.hear(WITHIN) == people_of(project, cast.owner, cast.viewer)
            assert owner.hear(WITHIN) == people_of(project, cast.owner, cast.viewer)
            hear_nothing(owner)
        assert owner.hear(WITHIN) == people_of(project, cast.owner)
        hear_nothing(owner)


def test_off_unless_it_is_asked_for(transactional_db: None, cast: Cast) -> None:
    with serve_live() as served, socket_of(served, cast.owner) as owner:
        owner.subscribe(None, [cast.project.pk])
        hear_nothing(owner)


def test_after_what_was_missed(served: Served, cast: Cast) -> None:
    make_task(cast.owner, cast.project)
    with socket_of(served, cast.owner) as owner:
        assert owner.subscribe("0-0", [cast.project.pk])
        assert owner.hear(WITHIN) == people_of(cast.project.pk, cast.owner)


def test_who_listens_to_everything_is_told_and_not_shown(served: Served, cast: Cast) -> None:
    project = cast.project.pk
    with socket_of(served, cast.owner) as everything, socket_of(served, cast.editor) as one:
        everything.subscribe()
        hear_nothing(everything)
        one.subscribe(None, [project])
        assert everything.hear(WITHIN) == people_of(project, cast.editor)
        hear_until(one, people_of(project, cast.editor))
        one.subscribe()
        assert everything.hear(WITHIN) == people_of(project)


def test_who_does_not_see_it_hears_nothing(served: Served, cast: Cast) -> None:
    other = make_project(cast.editor, "Other")
    with ExitStack() as stack:
        outsider, owner, editor = [
            stack.enter_context(socket_of(served, user)) for user in (cast.outsider, cast.owner, cast.editor)
        ]
        outsider.subscribe()
        owner.subscribe()
        editor.subscribe(None, [other.pk])
        hear_until(editor, people_of(other.pk, cast.editor))
        hear_nothing(outsider)
        hear_nothing(owner, 0.1)


def test_another_project_is_not_told(served: Served, cast: Cast) -> None:
    other = make_project(cast.owner, "Other")
    with socket_of(served, cast.owner) as one, socket_of(served, cast.owner) as another:
        one.subscribe(None, [cast.project.pk])
        another.subscribe(None, [other.pk])
        assert one.hear(WITHIN) == people_of(cast.project.pk, cast.owner)
        assert another.hear(WITHIN) == people_of(other.pk, cast.owner)
        hear_nothing(one)


def test_one_with_two_windows_is_one(served: Served, cast: Cast) -> None:
    project = cast.project.pk
    with socket_of(served, cast.owner) as owner:
        owner.subscribe(None, [project])
        with socket_of(served, cast.editor) as first:
            first.subscribe(None, [project])
            with socket_of(served, cast.editor) as second:
                second.subscribe(None, [project])
                hear_until(owner, people_of(project, cast.owner, cast.editor))
                assert second.hear(WITHIN) == people_of(project, cast.owner, cast.editor)
            hear_nothing(owner)
        assert owner.hear(WITHIN) == people_of(project, cast.owner)


def test_a_coming_and_going_is_told_once_a_second(served: Served, cast: Cast) -> None:
    with socket_of(served, cast.owner) as owner:
        owner.subscribe(None, [cast.project.pk])
        assert owner.hear(WITHIN) == people_of(cast.project.pk, cast.owner)
        started, told = monotonic(), 0
        for _ in range(20):
            with socket_of(served, cast.editor) as editor:
                editor.subscribe(None, [cast.project.pk])
        try:
            while owner.hear(A_LOOK):
                told += 1
        except TimeoutError:
            pass
        assert told <= monotonic() - started + 1


ENDS: dict[str, Callable[[Cast], object]] = {
    "removed": lambda cast: remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk),
    "logged out": lambda cast: log_out_everywhere(actor_of(cast.editor)),
    "deactivated": lambda cast: User.objects.filter(pk=cast.editor.pk).update(is_active=False),
}


@pytest.mark.parametrize("way", ENDS)
def test_whose_right_ends_is_not_shown_any_more(served: Served, cast: Cast, way: str) -> None:
    project = cast.project.pk
    with socket_of(served, cast.owner) as owner, socket_of(served, cast.editor) as editor:
        owner.subscribe(None, [project])
        editor.subscribe(None, [project])
        hear_until(owner, people_of(project, cast.owner, cast.editor))
        ENDS[way](cast)
        hear_until(owner, people_of(project, cast.owner))


def test_who_was_removed_is_told_nothing_more(served: Served, cast: Cast) -> None:
    project = cast.project.pk
    with ExitStack() as stack:
        viewer, everything = [stack.enter_context(socket_of(served, cast.viewer)) for _ in range(2)]
        viewer.subscribe(None, [project])
        everything.subscribe()
        hear_until(viewer, people_of(project, cast.viewer))
        hear_until(everything, people_of(project, cast.viewer))
        remove_member(actor_of(cast.owner), project, cast.viewer.pk)
        for opened in (viewer, everything):
            assert opened.hear(WITHIN) == {"type": "dropped", "project": project}
        owner = stack.enter_context(socket_of(served, cast.owner))
        owner.subscribe(None, [project])
        assert owner.hear(WITHIN) == people_of(project, cast.owner)
        hear_nothing(viewer)
        hear_nothing(everything, 0.1)


def test_an_open_project_becomes_private(served: Served, cast: Cast) -> None:
    open_one = make_project(cast.owner, "Open", visibility="open")
    with socket_of(served, cast.owner) as owner, socket_of(served, cast.outsider) as outsider:
        owner.subscribe()
        outsider.subscribe(None, [open_one.pk])
        hear_until(owner, people_of(open_one.pk, cast.outsider))
        edit_project(actor_of(cast.owner), open_one.pk, {"visibility": "private"})
        hear_until(owner, people_of(open_one.pk))


def test_over_server_sent_events(served: Served, cast: Cast) -> None:
    project = cast.project.pk
    with socket_of(served, cast.owner) as owner, streaming(served, cast.viewer, f"?projects={project}") as stream:
        stream.read_until_ready()
        owner.subscribe(None, [project])
        hear_until(owner, people_of(project, cast.owner, cast.viewer))
        while (block := stream.read())[
            "data"
        ] != f'{{"project":{project},"people":[{cast.owner.pk},{cast.viewer.pk}]}}':
            assert block["event"] == "presence"
        assert block["event"] == "presence"
        assert "id" not in block, "it has no place in the log"


def test_a_long_poll_neither_shows_nor_ends(served: Served, cast: Cast) -> None:
    header = header_of(cast.viewer)
    with socket_of(served, cast.owner) as owner:
        cursor = end_of_log(served, header)
        owner.subscribe(None, [cast.project.pk])
        status, body, took = poll(served, header, f"after={cursor}&wait=2&project={cast.project.pk}")
        assert (status, body["results"], took >= 2) == (200, [], True)
        assert owner.hear(WITHIN) == people_of(cast.project.pk, cast.owner)
        hear_nothing(owner, 0.1)
