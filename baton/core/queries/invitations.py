"""Asking for invitations."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.errors import Denied, NotFound
from baton.core.models import Invitation, Member, Role
from baton.core.policies.projects import can_manage_project
from baton.core.policies.proofs import check_invitation_proof
from baton.core.policies.visibility import visible_projects
from baton.core.queries import shapes
from baton.core.queries.keyset import Key, Page, PageShape, apply
from baton.core.queries.listing import Slice, run_page
from baton.core.queries.shapes import person_columns
from baton.lib.compiled import COUNTED, LIMITED, Compiled
from baton.lib.proofs import BadProof, subject_of
from baton.lib.statements import Param, Row

COLUMNS = ("id", "project_id", "email", "role", "created_at", "expires_at", *person_columns("invited_by__"))
ORDERS = {
    "created_at": (Key("created_at"), Key("id")),
    "-created_at": (Key("created_at", descending=True), Key("id", descending=True)),
}


def list_invitations(actor: Actor, project_id: int, ordering: str, page: Page) -> Slice[shapes.Invitation]:
    """Return a page of a project's open invitations, for its owners. Raises NotFound, Denied."""
    _require_owner(actor, project_id)
    order = ORDERS[ordering]
    found = run_page(_LIST, PageShape.of(order, page), _values(project_id), page, len(order))
    return found.map(lambda rows: [_invitation(row) for row in rows])


def count_invitations(actor: Actor, project_id: int) -> int:
    """Return how many open invitations a project has, for its owners. Raises NotFound, Denied."""
    _require_owner(actor, project_id)
    count: int = _COUNT.rows((), _values(project_id))[0][0]
    return count


def get_invitation(actor: Actor, project_id: int, invitation_id: int) -> shapes.Invitation:
    """Return an invitation of a project, for its owners. Raises NotFound, Denied."""
    _require_owner(actor, project_id)
    row = Invitation.objects.filter(pk=invitation_id, project=project_id).values_list(*COLUMNS).first()
    if row is None:
        raise NotFound
    return _invitation(row)


def find_open_invitation(proof: str) -> Invitation:
    """Return the invitation of a letter's proof, while whoever sent it may still invite. Raises BadProof."""
    invitation = Invitation.objects.select_related("invited_by").filter(pk=subject_of(proof)).first()
    if invitation is None or not is_open(invitation):
        raise BadProof
    check_invitation_proof(invitation, proof)
    return invitation


def is_open(invitation: Invitation) -> bool:
    """Can the invitation still be accepted? Its sender must still be an owner, and the project still there."""
    if invitation.ended_at is not None or invitation.expires_at <= timezone.now():
        return False
    return Member.objects.filter(
        project=invitation.project_id,
        project__trashed_at=None,
        user=invitation.invited_by_id,
        user__is_active=True,
        role=Role.OWNER,
    ).exists()


def _require_owner(actor: Actor, project_id: int) -> None:
    project = visible_projects(actor).filter(pk=project_id).first()
    if project is None:
        raise NotFound
    if not can_manage_project(actor, project):
        raise Denied("Only an owner sees whom the project invited.")


def _values(project_id: int) -> dict[str, Any]:
    return {"project": project_id, "now": timezone.now()}


def _invitation(row: Row) -> shapes.Invitation:
    return shapes.Invitation(*row[:4], shapes.Person(*row[6:10]), *row[4:6])  # type: ignore[call-arg]  # a row is untyped


def _open() -> QuerySet[Invitation]:
    now = Param("now", Invitation._meta.get_field("expires_at"))
    return Invitation.objects.filter(project=Param("project"), ended_at=None, expires_at__gt=now)


def _list(shape: PageShape) -> QuerySet[Invitation, tuple[Any, ...]]:
    fields = [Invitation._meta.get_field(key.column) for key in shape.order]
    return apply(_open(), shape, fields).values_list(*COLUMNS, *(key.column for key in shape.order))


def _count(_: tuple[()]) -> QuerySet[Invitation, tuple[int]]:
    return _open().values_list("pk")


_LIST = Compiled(_list, LIMITED)
_COUNT = Compiled(_count, COUNTED)
