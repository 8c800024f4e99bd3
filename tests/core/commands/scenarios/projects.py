"""Projects, and who belongs to them."""

from __future__ import annotations

from uuid import UUID

from baton.core.commands import invitations, members, projects, report_subscriptions, shared_projects, trash
from baton.core.models import Invitation, Role, Task
from baton.core.policies.proofs import make_invitation_proof
from tests.cast import Cast
from tests.core.commands.scenarios.full_task import Scenario
from tests.factories import NOBODY, actor_of

SHARED = shared_projects.SharedProject(UUID(int=7), "EVERYBODY", "Everybody's", unique_titles=True)


def _invite(cast: Cast) -> Invitation:
    return invitations.invite(actor_of(cast.owner), cast.project.pk, "otto@example.org", Role.EDITOR)


def _accept(cast: Cast, task: Task) -> None:
    invitations.accept_invitation(actor_of(cast.outsider), make_invitation_proof(_invite(cast)), "net")


def _subscribe_and_unsubscribe(cast: Cast, task: Task) -> None:
    viewer = actor_of(cast.viewer)
    report_subscriptions.subscribe_to_report(viewer, task.project_id)
    report_subscriptions.unsubscribe_from_report(viewer, task.project_id)


SCENARIOS: dict[str, list[Scenario]] = {
    "invitations.invite": [lambda cast, _task: _invite(cast)],
    "invitations.withdraw_invitation": [
        lambda cast, _task: invitations.withdraw_invitation(actor_of(cast.owner), cast.project.pk, _invite(cast).pk)
    ],
    "invitations.accept_invitation": [_accept],
    "projects.create_project": [lambda cast, _task: projects.create_project(actor_of(cast.editor), {"name": "New"})],
    "projects.edit_project": [
        lambda cast, task: projects.edit_project(actor_of(cast.owner), task.project_id, {"name": "New"})
    ],
    "projects.trash_project": [lambda cast, task: projects.trash_project(actor_of(cast.owner), task.project_id)],
    "members.add_member": [
        lambda cast, task: members.add_member(actor_of(cast.owner), task.project_id, cast.outsider.pk)
    ],
    "members.change_role": [
        lambda cast, task: members.change_role(actor_of(cast.owner), task.project_id, cast.editor.pk, Role.OWNER)
    ],
    "members.remove_member": [
        lambda cast, task: members.remove_member(actor_of(cast.owner), task.project_id, cast.newcomer.pk),
        lambda cast, task: members.remove_member(actor_of(cast.viewer), task.project_id, cast.viewer.pk),
        lambda cast, task: members.remove_member(actor_of(cast.owner), task.project_id, cast.editor.pk),
    ],
    "report_subscriptions.subscribe_to_report": [
        lambda cast, task: report_subscriptions.subscribe_to_report(actor_of(cast.viewer), task.project_id)
    ],
    "report_subscriptions.unsubscribe_from_report": [_subscribe_and_unsubscribe],
    "trash.restore_project": [
        lambda cast, task: trash.restore_project(
            actor_of(cast.owner), projects.trash_project(actor_of(cast.owner), task.project_id).pk
        )
    ],
    "shared_projects.project_for": [lambda _cast, _task: shared_projects.project_for(NOBODY, SHARED)],
}
