from __future__ import annotations

import pytest

from baton.core.commands.members import add_member
from baton.core.errors import Conflict, Denied, Invalid, NotFound
from baton.core.models import Event, Member, Project, User
from baton.core.queries.users import Handle
from tests.cast import Cast
from tests.factories import actor_of

pytestmark = pytest.mark.django_db


def test_works_and_records_it(cast: Cast) -> None:
    member = add_member(actor_of(cast.owner), cast.project.pk, cast.outsider.pk)
    assert (member.user_id, member.role) == (cast.outsider.pk, "editor")
    event = Event.objects.get(verb="member.added")
    assert (event.actor_id, event.project_id) == (cast.owner.pk, cast.project.pk)
    assert (event.data, event.changes) == ({"user": cast.outsider.pk}, {"role": [None, "editor"]})
    assert Project.objects.get(pk=cast.project.pk).version == 2


@pytest.mark.parametrize("handle", [Handle("username", "OTTO"), Handle("email", "Otto@example.org")])
def test_takes_other_handles(cast: Cast, handle: Handle) -> None:
    assert add_member(actor_of(cast.owner), cast.project.pk, handle, "viewer").user_id == cast.outsider.pk


def test_twice_is_once(cast: Cast) -> None:
    for _ in range(2):
        add_member(actor_of(cast.owner), cast.project.pk, cast.outsider.pk, "viewer")
    assert Member.objects.filter(project=cast.project, user=cast.outsider).count() == 1
    assert Event.objects.filter(verb__startswith="member.").count() == 1
    assert add_member(actor_of(cast.owner), cast.project.pk, cast.outsider.pk).role == "viewer"


@pytest.mark.parametrize("role, refusal", [("editor", Denied), ("viewer", Denied), ("outsider", NotFound)])
def test_is_for_owners(cast: Cast, role: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        add_member(actor_of(getattr(cast, role)), cast.project.pk, cast.outsider.pk, "owner")
    assert cast.project.members.count() == 4


def test_bad_input_changes_nothing(cast: Cast) -> None:
    owner = actor_of(cast.owner)
    with pytest.raises(Invalid):
        add_member(owner, cast.project.pk, cast.outsider.pk, "king")
    User.objects.filter(pk=cast.outsider.pk).update(is_active=False)
    for nobody in (cast.outsider.pk, 10**15, Handle("username", "otto"), Handle("email", "")):
        with pytest.raises(NotFound):
            add_member(owner, cast.project.pk, nobody)
    assert cast.project.members.count() == 4


def test_an_inbox_is_for_one(cast: Cast) -> None:
    inbox = Project.objects.get(owner=cast.owner, is_inbox=True)
    with pytest.raises(Conflict):
        add_member(actor_of(cast.owner), inbox.pk, cast.editor.pk)
    assert inbox.members.count() == 1


def test_the_last_owner_is_not_made_less(cast: Cast) -> None:
    with pytest.raises(Conflict):
        add_member(actor_of(cast.owner), cast.project.pk, cast.owner.pk, "viewer")
    assert Member.objects.get(project=cast.project, user=cast.owner).role == "owner"
