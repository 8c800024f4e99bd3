"""Asking people into a project by their e-mail address."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.access import lock_project, require
from baton.core.commands.account_checks import check_email_form
from baton.core.commands.accounts import lock_own_account
from baton.core.commands.checks import check_choice, refuse
from baton.core.commands.guesses import count_wrong_secret, invitations_sent, use
from baton.core.commands.members import enter_member
from baton.core.commands.verification import INVALID_PROOF
from baton.core.errors import Conflict, Denied, Invalid, NotFound
from baton.core.events.facts.projects import InvitationAccepted, InvitationWithdrawn, ProjectInvited
from baton.core.events.record import record
from baton.core.models import Invitation, Member, Project, Role
from baton.core.policies.credentials import reaches_account
from baton.core.policies.projects import can_manage_project
from baton.core.policies.proofs import INVITATION_LIFETIME
from baton.core.queries.invitations import find_open_invitation
from baton.lib.proofs import BadProof
from baton.lib.text import fold


def invite(actor: Actor, project_id: int, email: str, role: str) -> Invitation:
    """Invite whoever reads the mail of an address; an open invitation of it is renewed, and its older letter void.

    The letter follows from the event. Raises NotFound, Denied, Invalid, Conflict, TooMany.
    """
    with transaction.atomic():
        project = _lock_to_manage(actor, project_id)
        refuse([*check_email_form(email), *check_choice("/role", role, Role.values)])
        if project.is_inbox:
            raise Conflict("An inbox belongs to one person.")
        use(invitations_sent(actor.person))
        now = timezone.now()
        invitation, _ = Invitation.objects.update_or_create(
            project=project,
            email_folded=fold(email),
            ended_at=None,
            defaults={
                "email": email,
                "role": role,
                "invited_by_id": actor.person,
                "created_at": now,
                "expires_at": now + INVITATION_LIFETIME,
            },
        )
        record(actor, ProjectInvited(invitation=invitation.pk, role=role), at=now, project_id=project.pk)
        return invitation


def withdraw_invitation(actor: Actor, project_id: int, invitation_id: int) -> None:
    """Take an open invitation back. Raises NotFound, Denied."""
    with transaction.atomic():
        project = _lock_to_manage(actor, project_id)
        invitation = Invitation.objects.filter(pk=invitation_id, project=project, ended_at=None).first()
        if invitation is None:
            raise NotFound
        invitation.ended_at = timezone.now()
        invitation.save(update_fields=["ended_at"])
        record(actor, InvitationWithdrawn(invitation=invitation.pk), at=invitation.ended_at, project_id=project.pk)


def accept_invitation(actor: Actor, proof: str, network: str) -> Invitation:
    """Become a member by an invitation's letter; a member already keeps the role they have.

    Raises Invalid for a proof that is not good (any more), Denied unless the actor's verified address is the invited
    one, TooMany.
    """
    require(reaches_account(actor), "This token is for one project.")
    try:
        with transaction.atomic():
            user = lock_own_account(actor)
            invitation = find_open_invitation(proof)
            project = Project.objects.select_for_update(no_key=True).filter(pk=invitation.project_id).get()
            # Once more, since the invitation may have ended while the project was waited for.
            invitation = find_open_invitation(proof)
            if not user.is_verified:
                raise Denied("Verify your e-mail address first.", code="email_not_verified")
            require(user.email_folded == invitation.email_folded, "The invitation is for another address than yours.")
            invitation.accepted_by, invitation.ended_at = user, timezone.now()
            invitation.save(update_fields=["accepted_by", "ended_at"])
            fact = InvitationAccepted(invitation=invitation.pk, user=user.pk)
            record(actor, fact, at=invitation.ended_at, project_id=project.pk)
            if not Member.objects.filter(project=project, user=user).exists():
                enter_member(actor, project, user.pk, invitation.role)
            return invitation
    except BadProof:
        count_wrong_secret(network)
        raise Invalid.field("/token", "invalid", INVALID_PROOF) from None


def _lock_to_manage(actor: Actor, project_id: int) -> Project:
    project = lock_project(actor, project_id)
    require(can_manage_project(actor, project), "Only an owner may invite people.")
    return project
