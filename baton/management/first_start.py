"""What a first start does to the database, and what every later start finds already done."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from baton.core.events.log import keep_order_after_restore

Say = Callable[[str], None]


def prepare_database(say: Say, *, with_demo: bool) -> str:
    """Migrate if needed, load the demo into an empty database; return how to log in to it, or an empty text.

    Raises CommandError when the database can't be reached.
    """
    try:
        _migrate(say)
        keep_order_after_restore()
        return _load_demo(say) if with_demo else ""
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise CommandError(f"The database can't be used: {reason}") from None
    finally:
        # The serving threads open their own.
        connection.close()


def _migrate(say: Say) -> None:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not waiting:
        return
    say(f"Preparing the database ({len(waiting)} migrations) …")
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)


def _load_demo(say: Say) -> str:
    if get_user_model()._default_manager.exists():
        return ""
    from baton.management import demo

    say("Loading demo people and tasks …")
    return str(demo.load() or "")
