"""Who may do what: every cell of the table is stated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from baton.core.actor import SYSTEM, Actor
from baton.core.models import Assignment, Attachment, Comment, Delegation, Project, Role, Task, User
from baton.core.policies import projects, tasks, visibility, webhooks
from tests.factories import actor_of, add_member, make_project, make_task, make_user


@dataclass
class Scene:
    """A private project (or an open one) with a task and its comment, and people who stand to it in every way."""

    project: Project
    task: Task
    comment: Comment
    people: dict[str, Actor]

    def id_of(self, role: str) -> int:
        return self.people[role].user_id or 0

    @property
    def by_second(self) -> Comment:
        """A comment of the second assignee's."""
        return Comment(task=self.task, author_id=self.id_of("second"), text="mine")

    @property
    def file_of_second(self) -> Attachment:
        """A file of the second assignee's."""
        return Attachment(task=self.task, uploaded_by_id=self.id_of("second"))


ROLES = ("owner", "editor", "viewer", "lead", "second", "elsewhere", "outsider", "creator", "system")
"""`lead` and `second` are viewers who work on the task; `elsewhere` edits another project; `creator` created the task
and has no role any more. The comment is the editor's."""

Ask = Callable[[Actor, Scene], bool]
VERBS: dict[str, Ask] = {
    "see the project": lambda actor, scene: visibility.visible_projects(actor).filter(pk=scene.project.pk).exists(),
    "see the task": lambda actor, scene: visibility.visible_tasks(actor).filter(pk=scene.task.pk).exists(),
    "see the comment": lambda actor, scene: visibility.visible_comments(actor).filter(pk=scene.comment.pk).exists(),
    "be assigned": lambda actor, scene: visibility.users_who_see(scene.project).filter(pk=actor.user_id or 0).exists(),
    "create_project": lambda actor, _scene: projects.can_create_project(actor),
    "manage_project": lambda actor, scene: projects.can_manage_project(actor, scene.project),
    "trash_project": lambda actor, scene: projects.can_trash_project(actor, scene.project),
    "take others out": lambda actor, scene: projects.can_leave_project(actor, scene.project, 0),
    "export_project": lambda actor, scene: projects.can_export_project(actor, scene.project),
    "see_addresses": lambda actor, scene: projects.can_see_addresses(actor, scene.project),
    "import_into_project": lambda actor, scene: projects.can_import_into_project(actor, scene.project),
    "manage_webhooks": lambda actor, scene: webhooks.can_manage_webhooks(actor, scene.project),
    "create_task": lambda actor, scene: projects.can_create_task(actor, scene.project),
    "edit_task": lambda actor, scene: tasks.can_edit_task(actor, scene.task),
    "move_task": lambda actor, scene: tasks.can_move_task(actor, scene.task),
    "take_task_away": lambda actor, scene: tasks.can_take_task_away(actor, scene.task),
    "assign_task": lambda actor, scene: tasks.can_assign_task(actor, scene.task),
    "trash_task": lambda actor, scene: tasks.can_trash_task(actor, scene.task),
    "change_status": lambda actor, scene: tasks.can_change_status(actor, scene.task),
    "delegate_task": lambda actor, scene: tasks.can_delegate_task(actor, scene.task),
    "comment_on_task": lambda actor, scene: tasks.can_comment_on_task(actor, scene.task),
    "attach_to_task": lambda actor, scene: tasks.can_attach_to_task(actor, scene.task),
    "remove the second's": lambda actor, scene: tasks.can_remove_attachment(actor, scene.file_of_second),
    "edit the editor's": lambda actor, scene: tasks.can_edit_comment(actor, scene.comment),
    "delete the editor's": lambda actor, scene: tasks.can_delete_comment(actor, scene.comment),
    "edit the second's": lambda actor, scene: tasks.can_edit_comment(actor, scene.by_second),
    "delete the second's": lambda actor, scene: tasks.can_delete_comment(actor, scene.by_second),
}

