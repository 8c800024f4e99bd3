"""Taking over an older system: its people with their passwords and tokens, their tasks and what was said of them.

Whoever runs the server imports, so people keep what is theirs: whoever created a task there has created it here. The
log tells that the system brought it all, now. What was brought before is left as it is, so that a second run brings
only what is new.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.db import transaction

from baton.core.actor import IMPORT_SURFACE, Actor
from baton.core.commands.access import require
from baton.core.commands.import_report import DryRun
from baton.core.commands.old_ids import OldIds
from baton.core.commands.old_system_people import import_tokens, import_users, wrap_passwords
from baton.core.commands.old_system_tasks import import_changes, import_comments, import_tasks
from baton.core.commands.old_systems import OldSystem, OldSystemReport, Tell


def import_old_system(
    actor: Actor,
    old: OldSystem,
    project: Callable[[Actor], int] | None = None,
    *,
    same_people: bool = False,
    dry_run: bool = False,
    tell: Tell = lambda _count: None,
    tell_password: Tell = lambda _count: None,
) -> OldSystemReport:
    """Bring everything into a project, which is asked for, or without one into its creators' inboxes: all or nothing.

    `same_people` takes who is called alike here and there for one person; else the one from there gets another name.
    A dry run reports what would come of it. `tell_password` is told of the passwords, which come first. Only the system
    itself may; raises Denied.
    """
    require(actor.is_system, "Only whoever runs this server takes over another system.")
    report = OldSystemReport()
    if not dry_run:
        old = wrap_passwords(old, tell=tell_password)
    own = replace(actor, surface=IMPORT_SURFACE)
    try:
        with transaction.atomic():
            ids = OldIds(old.source, report)
            import_users(own, old, ids, same_people=same_people, tell=tell)
            import_tokens(own, old, ids, tell=tell)
            import_tasks(own, old, None if project is None else project(own), ids, tell=tell)
            import_comments(own, old, ids, tell=tell)
            import_changes(own, old, ids, tell=tell)
            ids.keep()
            if dry_run:
                raise DryRun
    except DryRun:
        pass
    return report
