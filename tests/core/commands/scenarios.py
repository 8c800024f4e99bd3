"""Each command of the core in action: what two tests run that are about all of them.

A scenario is given the people and a task of theirs that has everything, and runs the command once for something that
makes a difference. `STEPS` are the functions that take an actor too, but are parts of commands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from django.db import transaction

from baton.adapters.staging import Staging
from baton.core.actor import SYSTEM, Actor
from baton.core.commands import (
    account_upkeep,
    accounts,
    all_sessions,
    api_tokens,
    archive_import,
    attachments,
    avatars,
    bulk,
    calendar_feeds,
    comments,
    csv_import,
    delivery_upkeep,
    dialect_tokens,
    invitations,
    letter_choices,
    members,
    notification_settings,
    old_system_files,
    old_system_import,
    password_reset,
    projects,
    report_subscriptions,
    sessions,
    shared_files,
    shared_projects,
    task_assignment,
    task_delegation,
    task_handover,
    task_moves,
    task_status,
    task_watching,
    tasks,
    trash,
    undo,
    verification,
    webhook_upkeep,
    webhooks,
)
from baton.core.commands.bulk import Operation
from baton.core.commands.mail_queue import LetterOrder, queue_letters
from baton.core.commands.old_systems import (
    OldChange,
    OldComment,
    OldFile,
    OldSystem,
    OldSystemReport,
    OldTask,
    OldToken,
    OldUser,
)
from baton.core.commands.task_moves import Place
from baton.core.errors import DeadCredential
from baton.core.events.log import START
from baton.core.models import (
    ApiToken,
    Attachment,
    Comment,
    Delegation,
    Delivery,
    DialectToken,
    Event,
    Invitation,
    Role,
    Session,
    SharedFile,
    Task,
    User,
)
from baton.core.models.delivery import Channel
from baton.core.policies.proofs import make_invitation_proof, make_reset_proof, make_verification_proof
from baton.core.queries.archive import write_archive
from baton.lib.api_secrets import digest_of
from baton.lib.ids import new_uuid
from tests.cast import Cast
from tests.factories import NOBODY, PASSWORD, actor_of, make_project, make_task
from tests.stores import picture

Scenario = Callable[[Cast, Task], object]
DUE = datetime(2026, 12, 1, 10, 30, 0, 5, tzinfo=UTC)
MONTH = timedelta(days=30)
SHARED = shared_projects.SharedProject(UUID(int=7), "EVERYBODY", "Everybody's", unique_titles=True)
OLD = OldSystem(
    "tasktable",
    "tasktable",
    users=[OldUser("8001", "peter", "pbkdf2_sha256$1$a$b", "peter@example.org"), OldUser("8002", "olga")],
    tokens=[OldToken(digest_of("ab" * 20), "8001")],
    tasks=[OldTask("9001", "New York", "is in danger", "in_progress", "8001", ["8002", "8001"], DUE)],
    comments=[OldComment("1", "9001", "8002", "We have faith.", DUE)],
    changes=[OldChange("1", "9001", "status", "w", "It became w.", DUE)],
)

STEPS = {
    "webhooks.lock_webhook": "finds and locks",
    "webhooks.tell": "records the fact of a command's",
    "archive_placing.place_archive": "what an import of an archive does in its transaction",
    "task_assignment.look_up_people": "looks, and changes nothing",
    "task_parent.check_parent": "looks, and changes nothing",
    "task_relocation.check_relocation": "looks, and changes nothing",
    "task_release.release_tasks": "what follows from a change of members, in that command's transaction",
    "accounts.lock_own_account": "finds and locks",
    "members.enter_member": "the second half of adding a member and of accepting an invitation",
    "verification.mark_verified": "the second half of verifying an address and of registering by invitation",
    "attachments.require_attachable": "looks, and changes nothing",
    "attachments.discard_attachment": "the second half of removing a file, and of the clean-up",
    "old_system_people.import_users": "the first part of taking over an older system",
    "old_system_people.import_tokens": "the second part",
    "old_system_tasks.import_tasks": "the third part",
    "old_system_tasks.import_comments": "the fourth part",
    "old_system_tasks.import_changes": "the last part",
    "dialect_tokens.end_dialect_token": "the second half of revoking a token, one's own or somebody's",
}


def make_full_task(cast: Cast) -> Task:
    """Return a task that has everything, offered by the editor to the newcomer; the owner has commented."""
    whole = make_task(cast.owner, cast.project, "Whole")
    # Somebody else, whose address is known to be theirs.
    User.objects.filter(pk=cast.outsider.pk).update(is_verified=True)
    task = make_task(
        cast.owner,
        cast.project,
        description="Twice a day.",
        priority=3,
        assignees=[cast.editor.pk, cast.viewer.pk],
        labels=["garden", "Daily"],
        parent_id=whole.pk,
        due_at=DUE,
    )
    task_delegation.delegate_task(actor_of(cast.editor), task.pk, cast.newcomer.pk, "I am at sea.")
    comments.add_comment(actor_of(cast.owner), task.pk, "The tap drips.")
    task_watching.watch_task(actor_of(cast.viewer), task.pk)
    letter = LetterOrder("task_assigned", cast.editor.pk, "event:1", project_id=task.project_id, task_id=task.pk)
    queue_letters([letter])
    return task


def _answer(state: str) -> Scenario:
    def act(cast: Cast, task: Task) -> object:
        offer = Delegation.objects.get(task=task, receiver=cast.newcomer)
        return task_delegation.answer_delegation(actor_of(cast.newcomer), offer.pk, state, "So be it.")

    return act


def _comment(task: Task) -> int:
    return Comment.objects.get(task=task).pk


def _share(cast: Cast, _task: Task) -> SharedFile:
    staging = Staging.of(b"hello")
    try:
        return shared_files.share_file(actor_of(cast.editor), staging, "notes.txt")
    finally:
        staging.discard()


def _bring_a_file(_cast: Cast, _task: Task) -> None:
    with NamedTemporaryFile() as file:
        old = replace(OLD, files=[OldFile("notes.txt", Path(file.name))])
        old_system_files.import_files(SYSTEM, old, OldSystemReport())


def _edit_and_hand_on(cast: Cast, _task: Task) -> object:
    place = make_project(cast.owner, "Shared", visibility="open", assignees_edit=True)
    task = make_task(cast.owner, place, assigned_to=cast.outsider.pk)
    fields: tasks.TaskFields = {"title": "Water them", "assigned_to": cast.viewer.pk}
    return task_handover.edit_or_hand_on(actor_of(cast.outsider), task.pk, fields)


def _attach(cast: Cast, task: Task) -> Attachment:
    staging = Staging.of(b"Hello")
    try:
        return attachments.add_attachment(actor_of(cast.editor), task.pk, staging, "notes.txt")
    finally:
        staging.discard()


def _attach_remove_and_restore(cast: Cast, task: Task) -> object:
    attachment = _attach(cast, task)
    attachments.remove_attachment(actor_of(cast.editor), attachment.pk)
    return attachments.restore_attachment(actor_of(cast.editor), attachment.pk)


def _deleted_comment(cast: Cast, task: Task) -> int:
    comments.delete_comment(actor_of(cast.owner), _comment(task))
    return Event.objects.latest("pk").pk


def _status_change(cast: Cast, task: Task) -> int:
    task_status.change_status(actor_of(cast.editor), task.pk, "done")
    return Event.objects.latest("pk").pk


def _hand_on_twice(cast: Cast, task: Task) -> None:
    task_delegation.delegate_task(actor_of(cast.newcomer), task.pk, cast.viewer.pk)
    task_delegation.delegate_task(actor_of(cast.viewer), task.pk, cast.owner.pk)


def _return_from_the_middle(cast: Cast, task: Task) -> None:
    _hand_on_twice(cast, task)
    _answer("returned")(cast, task)


def _login(user: User) -> Session:
    return sessions.open_session(NOBODY, user, "native", MONTH)


def _reuse(cast: Cast, task: Task) -> None:
    session = _login(cast.editor)
    try:
        sessions.rotate_session(NOBODY, session.pk, new_uuid(), cast.editor.token_epoch, MONTH)
    except DeadCredential:
        return
    raise AssertionError("an outdated refresh token was taken")


def _log_out(cast: Cast, task: Task) -> None:
    sessions.end_session(Actor(cast.editor.pk), _login(cast.editor).pk)


def _token(cast: Cast) -> int:
    return api_tokens.create_api_token(actor_of(cast.editor), {"name": "Robot", "scopes": ["read"]})[0].pk


def _lasting_token(cast: Cast) -> int:
    dialect_tokens.issue_dialect_token(NOBODY, cast.editor, "tasktable")
    return DialectToken.objects.get(user=cast.editor).pk


def _invite(cast: Cast) -> Invitation:
    return invitations.invite(actor_of(cast.owner), cast.project.pk, "otto@example.org", Role.EDITOR)


def _accept(cast: Cast, task: Task) -> None:
    invitations.accept_invitation(actor_of(cast.outsider), make_invitation_proof(_invite(cast)), "net")


def _close_and_open(cast: Cast, task: Task) -> None:
    account_upkeep.deactivate_user(SYSTEM, cast.editor.pk)
    account_upkeep.reactivate_user(SYSTEM, cast.editor.pk)


def _first_inbox(cast: Cast, task: Task) -> None:
    with transaction.atomic():  # so that the account goes where its inbox does
        root = User.objects.create_superuser("root", "root@example.org", PASSWORD)
        account_upkeep.ensure_inbox(NOBODY, root.pk)


def _withdraw_token(cast: Cast, task: Task) -> None:
    with transaction.atomic():
        token = ApiToken.objects.create(
            user=cast.editor, name="nightly", digest="d", hint="bat_12", scopes="read", created_at=DUE
        )
        account_upkeep.withdraw_token(SYSTEM, token.pk)


def _take_away(cast: Cast, task: Task) -> None:
    """Into a project of the editor's, where nobody else belongs."""
    elsewhere = make_project(cast.editor, "Elsewhere")
    make_task(cast.editor, elsewhere, labels=["DAILY"])
    task_moves.move_task(actor_of(cast.editor), task.pk, Place(status="review", project_id=elsewhere.pk))


