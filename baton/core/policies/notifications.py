"""What may somebody still see of what they were told?"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from baton.core.events.facts.tasks import TaskTrashed
from baton.core.models import Member, Notification
from baton.core.models.project import Visibility


def seen_notifications(user_id: int) -> QuerySet[Notification]:
    """Return what the user was told of tasks and projects that they see now.

    Of a task in the trash they still see that it went there.
    """
    is_member = Exists(Member.objects.filter(project=OuterRef("project"), user=OuterRef("user")))
    project = Q(project__visibility=Visibility.OPEN) | Q(is_member)
    task = Q(task=None) | Q(task__trashed_at=None) | Q(event__verb=TaskTrashed.verb)
    return Notification.objects.filter(
        Q(project=None) | Q(project__trashed_at=None) & project,
        task,
        user=user_id,
    )
