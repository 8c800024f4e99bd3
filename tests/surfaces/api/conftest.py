"""Who calls the API, and what they find."""

from __future__ import annotations

from datetime import datetime

import pytest

from baton.core.models import Task
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import make_task


@pytest.fixture
def editor(cast: Cast) -> Caller:
    """Return somebody who may write in the project, calling."""
    return Caller(cast.editor)


@pytest.fixture
def full(cast: Cast) -> Task:
    """A task that has everything."""
    parent = make_task(cast.owner, cast.project, "The greenhouse")
    return make_task(
        cast.owner,
        cast.project,
        description="Twice a day.",
        status="in_progress",
        priority=3,
        assignees=[cast.editor.pk, cast.viewer.pk],
        labels=["garden", "Daily"],
        parent_id=parent.pk,
        due_at=datetime.fromisoformat("2026-12-01T10:00:00+00:00"),
    )