def _take_the_whole_away(cast: Cast, task: Task) -> None:
    elsewhere = make_project(cast.editor, "Elsewhere")
    tasks.edit_task(actor_of(cast.editor), task.parent_id or 0, {"project_id": elsewhere.pk, "title": "Apart"})


def _bring_back(cast: Cast, task: Task) -> None:
    archive = BytesIO()
    write_archive(actor_of(cast.owner), cast.project.pk, archive)
    archive_import.import_archive(actor_of(cast.editor), archive)


def _revoke_calendar(cast: Cast, task: Task) -> None:
    calendar_feeds.open_calendar_feed(actor_of(cast.editor))
    calendar_feeds.close_calendar_feed(actor_of(cast.editor))


def _hook(cast: Cast, *, project_id: int | None = None) -> int:
    person = cast.owner if project_id else cast.editor
    return webhooks.create_webhook(actor_of(person), {"url": "https://example.com/hook"}, project_id=project_id)[0].pk


def _paused_and_resumed(cast: Cast, task: Task) -> None:
    hook = _hook(cast, project_id=task.project_id)
    webhook_upkeep.pause_webhook(actor_of(cast.owner), hook)
    webhook_upkeep.resume_webhook(actor_of(cast.owner), hook)


def _many_at_once(cast: Cast, task: Task) -> None:
    operations = [
        Operation(lambda actor: task_status.change_status(actor, task.pk, "review"), task.pk),
        Operation(lambda actor: tasks.edit_task(actor, task.pk, {"title": "Ferns", "labels": ["weekly"]}), task.pk),
        Operation(lambda actor: tasks.create_task(actor, task.project_id, {"title": "New"}), None, task.project_id),
        Operation(lambda actor: task_assignment.assign_task(actor, task.pk, [cast.owner.pk]), task.pk),
        Operation(lambda actor: task_status.change_status(actor, task.pk, "done"), task.pk),
        Operation(lambda actor: task_moves.move_task(actor, task.parent_id or 0, Place(after_id=task.pk)), task.pk),
        Operation(lambda actor: tasks.trash_task(actor, task.parent_id or 0), task.parent_id),
    ]
    outcomes = bulk.run_bulk(actor_of(cast.editor), operations)
    assert not [outcome.refusal for outcome in outcomes if outcome.refusal]


