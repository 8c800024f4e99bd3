"""What people do with what they were told; and that it is forgotten one day."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from baton.core.commands.notifications import forget_notifications, read_all_notifications, read_notification
from baton.core.errors import NotFound
from baton.core.models import Delivery, Event, Notification
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.told import Log, told_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _three_are_told(cast: Cast) -> None:
    log = Log()
    for _ in range(3):
        make_task(cast.owner, cast.project, assignees=[cast.editor.pk, cast.viewer.pk])
    log.tell()


def unread(cast: Cast) -> list[bool]:
    return [row.read_at is None for row in told_to(cast.editor)]


def test_reading_one(cast: Cast) -> None:
    events = Event.objects.count()
    read = read_notification(actor_of(cast.editor), told_to(cast.editor)[1].pk)
    assert unread(cast) == [True, False, True]
    assert Event.objects.count() == events, "who reads what is nobody's business"

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        again = read_notification(actor_of(cast.editor), read.pk)
    assert again.read_at == read.read_at, "the first time counts"
    assert all(row.read_at is None for row in told_to(cast.viewer))


def test_taking_it_back(cast: Cast) -> None:
    first = told_to(cast.editor)[0].pk
    read_notification(actor_of(cast.editor), first)
    assert read_notification(actor_of(cast.editor), first, is_read=False).read_at is None
    assert unread(cast) == [True, True, True]


def test_other_peoples_do_not_exist(cast: Cast) -> None:
    for missing in (told_to(cast.viewer)[0].pk, 10**9):
        with pytest.raises(NotFound):
            read_notification(actor_of(cast.editor), missing)
    assert all(row.read_at is None for row in told_to(cast.viewer))


def test_reading_all(cast: Cast) -> None:
    assert read_all_notifications(actor_of(cast.editor)) == 3
    assert read_all_notifications(actor_of(cast.editor)) == 0
    assert unread(cast) == [False, False, False]
    assert all(row.read_at is None for row in told_to(cast.viewer))


def test_reading_all_that_were_listed(cast: Cast) -> None:
    assert read_all_notifications(actor_of(cast.editor), until=told_to(cast.editor)[1].pk) == 2
    assert unread(cast) == [False, False, True]


def test_old_ones_are_forgotten_and_their_letters_not(cast: Cast) -> None:
    now = timezone.now()
    old = [row.pk for row in told_to(cast.editor)[:2]]
    Notification.objects.filter(pk__in=old).update(created_at=now - timedelta(days=181))
    letters = Delivery.objects.count()
    assert forget_notifications(now - timedelta(days=180), limit=1) == 1
    assert forget_notifications(now - timedelta(days=180)) == 1
    assert forget_notifications(now - timedelta(days=180)) == 0
    assert unread(cast) == [True]
    assert Delivery.objects.count() == letters
