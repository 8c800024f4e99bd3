"""A world in which every model has rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from baton.adapters.staging import Staging
from baton.core.commands.attachments import add_attachment
from baton.core.commands.dialect_tokens import issue_dialect_token
from baton.core.commands.shared_files import share_file
from baton.core.commands.webhook_upkeep import ping_webhook
from baton.core.commands.webhooks import create_webhook
from baton.core.models import (
    ApiToken,
    AttachmentFarewell,
    Attempt,
    CalendarFeed,
    Guess,
    IdempotencyKey,
    Invitation,
    JobRun,
    JobSlot,
    LogEra,
    MailHours,
    Notification,
    NotificationSetting,
    OldId,
    Origin,
    ReactionCursor,
    ReportSubscription,
    Role,
    SearchEntry,
    SearchTrigram,
    SearchWord,
    StreamTicket,
    Task,
    UnwantedLetter,
    User,
)
from baton.core.models.notification import Kind, Mode
from tests.cast import Cast
from tests.core.commands.scenarios import make_full_task
from tests.factories import NOBODY, PASSWORD, actor_of, add_member, bearer, make_user

SOON = timedelta(days=1)


def _store(keep: Callable[[Staging], object]) -> None:
    staging = Staging.of(b"Hello")
    try:
        keep(staging)
    finally:
        staging.discard()


def _tell(user: User, task: Task) -> None:
    """Have the user told of the task, after they chose how."""
    NotificationSetting.objects.create(user=user, kind=Kind.CHANGED, mode=Mode.DAILY)
    MailHours.objects.create(user=user)
    UnwantedLetter.objects.create(user=user, letter="issues_assigned", created_at=timezone.now())
    Notification.objects.create(
        user=user, kind=Kind.CHANGED, mode=Mode.DAILY, occasion="event:1", task=task, created_at=timezone.now()
    )


def make_world(cast: Cast, number: int = 1) -> Task:
    """Return a task that has everything, beside one row at least of every other model."""
    now = timezone.now()
    task = make_full_task(cast)
    _store(lambda staging: add_attachment(actor_of(cast.editor), task.pk, staging, "notes.txt"))
    AttachmentFarewell.objects.create(attachment=task.attachments.get(name="notes.txt"), listed_at=now)
    ReportSubscription.objects.create(
        user=(cast.owner, cast.editor, cast.viewer)[number % 3], project=cast.project, created_at=now
    )
    _store(lambda staging: share_file(actor_of(cast.editor), staging, f"water-{number}.txt"))
    bearer(cast.editor)
    hook, _ = create_webhook(actor_of(cast.owner), {"url": "https://example.com/water"}, project_id=cast.project.pk)
    tried = ping_webhook(actor_of(cast.owner), hook.pk)
    Attempt.objects.create(delivery=tried, at=now, status=500, answer="water", error="water")
    issue_dialect_token(NOBODY, cast.editor, ("tasktable", "taskmaster", "issuetracker")[number % 3])
    ApiToken.objects.create(
        user=cast.editor, name="nightly", digest=f"d{number}", hint="bat_12", scopes="read", created_at=now
    )
    CalendarFeed.objects.get_or_create(user=cast.owner, defaults={"digest": "d", "created_at": now})
    StreamTicket.objects.create(user=cast.editor, digest=f"d{number}", expires_at=now + SOON)
    Guess.objects.create(bucket=f"net:{number}", count=3, resets_at=now + SOON)
    Group.objects.create(name=f"Gardeners {number}")
    LogEra.objects.get_or_create(pk=1)
    ReactionCursor.objects.update_or_create(name=f"reaction {number}")
    _tell(make_user(f"told{number}"), task)
    JobRun.objects.create(name=f"job {number}", started_at=now, finished_at=now)
    JobSlot.objects.create(job="digests", slot=f"day {number}", taken_at=now)
    IdempotencyKey.objects.create(user=cast.editor, key=f"k{number}", fingerprint="f", status=201, body=b"{}")
    Invitation.objects.create(
        project=cast.project,
        email=f"new{number}@example.org",
        email_folded=f"new{number}@example.org",
        role=Role.EDITOR,
        invited_by=cast.owner,
        created_at=now,
        expires_at=now + SOON,
    )
    Origin.objects.create(kind="task", thing=task.pk, said={"created_by": "anna"}, placed={"created_by": cast.owner.pk})
    OldId.objects.create(source="tasktable", kind="task", old_id=str(number), thing=task.pk)
    SearchEntry.objects.create(task=task, words="t_water", recipe=1)
    word = SearchWord.objects.create(word=f"water{number}")
    SearchTrigram.objects.create(word=word, trigram="wat")
    return task


def make_root(cast: Cast, *, role: Role | None = None) -> User:
    """Return a superuser, as `createsuperuser` makes one, with a role in the project or none."""
    root = User.objects.create_superuser("root", "root@example.org", PASSWORD)
    if role:
        add_member(cast.project, root, role)
    return root


def sign_in(user: User) -> Client:
    """Return a browser in which the user is signed in."""
    browser = Client()
    browser.force_login(user)
    return browser


def task_form(task: Task, **changed: Any) -> dict[str, Any]:
    """Return what a browser sends from a task's page."""
    due = task.due_at.astimezone(UTC) if task.due_at else None
    labels = ", ".join(sorted(task.task_labels.values_list("label__name", flat=True)))
    form = {
        "project": task.project_id,
        "title": task.title,
        "description": task.description,
        "status": task.status,
        "priority": task.priority,
        "lead": task.lead_id or "",
        "labels": labels,
        "parent": task.parent_id or "",
        "due_at_0": f"{due:%Y-%m-%d}" if isinstance(due, datetime) else "",
        "due_at_1": f"{due:%H:%M:%S}" if isinstance(due, datetime) else "",
        "seen_version": task.version,
        "assignments-TOTAL_FORMS": 0,
        "assignments-INITIAL_FORMS": 0,
    }
    return form | changed