PRIVATE = """
                      owner editor viewer lead second elsewhere outsider creator system
see the project         +     +      +     +     +        .        .        .      .
see the task            +     +      +     +     +        .        .        .      .
see the comment         +     +      +     +     +        .        .        .      .
be assigned             +     +      +     +     +        .        .        .      .
create_project          +     +      +     +     +        +        +        +      .
manage_project          +     .      .     .     .        .        .        .      .
trash_project           +     .      .     .     .        .        .        .      .
take others out         +     .      .     .     .        .        .        .      .
export_project          +     +      +     +     +        .        .        .      .
see_addresses           +     .      .     .     .        .        .        .      .
import_into_project     +     +      .     .     .        .        .        .      .
manage_webhooks         +     .      .     .     .        .        .        .      .
create_task             +     +      .     .     .        .        .        .      .
edit_task               +     +      .     .     .        .        .        .      .
move_task               +     +      .     +     +        .        .        .      .
take_task_away          +     +      .     .     .        .        .        .      .
assign_task             +     +      .     .     .        .        .        .      .
trash_task              +     +      .     .     .        .        .        .      .
change_status           +     +      .     +     +        .        .        .      .
delegate_task           +     +      .     +     .        .        .        .      .
comment_on_task         +     +      .     +     +        .        .        .      .
attach_to_task          +     +      .     +     +        .        .        .      .
remove the second's     +     .      .     .     +        .        .        .      .
edit the editor's       .     +      .     .     .        .        .        .      .
delete the editor's     +     +      .     .     .        .        .        .      .
edit the second's       .     .      .     .     +        .        .        .      .
delete the second's     +     .      .     .     +        .        .        .      .
"""
OPEN = """
                      owner editor viewer lead second elsewhere outsider creator system
see the project         +     +      +     +     +        +        +        +      +
see the task            +     +      +     +     +        +        +        +      +
see the comment         +     +      +     +     +        +        +        +      +
be assigned             +     +      +     +     +        +        +        +      .
create_project          +     +      +     +     +        +        +        +      .
manage_project          +     .      .     .     .        .        .        .      .
trash_project           +     .      .     .     .        .        .        .      .
take others out         +     .      .     .     .        .        .        .      .
export_project          +     +      +     +     +        .        .        .      .
see_addresses           +     .      .     .     .        .        .        .      .
import_into_project     +     +      .     .     .        +        +        +      .
manage_webhooks         +     .      .     .     .        .        .        .      .
create_task             +     +      .     .     .        +        +        +      .
edit_task               +     +      .     .     .        .        .        +      .
move_task               +     +      .     +     +        .        .        +      .
take_task_away          +     +      .     .     .        .        .        +      .
assign_task             +     +      .     .     .        .        .        +      .
trash_task              +     +      .     .     .        .        .        +      .
change_status           +     +      .     +     +        .        .        +      .
delegate_task           +     +      .     +     .        .        .        +      .
comment_on_task         +     +      .     +     +        +        +        +      .
attach_to_task          +     +      .     +     +        +        +        +      .
remove the second's     +     .      .     .     +        .        .        .      .
edit the editor's       .     +      .     .     .        .        .        .      .
delete the editor's     +     +      .     .     .        .        .        .      .
edit the second's       .     .      .     .     +        .        .        .      .
delete the second's     +     .      .     .     +        .        .        .      .
"""


def read_table(text: str) -> dict[tuple[str, str], bool]:
    heads, *lines = text.strip("\n").splitlines()
    assert heads.split() == list(ROLES)
    cells = {}
    for line in lines:
        verb, marks = line[:22].strip(), line[22:].split()
        for role, mark in zip(ROLES, marks, strict=True):
            cells[verb, role] = {"+": True, ".": False}[mark]
    assert {verb for verb, _ in cells} == VERBS.keys()
    return cells


def make_scene(project_visibility: str) -> Scene:
    users = {role: make_user() for role in ROLES if role != "system"}
    project = make_project(users["owner"], visibility=project_visibility)
    add_member(make_project(users["owner"]), users["elsewhere"], Role.EDITOR)
    add_member(project, users["editor"], Role.EDITOR)
    for role in ("viewer", "lead", "second"):
        add_member(project, users[role], Role.VIEWER)
    task = make_task(users["owner"], project, assignees=[users["lead"].pk, users["second"].pk])
    Task.objects.filter(pk=task.pk).update(created_by=users["creator"])
    task = Task.objects.select_related("project").get(pk=task.pk)
    comment = Comment.objects.create(task=task, author=users["editor"], text="Yes.", created_at=task.created_at)
    people = {role: actor_of(user) for role, user in users.items()}
    return Scene(project, task, comment, {**people, "system": SYSTEM})


@pytest.mark.django_db
@pytest.mark.parametrize("project_visibility,table", [("private", PRIVATE), ("open", OPEN)])
def test_every_cell(project_visibility: str, table: str) -> None:
    scene = make_scene(project_visibility)
    found = {(verb, role): ask(scene.people[role], scene) for verb, ask in VERBS.items() for role in ROLES}
    expected = read_table(table)
    assert {cell: answer for cell, answer in found.items() if answer != expected[cell]} == {}


