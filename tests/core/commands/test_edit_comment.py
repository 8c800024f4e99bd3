"""edit_comment: works · twice · denied · invisible · event recorded · bad input changes nothing."""

from __future__ import annotations

import pytest

from baton.core.commands.comments import add_comment, edit_comment
from baton.core.commands.members import change_role
from baton.core.errors import Denied, Invalid, NotFound, Stale
from baton.core.models import Comment, Task
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.traces import last_event, nothing_changes


@pytest.fixture
def task(cast: Cast) -> Task:
    return make_task(cast.owner, cast.project)


@pytest.fixture
def comment(cast: Cast, task: Task) -> Comment:
    """The editor's."""
    return add_comment(actor_of(cast.editor), task.pk, "The tap drips.")


def test_works_and_twice_is_once(cast: Cast, task: Task, comment: Comment) -> None:
    edited = edit_comment(actor_of(cast.editor), comment.pk, "It leaks.", expected_version=1)
    assert (edited.text, edited.version) == ("It leaks.", 2)
    assert edited.edited_at is not None
    event = last_event(task)
    assert (event.verb, event.data) == ("comment.edited", {"comment": comment.pk})
    assert event.changes == {"text": ["The tap drips.", "It leaks."]}
    with nothing_changes():
        assert edit_comment(actor_of(cast.editor), comment.pk, "It leaks.").version == 2


def test_denied_to_others_and_to_who_may_no_longer_comment(cast: Cast, comment: Comment) -> None:
    change_role(actor_of(cast.owner), cast.project.pk, cast.editor.pk, "viewer")
    with nothing_changes():
        for user in (cast.owner, cast.newcomer, cast.editor):
            with pytest.raises(Denied):
                edit_comment(actor_of(user), comment.pk, "Changed.")


def test_refusals(cast: Cast, comment: Comment) -> None:
    with nothing_changes():
        for comment_id in (comment.pk, 10**9):
            with pytest.raises(NotFound):
                edit_comment(actor_of(cast.outsider), comment_id, "Changed.")
        with pytest.raises(Stale):
            edit_comment(actor_of(cast.editor), comment.pk, "Changed.", expected_version=2)
        for text in ("", " ", "x" * 50_001):
            with pytest.raises(Invalid):
                edit_comment(actor_of(cast.editor), comment.pk, text)
