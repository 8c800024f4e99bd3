"""Each command of the core in action, a noun a file: what two tests run that are about all of them.

A scenario is given the people and a task of theirs that has everything (`full_task.py`), and runs the command once for
something that makes a difference. A new command's goes into the file of its noun. `STEPS` are the functions that take
an actor too, but are parts of commands.
"""

from __future__ import annotations

from tests.core.commands.scenarios import (
    accounts,
    comments,
    credentials,
    exchange,
    files,
    old_systems,
    projects,
    tasks,
    webhooks,
)
from tests.core.commands.scenarios.full_task import DUE, Scenario, make_full_task

__all__ = ["CASES", "DUE", "SCENARIOS", "STEPS", "Scenario", "make_full_task"]

STEPS = {
    "webhooks.lock_webhook": "finds and locks",
    "webhooks.tell": "records the fact of a command's",
    "archive_placing.place_archive": "what an import of an archive does in its transaction",
    "task_assignment.look_up_people": "looks, and changes nothing",
    "task_parent.check_parent": "looks, and changes nothing",
    "task_relocation.check_relocation": "looks, and changes nothing",
    "task_release.release_tasks": "what follows from a change of members, in that command's transaction",
    "accounts.lock_own_account": "finds and locks",
    "members.enter_member": "the second half of adding a member and of accepting an invitation",
    "verification.mark_verified": "the second half of verifying an address and of registering by invitation",
    "attachments.require_attachable": "looks, and changes nothing",
    "attachments.discard_attachment": "the second half of removing a file, and of the clean-up",
    "old_system_people.import_users": "the first part of taking over an older system",
    "old_system_people.import_tokens": "the second part",
    "old_system_tasks.import_tasks": "the third part",
    "old_system_tasks.import_comments": "the fourth part",
    "old_system_tasks.import_changes": "the last part",
    "dialect_tokens.end_dialect_token": "the second half of revoking a token, one's own or somebody's",
}

_NOUNS = (accounts, credentials, projects, tasks, comments, files, webhooks, exchange, old_systems)

SCENARIOS: dict[str, list[Scenario]] = {name: found for noun in _NOUNS for name, found in noun.SCENARIOS.items()}

CASES = [(name, number) for name, found in SCENARIOS.items() for number in range(len(found))]
