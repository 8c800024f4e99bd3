"""Puts any number of tasks into Baton's database by copying ten thousand of them: `python -m bench.fill_many TASKS`.

The copies are a week apart, the newest of today; nineteen of twenty old ones are done, as in a tracker that is used.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

from bench import data
from bench.fill_baton import fill

_MOST_AT_ONCE = 10_000
_APART = timedelta(days=7)
_STILL_NEW = 3
_SAME = "project_id, title, description, priority, lead_id, delegated, created_by_id"
_COUNTERS = "assignees_count, labels_count, comments_count, attachments_count, version"
_COPY = f"""
INSERT INTO core_task ({_SAME}, uuid, number, rank, status, created_at, updated_at, completed_at, due_at, parent_id,
  {_COUNTERS})
SELECT {_SAME}, {{uuid}}, number + %(numbers)s, rank || %(rank)s, {{status}}, %(at)s, %(at)s,
  CASE WHEN {{status}} = 'done' THEN %(done)s END, CASE WHEN due_at IS NOT NULL THEN %(due)s END, NULL,
  {_COUNTERS.replace("labels_count", "0").replace("assignees_count", "0")}
FROM core_task WHERE id <= %(copied)s
"""
_UUID = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}


def main() -> None:
    """Migrate, fill, copy, count, and print the caller's access token."""
    wanted = int(sys.argv[1])
    first = min(wanted, _MOST_AT_ONCE)
    with fill(data.generate(first)):
        for copy in range(1, wanted // first):
            _copy(copy, first)
        _count()


def _copy(copy: int, tasks: int) -> None:
    from django.db import connection

    at = datetime.now(UTC) - copy * _APART
    status = "status" if copy < _STILL_NEW else "CASE WHEN id % 20 = 0 THEN status ELSE 'done' END"
    moments = {"at": at, "done": at + timedelta(days=2), "due": at + timedelta(days=30)}
    adapted = {name: connection.ops.adapt_datetimefield_value(moment) for name, moment in moments.items()}
    values = {**adapted, "numbers": copy * tasks, "rank": f"{copy:04}1", "copied": tasks}
    statement = _COPY.format(uuid=_UUID[connection.vendor], status=status)
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("% 20", "%% 20"), values)


def _count() -> None:
    from django.db.models import Count

    from baton.core.commands.task_tally import correct_tallies
    from baton.core.models import Project

    correct_tallies()
    for project in Project.objects.annotate(size=Count("tasks")):
        Project.objects.filter(pk=project.pk).update(tasks_count=project.size)


if __name__ == "__main__":
    main()
