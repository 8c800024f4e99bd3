"""add_comment: works · twice · denied · invisible · event recorded · bad input changes nothing."""

from __future__ import annotations

import pytest

from baton.core.commands.comments import add_comment
from baton.core.errors import Denied, Invalid, NotFound
from baton.core.models import Comment
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task
from tests.traces import last_event, nothing_changes


def test_works_and_twice_is_two(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    comment = add_comment(actor_of(cast.editor), task.pk, "The tap drips.")
    again = add_comment(actor_of(cast.editor), task.pk, "The tap drips.")
    task.refresh_from_db()
    assert comment.pk != again.pk
    assert (comment.author, comment.text) == (cast.editor, "The tap drips.")
    assert (comment.version, comment.edited_at) == (1, None)
    assert (task.comments_count, task.version) == (2, 1), "a comment makes nobody's edit stale"
    assert task.updated_at >= comment.created_at
    event = last_event(task)
    assert (event.verb, event.actor, event.project) == ("comment.added", cast.editor, cast.project)
    assert (event.data, event.changes) == ({"comment": again.pk}, {"text": [None, "The tap drips."]})


def test_who_works_on_it_may_and_a_guest_of_an_open_project(cast: Cast) -> None:
    led = make_task(cast.owner, cast.project, assigned_to=cast.viewer.pk)
    public = make_task(cast.owner, make_project(cast.owner, "Open", visibility="open"))
    assert add_comment(actor_of(cast.viewer), led.pk, "Hm.").author == cast.viewer
    assert add_comment(actor_of(cast.outsider), public.pk, "Hm.").author == cast.outsider


def test_refusals(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    with nothing_changes():
        with pytest.raises(Denied):
            add_comment(actor_of(cast.viewer), task.pk, "Hm.")
        with pytest.raises(NotFound):
            add_comment(actor_of(cast.outsider), task.pk, "Hm.")
        for text in ("", " \n", "x" * 50_001, "\0", "\ud800"):
            with pytest.raises(Invalid) as refusal:
                add_comment(actor_of(cast.owner), task.pk, text)
            assert {error.pointer for error in refusal.value.errors} == {"/text"}
    assert not Comment.objects.exists()
