"""What the tests of letters have in common."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from baton.core.models import Task, User
from tests.cast import Cast
from tests.factories import make_task
from tests.reactions.letters.notices import DUE
from tests.reactions.letters.posted import strict_templates


@pytest.fixture(autouse=True)
def strict() -> Iterator[None]:
    """Have no letter name what it does not have."""
    with strict_templates():
        yield


@pytest.fixture
def task(cast: Cast) -> Task:
    """Return a task of an editor, made by Olga Petrova."""
    User.objects.filter(pk=cast.owner.pk).update(name="Olga Petrova")
    return make_task(cast.owner, cast.project, assignees=[cast.editor.pk], due_at=DUE, description="All of them.")