@pytest.mark.django_db
def test_who_works_on_a_task_may_edit_it_where_the_project_has_it_so() -> None:
    scene = make_scene("private")
    scene.task.project.assignees_edit = True
    verbs = ("edit_task", "trash_task", "change_status", "assign_task", "take_task_away")
    allowed = {verb: {role for role in ROLES if VERBS[verb](scene.people[role], scene)} for verb in verbs}

    working = {"owner", "editor"}
    assert allowed["edit_task"] == allowed["trash_task"] == allowed["change_status"] == working | {"lead", "second"}
    assert allowed["assign_task"] == allowed["take_task_away"] == working


@pytest.mark.django_db
def test_who_works_on_a_task_does_not_move_it_along_where_its_creator_decides() -> None:
    scene = make_scene("open")
    scene.task.project.creators_decide = True
    verbs = ("change_status", "move_task", "edit_task", "comment_on_task")
    allowed = {verb: {role for role in ROLES if VERBS[verb](scene.people[role], scene)} for verb in verbs}

    assert allowed["change_status"] == allowed["move_task"] == allowed["edit_task"] == {"owner", "editor", "creator"}
    assert {"lead", "second"} < allowed["comment_on_task"]


def test_every_permission_is_in_the_table() -> None:
    named = {
        name.removeprefix("can_")
        for module in (projects, tasks, webhooks)
        for name in vars(module)
        if name.startswith("can_")
    }
    # Asked below, or under the words "edit the …'s" and "take others out".
    elsewhere = {"remove_attachment", "answer_delegation", "edit_comment", "delete_comment", "leave_project"}
    assert named == {verb for verb in VERBS if " " not in verb} | elsewhere


@pytest.mark.django_db
def test_only_its_receiver_answers_a_delegation() -> None:
    scene = make_scene("private")
    delegation = Delegation(task=scene.task, giver_id=scene.id_of("owner"), receiver_id=scene.id_of("lead"))
    answers = {role for role in ROLES if tasks.can_answer_delegation(scene.people[role], delegation)}
    assert answers == {"lead"}


@pytest.mark.django_db
@pytest.mark.parametrize("project_visibility", ["private", "open"])
def test_the_system_is_not_the_nobody_who_leads_a_free_task(project_visibility: str) -> None:
    scene = make_scene(project_visibility)
    Assignment.objects.all().delete()
    scene.task.lead, scene.task.assignees_count = None, 0
    rights = {verb for verb, ask in VERBS.items() if not verb.startswith("see ") and ask(SYSTEM, scene)}
    assert rights == set()


@pytest.mark.django_db
def test_everybody_may_leave() -> None:
    scene = make_scene("private")
    for role in ("owner", "editor", "viewer"):
        actor = scene.people[role]
        assert projects.can_leave_project(actor, scene.project, actor.user_id or 0)


@pytest.mark.django_db
def test_nobody_loses_their_inbox() -> None:
    user = make_user()
    inbox = Project.objects.get(owner=user, is_inbox=True)
    assert not projects.can_trash_project(actor_of(user), inbox)
    assert projects.can_create_task(actor_of(user), inbox)


@pytest.mark.django_db
@pytest.mark.parametrize("project_visibility", ["private", "open"])
def test_the_deactivated_can_not_be_assigned(project_visibility: str) -> None:
    scene = make_scene(project_visibility)
    User.objects.filter(pk=scene.id_of("editor")).update(is_active=False)
    assert not VERBS["be assigned"](scene.people["editor"], scene)


@pytest.mark.django_db
@pytest.mark.parametrize("trashed", ["task", "project"])
@pytest.mark.parametrize("project_visibility", ["private", "open"])
def test_nobody_sees_what_is_in_the_trash(project_visibility: str, trashed: str) -> None:
    scene = make_scene(project_visibility)
    thing = scene.task if trashed == "task" else scene.project
    type(thing).objects.filter(pk=thing.pk).update(trashed_at=scene.task.created_at)
    for verb in ("see the task", "see the comment"):
        assert not any(VERBS[verb](actor, scene) for actor in scene.people.values())
    assert VERBS["see the project"](scene.people["viewer"], scene) == (trashed == "task")


@pytest.mark.django_db
def test_a_delegation_is_seen_with_its_task() -> None:
    scene = make_scene("private")
    delegation = Delegation.objects.create(
        task=scene.task,
        giver_id=scene.id_of("owner"),
        receiver_id=scene.id_of("outsider"),
        created_at=scene.task.created_at,
    )
    seen = {
        role for role in ROLES if visibility.visible_delegations(scene.people[role]).filter(pk=delegation.pk).exists()
    }
    assert seen == {"owner", "editor", "viewer", "lead", "second"}
