"""What is brought in from files, and what calendars fetch."""

from __future__ import annotations

from io import BytesIO

from baton.core.commands import archive_import, calendar_feeds, csv_import
from baton.core.models import Task
from baton.core.queries.archive import write_archive
from tests.cast import Cast
from tests.core.commands.scenarios.full_task import Scenario
from tests.factories import actor_of


def _bring_back(cast: Cast, task: Task) -> None:
    archive = BytesIO()
    write_archive(actor_of(cast.owner), cast.project.pk, archive)
    archive_import.import_archive(actor_of(cast.editor), archive)


def _revoke_calendar(cast: Cast, task: Task) -> None:
    calendar_feeds.open_calendar_feed(actor_of(cast.editor))
    calendar_feeds.close_calendar_feed(actor_of(cast.editor))


SCENARIOS: dict[str, list[Scenario]] = {
    "archive_import.import_archive": [_bring_back],
    "calendar_feeds.open_calendar_feed": [lambda cast, _: calendar_feeds.open_calendar_feed(actor_of(cast.editor))],
    "calendar_feeds.close_calendar_feed": [_revoke_calendar],
    "csv_import.import_csv": [
        lambda cast, _: csv_import.import_csv(
            actor_of(cast.editor), BytesIO(b"key,parent,title\n2,1,Part\n1,,Whole\n"), cast.project.pk
        )
    ],
}
