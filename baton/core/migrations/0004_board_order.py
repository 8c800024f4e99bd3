from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import Q

# Ranks are compared bytewise, whatever the database's locale makes of letters.
BYTEWISE = 'ALTER TABLE core_task ALTER COLUMN rank TYPE varchar(200) COLLATE "C"'
BY_LOCALE = 'ALTER TABLE core_task ALTER COLUMN rank TYPE varchar(200) COLLATE pg_catalog."default"'


def _compare_bytewise(_apps: Any, schema_editor: Any) -> None:
    # SQLite does so by itself.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BYTEWISE)


def _compare_by_locale(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BY_LOCALE)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_files_tokens_invitations_tallies"),
    ]

    operations = [
        migrations.RunPython(_compare_bytewise, _compare_by_locale),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["project", "rank"], condition=Q(completed_at=None, trashed_at=None), name="task_open_in_project"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["project", "-completed_at", "-id"],
                condition=Q(completed_at__isnull=False, trashed_at=None),
                name="task_done_in_project",
            ),
        ),
    ]