def _subscribe_and_unsubscribe(cast: Cast, task: Task) -> None:
    viewer = actor_of(cast.viewer)
    report_subscriptions.subscribe_to_report(viewer, task.project_id)
    report_subscriptions.unsubscribe_from_report(viewer, task.project_id)


def _retry(cast: Cast, task: Task) -> None:
    delivery_upkeep.retry_delivery(actor_of(cast.owner), Delivery.objects.get(task=task, channel=Channel.MAIL).pk)


SCENARIOS: dict[str, list[Scenario]] = {
    "delivery_upkeep.retry_delivery": [_retry],
    "webhooks.create_webhook": [
        lambda cast, _task: _hook(cast),
        lambda cast, task: _hook(cast, project_id=task.project_id),
    ],
    "webhooks.edit_webhook": [
        lambda cast, _task: webhooks.edit_webhook(
            actor_of(cast.editor), _hook(cast), {"url": "https://example.org/", "verbs": ["task.created"]}
        )
    ],
    "webhooks.rotate_webhook_secret": [
        lambda cast, _task: webhooks.rotate_webhook_secret(actor_of(cast.editor), _hook(cast))
    ],
    "webhooks.delete_webhook": [
        lambda cast, task: webhooks.delete_webhook(actor_of(cast.owner), _hook(cast, project_id=task.project_id))
    ],
    "webhook_upkeep.pause_webhook": [
        lambda cast, _task: webhook_upkeep.pause_webhook(actor_of(cast.editor), _hook(cast))
    ],
    "webhook_upkeep.resume_webhook": [_paused_and_resumed],
    "webhook_upkeep.replay_webhook": [
        lambda cast, _task: webhook_upkeep.replay_webhook(actor_of(cast.editor), _hook(cast), START)
    ],
    "webhook_upkeep.ping_webhook": [
        lambda cast, _task: webhook_upkeep.ping_webhook(actor_of(cast.editor), _hook(cast))
    ],
    "archive_import.import_archive": [_bring_back],
    "calendar_feeds.open_calendar_feed": [lambda cast, _: calendar_feeds.open_calendar_feed(actor_of(cast.editor))],
    "calendar_feeds.close_calendar_feed": [_revoke_calendar],
    "csv_import.import_csv": [
        lambda cast, _: csv_import.import_csv(
            actor_of(cast.editor), BytesIO(b"key,parent,title\n2,1,Part\n1,,Whole\n"), cast.project.pk
        )
    ],
    "accounts.register_user": [
        lambda _cast, _task: accounts.register_user(NOBODY, PASSWORD, {"username": "new", "email": "new@example.org"})
    ],
    "accounts.change_profile": [lambda cast, _task: accounts.change_profile(actor_of(cast.editor), {"name": "Edgar"})],
    "notification_settings.change_notification_settings": [
        lambda cast, task: notification_settings.change_notification_settings(
            actor_of(cast.editor), {"modes": {"overdue": "daily"}, "projects": {task.project_id: {"mentioned": "off"}}}
        ),
        lambda cast, _task: notification_settings.change_notification_settings(
            actor_of(cast.editor), {"hours": {"digest_hour": 17}}
        ),
    ],
    "accounts.change_password": [
        lambda cast, _task: accounts.change_password(actor_of(cast.editor), PASSWORD, "another horse 9 battery", "net")
    ],
    "all_sessions.log_out_everywhere": [lambda cast, _task: all_sessions.log_out_everywhere(actor_of(cast.editor))],
    "api_tokens.create_api_token": [lambda cast, _task: _token(cast)],
    "api_tokens.revoke_api_token": [
        lambda cast, _task: api_tokens.revoke_api_token(actor_of(cast.editor), _token(cast))
    ],
    "verification.request_verification": [
        lambda _cast, _task: verification.request_verification(NOBODY, "edgar@example.org", "net"),
        lambda _cast, _task: verification.request_verification(NOBODY, "nobody@example.org", "net"),
    ],
    "verification.verify_email": [
        lambda cast, _task: verification.verify_email(NOBODY, make_verification_proof(cast.editor), "net")
    ],
    "password_reset.request_password_reset": [
        lambda _cast, _task: password_reset.request_password_reset(NOBODY, "edgar@example.org", "net"),
        lambda _cast, _task: password_reset.request_password_reset(NOBODY, "nobody@example.org", "net"),
    ],
    "password_reset.reset_password": [
        lambda cast, _task: password_reset.reset_password(
            NOBODY, make_reset_proof(cast.editor), "another horse 9 battery", "net"
        )
    ],
    "invitations.invite": [lambda cast, _task: _invite(cast)],
    "invitations.withdraw_invitation": [
        lambda cast, _task: invitations.withdraw_invitation(actor_of(cast.owner), cast.project.pk, _invite(cast).pk)
    ],
    "invitations.accept_invitation": [_accept],
    "account_upkeep.deactivate_user": [lambda cast, _task: account_upkeep.deactivate_user(SYSTEM, cast.editor.pk)],
    "account_upkeep.reactivate_user": [_close_and_open],
    "account_upkeep.edit_account": [
        lambda cast, _task: account_upkeep.edit_account(SYSTEM, cast.editor.pk, {"name": "Edgar"})
    ],
    "account_upkeep.change_rights": [
        lambda cast, _task: account_upkeep.change_rights(SYSTEM, cast.editor.pk, {"is_staff": True})
    ],
    "account_upkeep.set_password": [
        lambda cast, _task: account_upkeep.set_password(SYSTEM, cast.editor.pk, "another horse 9 battery")
    ],
    "account_upkeep.ensure_inbox": [_first_inbox],
    "account_upkeep.end_session_of": [
        lambda cast, _task: account_upkeep.end_session_of(SYSTEM, _login(cast.editor).pk)
    ],
    "account_upkeep.withdraw_token": [_withdraw_token],
    "letter_choices.unsubscribe": [
        lambda cast, _task: letter_choices.unsubscribe(actor_of(cast.editor), "task_commented"),
        lambda cast, _task: letter_choices.unsubscribe(actor_of(cast.editor), "gathered"),
        lambda cast, _task: letter_choices.unsubscribe(actor_of(cast.editor), "issues_assigned"),
    ],
    "sessions.open_session": [lambda cast, _task: _login(cast.editor)],
    "sessions.rotate_session": [_reuse],
    "sessions.end_session": [_log_out],
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
    "tasks.create_task": [
        lambda cast, _task: make_task(cast.editor, cast.project),
        lambda cast, _task: make_task(cast.editor, cast.project, status="done", assigned_to=cast.viewer.pk),
        lambda cast, _task: make_full_task(cast),
    ],
    "tasks.edit_task": [
        lambda cast, task: tasks.edit_task(actor_of(cast.editor), task.pk, {"title": "Ferns", "description": ""}),
        lambda cast, task: tasks.edit_task(actor_of(cast.editor), task.pk, {"priority": 1, "labels": ["weekly"]}),
        lambda cast, task: tasks.edit_task(actor_of(cast.editor), task.pk, {"labels": [], "parent_id": None}),
        lambda cast, task: tasks.edit_task(actor_of(cast.editor), task.pk, {"due_at": None, "status": "done"}),
        lambda cast, task: tasks.edit_task(
            actor_of(cast.editor), task.pk, {"due_at": datetime.fromisoformat("2027-01-01T01:02:03+05:30")}
        ),
        lambda cast, task: tasks.edit_task(actor_of(cast.editor), task.pk, {"assigned_to": cast.owner.pk}),
        lambda cast, task: tasks.edit_task(actor_of(cast.editor), task.pk, {"assigned_to": None}),
        _take_the_whole_away,
        lambda cast, task: tasks.edit_task(
            actor_of(cast.editor), task.pk, {"assignees": [cast.newcomer.pk, cast.owner.pk], "status": "review"}
        ),
    ],
    "task_moves.move_task": [
        lambda cast, task: task_moves.move_task(actor_of(cast.editor), task.pk, Place(before_id=task.parent_id)),
        lambda cast, task: task_moves.move_task(actor_of(cast.viewer), task.pk, Place(status="done")),
        _take_away,
    ],
    "bulk.run_bulk": [_many_at_once],
    "tasks.trash_task": [lambda cast, task: tasks.trash_task(actor_of(cast.editor), task.pk)],
    "task_assignment.assign_task": [
        lambda cast, task: task_assignment.assign_task(actor_of(cast.editor), task.pk, [cast.viewer.pk, cast.owner.pk]),
        lambda cast, task: task_assignment.assign_task(actor_of(cast.editor), task.pk, []),
    ],
    "task_status.change_status": [
        lambda cast, task: task_status.change_status(actor_of(cast.viewer), task.pk, "in_progress"),
        lambda cast, task: task_status.change_status(actor_of(cast.viewer), task.pk, "done"),
    ],
    "task_delegation.delegate_task": [
        _hand_on_twice,
        lambda cast, task: task_delegation.delegate_task(actor_of(cast.owner), task.pk, cast.editor.pk),
    ],
    "task_delegation.answer_delegation": [
        _answer("accepted"),
        _answer("declined"),
        _answer("returned"),
        _return_from_the_middle,
    ],
    "task_watching.watch_task": [lambda cast, task: task_watching.watch_task(actor_of(cast.editor), task.pk)],
    "task_watching.unwatch_task": [lambda cast, task: task_watching.unwatch_task(actor_of(cast.viewer), task.pk)],
    "report_subscriptions.subscribe_to_report": [
        lambda cast, task: report_subscriptions.subscribe_to_report(actor_of(cast.viewer), task.project_id)
    ],
    "report_subscriptions.unsubscribe_from_report": [_subscribe_and_unsubscribe],
    "comments.add_comment": [lambda cast, task: comments.add_comment(actor_of(cast.editor), task.pk, "Still.")],
    "comments.edit_comment": [
        lambda cast, task: comments.edit_comment(actor_of(cast.owner), _comment(task), "It leaks.")
    ],
    "shared_files.share_file": [_share],
    "shared_files.remove_shared_file": [
        lambda cast, task: shared_files.remove_shared_file(actor_of(cast.editor), _share(cast, task).pk)
    ],
    "task_handover.edit_or_hand_on": [
        lambda cast, task: task_handover.edit_or_hand_on(
            actor_of(cast.owner), task.pk, {"title": "Water them", "assigned_to": cast.owner.pk}
        ),
        _edit_and_hand_on,
    ],
    "attachments.add_attachment": [_attach],
    "attachments.remove_attachment": [
        lambda cast, task: attachments.remove_attachment(actor_of(cast.owner), _attach(cast, task).pk)
    ],
    "attachments.restore_attachment": [_attach_remove_and_restore],
    "avatars.change_profile_and_avatar": [
        lambda cast, _task: avatars.change_profile_and_avatar(actor_of(cast.editor), {}, BytesIO(picture()))
    ],
    "comments.restore_comment": [
        lambda cast, task: undo.undo_event(actor_of(cast.owner), _deleted_comment(cast, task)),
    ],
    "trash.restore_task": [
        lambda cast, task: trash.restore_task(
            actor_of(cast.editor), tasks.trash_task(actor_of(cast.editor), task.pk).pk
        ),
    ],
    "trash.restore_project": [
        lambda cast, task: trash.restore_project(
            actor_of(cast.owner), projects.trash_project(actor_of(cast.owner), task.project_id).pk
        ),
    ],
    "undo.undo_event": [lambda cast, task: undo.undo_event(actor_of(cast.editor), _status_change(cast, task))],
    "dialect_tokens.issue_dialect_token": [lambda cast, _task: _lasting_token(cast)],
    "dialect_tokens.revoke_dialect_token": [
        lambda cast, _task: dialect_tokens.revoke_dialect_token(actor_of(cast.editor), _lasting_token(cast))
    ],
    "account_upkeep.withdraw_dialect_token": [
        lambda cast, _task: account_upkeep.withdraw_dialect_token(SYSTEM, _lasting_token(cast))
    ],
    "shared_projects.project_for": [lambda _cast, _task: shared_projects.project_for(NOBODY, SHARED)],
    "old_system_files.import_files": [_bring_a_file],
    "old_system_import.import_old_system": [lambda _cast, _task: old_system_import.import_old_system(SYSTEM, OLD)],
    "comments.delete_comment": [lambda cast, task: comments.delete_comment(actor_of(cast.owner), _comment(task))],
}

CASES = [(name, number) for name, found in SCENARIOS.items() for number in range(len(found))]
