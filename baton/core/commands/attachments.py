"""Files on tasks."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from baton.adapters import storage
from baton.adapters.file_types import sniff
from baton.adapters.pictures import TYPES as PICTURES
from baton.adapters.staging import Staging
from baton.core.actor import Actor
from baton.core.commands.access import find_attachment, lock_task, require
from baton.core.errors import Conflict, CoreError, NotFound, Stale
from baton.core.events.fact import Fact
from baton.core.events.facts.files import ATTACHMENT_FIELDS, AttachmentAdded, AttachmentRemoved, AttachmentRestored
from baton.core.events.record import Changes, record
from baton.core.models import Attachment, Task
from baton.core.policies.tasks import can_attach_to_task, can_remove_attachment
from baton.core.policies.visibility import visible_tasks
from baton.lib.file_names import clean_file_name

# An attachment never changes: it is added, removed and perhaps restored.
VERSION = 1
_MAY_NOT_ATTACH = "You may not attach files to this task."


def require_attachable(actor: Actor, task_id: int) -> None:
    """Look whether the actor may attach to the task, before a long upload is taken. Raises NotFound, Denied."""
    task = visible_tasks(actor).select_related("project").filter(pk=task_id).first()
    if task is None:
        raise NotFound
    require(can_attach_to_task(actor, task), _MAY_NOT_ATTACH)


def add_attachment(actor: Actor, task_id: int, staging: Staging, name: str) -> Attachment:
    """Attach a staged file to a task; it is seen once its row has committed. Raises NotFound, Denied, OSError.

    Whatever is raised, the caller discards the staging.
    """
    require_attachable(actor, task_id)
    name = clean_file_name(name)
    content_type = sniff(staging.path, name)
    # Outside the transaction: moving a file to a far store takes long, and nobody should wait for our locks meanwhile.
    path = storage.keep(staging, storage.file_name())
    try:
        with transaction.atomic():
            task = lock_task(actor, task_id)
            require(can_attach_to_task(actor, task), _MAY_NOT_ATTACH)
            attachment = Attachment.objects.create(
                task=task,
                name=name,
                path=path,
                size=staging.size,
                content_type=content_type,
                sha256=staging.sha256,
                wants_thumbnail=content_type in PICTURES,
                uploaded_by_id=actor.person,
                uploaded_at=timezone.now(),
            )
            _count(task, 1)
            _record(actor, attachment, AttachmentAdded(attachment=attachment.pk), _appearing(attachment))
            return attachment
    except CoreError:
        # Only where it is certain that no row names the file. A connection lost in the commit leaves that open, and
        # the sweeper decides.
        storage.remove(path)
        raise


def remove_attachment(actor: Actor, attachment_id: int, *, expected_version: int | None = None) -> None:
    """Put a file into the trash, where it stays for a while. Raises NotFound, Denied, Stale."""
    with transaction.atomic():
        attachment = find_attachment(actor, attachment_id)
        require(can_remove_attachment(actor, attachment), "Only who attached it or an owner may remove a file.")
        if expected_version not in (None, VERSION):
            raise Stale
        discard_attachment(actor, attachment)


def discard_attachment(actor: Actor, attachment: Attachment) -> None:
    """Put a file into the trash whose task the caller has locked, in the caller's transaction."""
    attachment.trashed_at = timezone.now()
    attachment.save(update_fields=["trashed_at"])
    _count(attachment.task, -1)
    gone = {field: (old, None) for field, (_, old) in _appearing(attachment).items()}
    _record(actor, attachment, AttachmentRemoved(attachment=attachment.pk), gone)


def restore_attachment(actor: Actor, attachment_id: int) -> Attachment:
    """Take a file out of the trash. Raises NotFound, Denied, and Conflict where it is not there."""
    with transaction.atomic():
        attachment = Attachment.objects.filter(pk=attachment_id, task__in=visible_tasks(actor)).first()
        if attachment is None:
            raise NotFound
        attachment.task = lock_task(actor, attachment.task_id)
        require(can_remove_attachment(actor, attachment), "Only who attached it or an owner may restore a file.")
        if not Attachment.objects.filter(pk=attachment_id, trashed_at__isnull=False).update(trashed_at=None):
            raise Conflict("The file is not in the trash.")
        attachment.trashed_at = None
        _count(attachment.task, 1)
        _record(actor, attachment, AttachmentRestored(attachment=attachment.pk), _appearing(attachment))
        return attachment


def _appearing(attachment: Attachment) -> Changes:
    return {field: (None, getattr(attachment, field)) for field in ATTACHMENT_FIELDS}


def _count(task: Task, difference: int) -> None:
    """Keep the counter; the task's version stays, since a file should not make somebody's edit stale."""
    task.attachments_count += difference
    task.updated_at = timezone.now()
    task.save(update_fields=["attachments_count", "updated_at"])


def _record(actor: Actor, attachment: Attachment, fact: Fact, changes: Changes) -> None:
    task = attachment.task
    record(actor, fact, at=timezone.now(), project_id=task.project_id, task_id=task.pk, changes=changes)
