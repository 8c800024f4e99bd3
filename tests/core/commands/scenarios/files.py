"""Files of tasks, and files for everybody."""

from __future__ import annotations

from baton.adapters.staging import Staging
from baton.core.commands import attachments, shared_files
from baton.core.models import Attachment, SharedFile, Task
from tests.cast import Cast
from tests.core.commands.scenarios.full_task import Scenario
from tests.factories import actor_of


def _share(cast: Cast, _task: Task) -> SharedFile:
    staging = Staging.of(b"hello")
    try:
        return shared_files.share_file(actor_of(cast.editor), staging, "notes.txt")
    finally:
        staging.discard()


def _attach(cast: Cast, task: Task) -> Attachment:
    staging = Staging.of(b"Hello")
    try:
        return attachments.add_attachment(actor_of(cast.editor), task.pk, staging, "notes.txt")
    finally:
        staging.discard()


def _attach_remove_and_restore(cast: Cast, task: Task) -> object:
    attachment = _attach(cast, task)
    attachments.remove_attachment(actor_of(cast.editor), attachment.pk)
    return attachments.restore_attachment(actor_of(cast.editor), attachment.pk)


SCENARIOS: dict[str, list[Scenario]] = {
    "shared_files.share_file": [_share],
    "shared_files.remove_shared_file": [
        lambda cast, task: shared_files.remove_shared_file(actor_of(cast.editor), _share(cast, task).pk)
    ],
    "attachments.add_attachment": [_attach],
    "attachments.remove_attachment": [
        lambda cast, task: attachments.remove_attachment(actor_of(cast.owner), _attach(cast, task).pk)
    ],
    "attachments.restore_attachment": [_attach_remove_and_restore],
}
