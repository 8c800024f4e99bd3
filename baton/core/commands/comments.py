"""Comments on tasks."""

from __future__ import annotations

from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.access import check_version, find_comment, lock_task, require
from baton.core.commands.checks import check_text, refuse
from baton.core.errors import Conflict, FieldError
from baton.core.events.fact import Fact
from baton.core.events.facts.comments import CommentAdded, CommentDeleted, CommentEdited, CommentRestored
from baton.core.events.record import Changes, record
from baton.core.models import Comment, Task
from baton.core.policies.tasks import can_comment_on_task, can_delete_comment, can_edit_comment
from baton.lib.unit_of_work import atomically

COMMENT_LENGTH = 50_000


def add_comment(actor: Actor, task_id: int, text: str) -> Comment:
    """Comment on a task. Raises NotFound, Denied, Invalid."""
    with atomically():
        task = lock_task(actor, task_id)
        require(can_comment_on_task(actor, task), "You may not comment on this task.")
        _check(text)
        comment = Comment.objects.create(task=task, author_id=actor.person, text=text, created_at=timezone.now())
        _count(task, 1)
        _record(actor, comment, CommentAdded(comment=comment.pk), {"text": (None, text)})
        return comment


def edit_comment(actor: Actor, comment_id: int, text: str, *, expected_version: int | None = None) -> Comment:
    """Change what a comment says; the same text changes nothing. Raises NotFound, Denied, Stale, Invalid."""
    with atomically():
        comment = find_comment(actor, comment_id)
        require(can_edit_comment(actor, comment), "Only its author may change a comment.")
        check_version(comment, expected_version)
        _check(text)
        if text == comment.text:
            return comment
        before, comment.text = comment.text, text
        comment.edited_at = timezone.now()
        comment.version += 1
        comment.save(update_fields=["text", "edited_at", "version"])
        _record(actor, comment, CommentEdited(comment=comment.pk), {"text": (before, text)})
        return comment


def delete_comment(actor: Actor, comment_id: int, *, expected_version: int | None = None) -> None:
    """Delete a comment; the log keeps what it said. Raises NotFound, Denied, Stale."""
    with atomically():
        comment = find_comment(actor, comment_id)
        require(can_delete_comment(actor, comment), "Only its author or an owner may delete a comment.")
        check_version(comment, expected_version)
        fact = CommentDeleted(comment=comment.pk, author=comment.author_id, created_at=comment.created_at)
        _record(actor, comment, fact, {"text": (comment.text, None)})
        _count(comment.task, -1)
        comment.delete()


def restore_comment(actor: Actor, task_id: int, deleted: CommentDeleted, text: str) -> Comment:
    """Put a deleted comment back, with the id, author and time it had.

    Raises NotFound, Denied for others than its author and the project's owners, and Conflict where it is back.
    """
    with atomically():
        comment = Comment(
            pk=deleted.comment,
            task=lock_task(actor, task_id),
            author_id=deleted.author,
            text=text,
            created_at=deleted.created_at,
        )
        require(can_delete_comment(actor, comment), "Only its author or an owner may put a comment back.")
        if Comment.objects.filter(pk=comment.pk).exists():
            raise Conflict("The comment is back already.")
        comment.save(force_insert=True)
        _count(comment.task, 1)
        _record(actor, comment, CommentRestored(comment=comment.pk), {"text": (None, text)})
        return comment


def _check(text: str) -> None:
    errors = check_text("/text", text, COMMENT_LENGTH)
    if not text.strip():
        errors.append(FieldError("/text", "blank", "This may not be empty."))
    refuse(errors)


def _count(task: Task, difference: int) -> None:
    """Keep the counter; the task's version stays, since a comment should not make somebody's edit stale."""
    task.comments_count += difference
    task.updated_at = timezone.now()
    task.save(update_fields=["comments_count", "updated_at"])


def _record(actor: Actor, comment: Comment, fact: Fact, changes: Changes) -> None:
    record(actor, fact, at=timezone.now(), project_id=comment.task.project_id, task_id=comment.task_id, changes=changes)
