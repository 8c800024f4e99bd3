"""delete_comment: works · twice · denied · invisible · event recorded · stale."""

from __future__ import annotations

import pytest

from baton.core.commands.comments import add_comment, delete_comment
from baton.core.errors import Denied, NotFound, Stale
from baton.core.models import Comment
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.traces import last_event, nothing_changes


@pytest.fixture
def comment(cast: Cast) -> Comment:
    """The editor's."""
    return add_comment(actor_of(cast.editor), make_task(cast.owner, cast.project).pk, "The tap drips.")


@pytest.mark.parametrize("who", ["editor", "owner"])
def test_works_once(cast: Cast, comment: Comment, who: str) -> None:
    task, actor = comment.task, actor_of(getattr(cast, who))
    delete_comment(actor, comment.pk, expected_version=1)
    task.refresh_from_db()
    assert (task.comments_count, task.version) == (0, 1)
    event = last_event(task)
    assert (event.verb, event.actor_id) == ("comment.deleted", actor.user_id)
    assert (event.data["comment"], event.data["author"]) == (comment.pk, comment.author_id)
    assert event.changes == {"text": ["The tap drips.", None]}
    with nothing_changes(), pytest.raises(NotFound):
        delete_comment(actor, comment.pk)


def test_refusals(cast: Cast, comment: Comment) -> None:
    with nothing_changes():
        for user in (cast.newcomer, cast.viewer):
            with pytest.raises(Denied):
                delete_comment(actor_of(user), comment.pk)
        for comment_id in (comment.pk, 10**9):
            with pytest.raises(NotFound):
                delete_comment(actor_of(cast.outsider), comment_id)
        with pytest.raises(Stale):
            delete_comment(actor_of(cast.editor), comment.pk, expected_version=2)
