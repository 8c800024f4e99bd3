"""Names are compared by their folded form, which can be much longer than what was typed."""

from __future__ import annotations

import pytest

from baton.core.errors import Invalid
from baton.core.models import Label, User
from tests.cast import Cast
from tests.factories import make_task, make_user

# One letter on the screen, eighteen once it is taken apart.
LIGATURE = "\ufdfa"


def test_a_label_that_would_not_fit_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        make_task(cast.owner, cast.project, labels=["fine", LIGATURE * 50])
    assert [(error.pointer, error.code) for error in refusal.value.errors] == [("/labels/1", "max_length")]
    assert not Label.objects.exists()
    make_task(cast.owner, cast.project, labels=[LIGATURE * 13])


@pytest.mark.django_db
def test_a_username_that_would_not_fit_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        make_user(LIGATURE * 150, email=None)
    assert [(error.pointer, error.code) for error in refusal.value.errors] == [("/username", "max_length")]
    assert not User.objects.exists()
