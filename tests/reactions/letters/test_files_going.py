"""The letter to owners about old files that will go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from baton.adapters.staging import Staging
from baton.core.commands.attachments import add_attachment
from baton.core.commands.letter_choices import unsubscribe
from baton.core.commands.members import change_role
from baton.core.commands.task_status import change_status
from baton.core.models import AttachmentFarewell, Delivery, Role
from baton.jobs.keep_files import clean_up_attachments
from baton.reactions.letters.files_going import NONE_LEFT, NOT_THEIRS
from tests.cast import Cast
from tests.factories import actor_of, add_member, make_task, make_user
from tests.reactions.letters.posted import letters_to, the_answer_for, the_letter_to

SUNDAY = datetime(2026, 11, 22, 2, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture
def listed(cast: Cast, store: Path, staged: Callable[[bytes], Staging], settings: Any) -> Cast:
    """Return the people after the clean-up has listed a file of a task done two years ago."""
    settings.BATON_ATTACHMENT_RETENTION_DAYS = 365
    with time_machine.travel(SUNDAY - timedelta(days=700), tick=False):
        task = make_task(cast.owner, cast.project)
        add_attachment(actor_of(cast.editor), task.pk, staged(b"Hello"), "<notes>.txt")
        change_status(actor_of(cast.owner), task.pk, "done")
    run()
    return cast


def run() -> str:
    with time_machine.travel(SUNDAY, tick=False):
        return clean_up_attachments()


def test_owners_learn_what_goes(listed: Cast) -> None:
    letter = the_letter_to(listed.owner)
    assert letter.subject == "Operations: old files will go in a week"
    name = AttachmentFarewell.objects.get().attachment.name
    assert f"OPER-1: {name} (5\u00a0bytes)" in letter.text
    assert "<notes>" not in letter.html
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letters_to(listed.editor) == []


def test_in_their_language(listed: Cast) -> None:
    listed.owner.language = "ru"
    listed.owner.save()
    assert "старые файлы" in the_letter_to(listed.owner).subject


def test_twice_on_a_day_is_once(listed: Cast) -> None:
    run()
    assert len(letters_to(listed.owner)) == 1


def test_nothing_where_nothing_is_listed_any_more(listed: Cast) -> None:
    AttachmentFarewell.objects.all().delete()
    assert the_answer_for(listed.owner) == NONE_LEFT


def test_nothing_to_who_is_no_owner_any_more(listed: Cast) -> None:
    other = make_user()
    add_member(listed.project, other, Role.OWNER)
    change_role(actor_of(other), listed.project.pk, listed.owner.pk, Role.VIEWER)
    assert the_answer_for(listed.owner) == NOT_THEIRS


def test_not_to_who_has_switched_it_off(listed: Cast) -> None:
    Delivery.objects.all().delete()
    unsubscribe(actor_of(listed.owner), "files_going")
    run()
    assert letters_to(listed.owner) == []
