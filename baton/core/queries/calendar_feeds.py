"""What a person's calendar feed shows, to whoever knows its secret address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO

from django.db.models import Exists, OuterRef

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Assignment, CalendarFeed, Status
from baton.core.policies.visibility import tasks_of_all_seen_by
from baton.core.queries.export_rows import entries_of
from baton.lib.calendars import write_calendar

# More than anybody works on; a feed is made on each visit of a calendar program.
_MOST_TASKS = 1000


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar and when something in it last changed."""

    content: bytes
    changed_at: datetime


def digest_of(secret: str) -> str:
    """Return what is stored of a feed's secret. Looking up by it takes no time that tells of the secret."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def get_feed(secret: str) -> Feed:
    """Return the open tasks with a due date that the feed's person works on and sees now, the first due first.

    Raises NotFound for a secret that opens nothing, or nothing any more.
    """
    feed = CalendarFeed.objects.filter(digest=digest_of(secret), user__is_active=True).select_related("user").first()
    if feed is None:
        raise NotFound
    mine = Assignment.objects.filter(task=OuterRef("pk"), user=feed.user_id)
    seen = (
        tasks_of_all_seen_by(Actor(feed.user_id)).filter(Exists(mine), due_at__isnull=False).exclude(status=Status.DONE)
    )
    tasks = list(seen.select_related("parent").order_by("due_at", "id")[:_MOST_TASKS])
    out = BytesIO()
    write_calendar(out, "Baton", entries_of(tasks))
    return Feed(out.getvalue(), max((task.updated_at for task in tasks), default=feed.created_at))
