from __future__ import annotations

import pytest

from baton.core.commands.members import change_role
from baton.core.errors import Conflict, Denied, Invalid, NotFound
from baton.core.models import Event, Member, Project
from tests.cast import Cast
from tests.factories import actor_of

pytestmark = pytest.mark.django_db


def test_works_and_records_it(cast: Cast) -> None:
    assert change_role(actor_of(cast.owner), cast.project.pk, cast.viewer.pk, "editor").role == "editor"
    event = Event.objects.get(verb="member.role_changed")
    assert (event.actor_id, event.data) == (cast.owner.pk, {"user": cast.viewer.pk})
    assert event.changes == {"role": ["viewer", "editor"]}
    assert Project.objects.get(pk=cast.project.pk).version == 2


def test_twice_is_once(cast: Cast) -> None:
    for _ in range(2):
        change_role(actor_of(cast.owner), cast.project.pk, cast.viewer.pk, "editor")
    assert Event.objects.filter(verb="member.role_changed").count() == 1


@pytest.mark.parametrize("role, refusal", [("editor", Denied), ("viewer", Denied), ("outsider", NotFound)])
def test_nobody_raises_themselves(cast: Cast, role: str, refusal: type[Exception]) -> None:
    user = getattr(cast, role)
    with pytest.raises(refusal):
        change_role(actor_of(user), cast.project.pk, user.pk, "owner")
    assert list(Member.objects.filter(project=cast.project, role="owner").values_list("user_id", flat=True)) == [
        cast.owner.pk
    ]


def test_bad_input_changes_nothing(cast: Cast) -> None:
    with pytest.raises(Invalid):
        change_role(actor_of(cast.owner), cast.project.pk, cast.viewer.pk, "king")
    with pytest.raises(NotFound):
        change_role(actor_of(cast.owner), cast.project.pk, cast.outsider.pk, "editor")
    assert not Event.objects.filter(verb="member.role_changed").exists()


def test_the_last_owner_stays(cast: Cast) -> None:
    with pytest.raises(Conflict) as refusal:
        change_role(actor_of(cast.owner), cast.project.pk, cast.owner.pk, "editor")
    assert refusal.value.code == "last_owner"


def test_an_owner_who_steps_down_leaves_the_project_to_the_next(cast: Cast) -> None:
    owner = actor_of(cast.owner)
    change_role(owner, cast.project.pk, cast.editor.pk, "owner")
    change_role(owner, cast.project.pk, cast.owner.pk, "viewer")
    assert Project.objects.get(pk=cast.project.pk).owner_id == cast.editor.pk
    event = Event.objects.get(verb="project.edited")
    assert event.changes == {"owner": [cast.owner.pk, cast.editor.pk]}
    with pytest.raises(Denied):
        change_role(owner, cast.project.pk, cast.owner.pk, "owner")
