from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from baton.core.commands.invitations import accept_invitation, invite, withdraw_invitation
from baton.core.commands.members import change_role, remove_member
from baton.core.commands.projects import trash_project
from baton.core.errors import CoreError, Denied, Invalid
from baton.core.models import Event, Invitation, Member, Role, User
from baton.core.policies.proofs import INVITATION_LIFETIME, make_invitation_proof
from tests.cast import Cast
from tests.factories import actor_of, add_member
from tests.traces import nothing_changes


@pytest.fixture(autouse=True)
def _verified(cast: Cast) -> None:
    User.objects.filter(pk=cast.outsider.pk).update(is_verified=True)


def send(cast: Cast, role: str = "editor", email: str = "Otto@Example.org") -> tuple[Invitation, str]:
    invitation = invite(actor_of(cast.owner), cast.project.pk, email, role)
    return invitation, make_invitation_proof(Invitation.objects.get(pk=invitation.pk))


def refused(cast: Cast, proof: str, error: type[CoreError] = Invalid) -> None:
    before = list(Member.objects.values()), list(Invitation.objects.values()), Event.objects.count()
    with pytest.raises(error):
        accept_invitation(actor_of(cast.outsider), proof, "net")
    assert (list(Member.objects.values()), list(Invitation.objects.values()), Event.objects.count()) == before


def test_makes_a_member_and_records_it(cast: Cast) -> None:
    invitation, proof = send(cast, "viewer")
    accept_invitation(actor_of(cast.outsider), proof, "net")
    assert Member.objects.get(project=cast.project, user=cast.outsider).role == "viewer"
    events = Event.objects.filter(project=cast.project).order_by("-pk")[:2]
    assert [(event.verb, event.actor_id, event.data) for event in reversed(events)] == [
        ("project.invitation_accepted", cast.outsider.pk, {"invitation": invitation.pk, "user": cast.outsider.pk}),
        ("member.added", cast.outsider.pk, {"user": cast.outsider.pk}),
    ]


def test_once(cast: Cast) -> None:
    _, proof = send(cast)
    accept_invitation(actor_of(cast.outsider), proof, "net")
    remove_member(actor_of(cast.owner), cast.project.pk, cast.outsider.pk)
    refused(cast, proof)


def test_a_member_keeps_the_role(cast: Cast) -> None:
    _, proof = send(cast, "owner")
    add_member(cast.project, cast.outsider, Role.VIEWER)
    accept_invitation(actor_of(cast.outsider), proof, "net")
    assert Member.objects.get(project=cast.project, user=cast.outsider).role == "viewer"


def test_needs_the_verified_address(cast: Cast) -> None:
    _, proof = send(cast)
    User.objects.filter(pk=cast.outsider.pk).update(is_verified=False)
    refused(cast, proof, Denied)
    _, foreign = send(cast, email="somebody@example.org")
    User.objects.filter(pk=cast.outsider.pk).update(is_verified=True)
    refused(cast, foreign, Denied)


def test_needs_the_letter(cast: Cast) -> None:
    invitation, proof = send(cast)
    refused(cast, f"{invitation.pk}.x.y")
    refused(cast, "")
    other, _ = send(cast, email="somebody@example.org")
    refused(cast, f"{other.pk}.{proof.partition('.')[2]}")


def test_needs_the_whole_account(cast: Cast) -> None:
    _, proof = send(cast)
    with pytest.raises(Denied):
        accept_invitation(replace(actor_of(cast.outsider), project_id=cast.project.pk, token_id=1), proof, "net")


def test_not_too_late(cast: Cast) -> None:
    _, proof = send(cast)
    with time_machine.travel(timezone.now() + INVITATION_LIFETIME + timedelta(minutes=1)):
        refused(cast, proof)


def test_not_after_it_was_withdrawn_or_sent_once_more(cast: Cast) -> None:
    invitation, first = send(cast)
    _, second = send(cast, "viewer")
    refused(cast, first)
    withdraw_invitation(actor_of(cast.owner), cast.project.pk, invitation.pk)
    refused(cast, second)


def test_not_after_its_sender_may_not_invite_any_more(cast: Cast) -> None:
    _, proof = send(cast)
    add_member(cast.project, cast.outsider, Role.VIEWER)
    Member.objects.filter(project=cast.project, user=cast.editor).update(role=Role.OWNER)
    change_role(actor_of(cast.editor), cast.project.pk, cast.owner.pk, "editor")
    refused(cast, proof)


def test_not_into_a_project_in_the_trash(cast: Cast) -> None:
    _, proof = send(cast)
    trash_project(actor_of(cast.owner), cast.project.pk)
    refused(cast, proof)


def test_only_owners_invite(cast: Cast) -> None:
    for who in (cast.editor, cast.viewer):
        with nothing_changes(), pytest.raises(Denied):
            invite(actor_of(who), cast.project.pk, "new@example.org", "editor")
