from __future__ import annotations

import pytest

from baton.core.commands.invitations import invite, withdraw_invitation
from baton.core.errors import Conflict, Denied, Invalid, NotFound, TooMany
from baton.core.models import Event, Invitation, Project
from tests.cast import Cast
from tests.factories import actor_of, make_project
from tests.traces import nothing_changes


def test_keeps_it_and_tells_the_log_no_address(cast: Cast) -> None:
    invitation = invite(actor_of(cast.owner), cast.project.pk, "New@Example.org", "viewer")
    row = Invitation.objects.get()
    assert (row.email, row.email_folded, row.role, row.invited_by_id) == (
        "New@Example.org",
        "new@example.org",
        "viewer",
        cast.owner.pk,
    )
    event = Event.objects.get(verb="project.invited")
    assert (event.project_id, event.data) == (cast.project.pk, {"invitation": invitation.pk, "role": "viewer"})
    assert "example.org" not in str(Event.objects.filter(project=cast.project).values_list("data", "changes"))


def test_twice_renews_it(cast: Cast) -> None:
    first = invite(actor_of(cast.owner), cast.project.pk, "new@example.org", "viewer")
    again = invite(actor_of(cast.owner), cast.project.pk, "NEW@example.org", "editor")
    assert first.pk == again.pk
    assert Invitation.objects.get().role == "editor"
    withdraw_invitation(actor_of(cast.owner), cast.project.pk, first.pk)
    assert invite(actor_of(cast.owner), cast.project.pk, "new@example.org", "viewer").pk != first.pk


def test_outsiders_see_nothing(cast: Cast) -> None:
    invitation = invite(actor_of(cast.owner), cast.project.pk, "new@example.org", "viewer")
    with nothing_changes(), pytest.raises(NotFound):
        invite(actor_of(cast.outsider), cast.project.pk, "x@example.org", "viewer")
    with nothing_changes(), pytest.raises(NotFound):
        withdraw_invitation(actor_of(cast.outsider), cast.project.pk, invitation.pk)
    with nothing_changes(), pytest.raises(Denied):
        withdraw_invitation(actor_of(cast.editor), cast.project.pk, invitation.pk)
    elsewhere = make_project(cast.outsider)
    with nothing_changes(), pytest.raises(NotFound):
        withdraw_invitation(actor_of(cast.outsider), elsewhere.pk, invitation.pk)


@pytest.mark.parametrize(
    "email, role, pointer",
    [("", "editor", "/email"), ("no address", "editor", "/email"), ("a@example.org", "king", "/role")],
)
def test_bad_input_changes_nothing(cast: Cast, email: str, role: str, pointer: str) -> None:
    with nothing_changes(), pytest.raises(Invalid) as refused:
        invite(actor_of(cast.owner), cast.project.pk, email, role)
    assert [error.pointer for error in refused.value.errors] == [pointer]


def test_nobody_into_an_inbox(cast: Cast) -> None:
    inbox = Project.objects.get(owner=cast.owner, is_inbox=True)
    with nothing_changes(), pytest.raises(Conflict):
        invite(actor_of(cast.owner), inbox.pk, "new@example.org", "viewer")


def test_twenty_an_hour(cast: Cast) -> None:
    for number in range(20):
        invite(actor_of(cast.owner), cast.project.pk, f"user{number}@example.org", "viewer")
    with nothing_changes(), pytest.raises(TooMany):
        invite(actor_of(cast.owner), cast.project.pk, "another@example.org", "viewer")
