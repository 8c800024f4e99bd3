"""What is changed in the admin is changed by the commands: with history, and by the rules."""

from __future__ import annotations

import pytest
from django.urls import reverse

from baton.core.commands.comments import edit_comment
from baton.core.commands.tasks import edit_task
from baton.core.models import Comment, Event, Member, Project, Role, SharedFile, Task
from tests.cast import Cast
from tests.core.commands.scenarios import make_full_task
from tests.core.commands.test_share_file import share
from tests.factories import actor_of, make_task
from tests.surfaces.admin.world import make_root, sign_in, task_form
from tests.traces import last_event, nothing_changes, verbs_of


def test_a_task_is_changed_with_its_history(cast: Cast) -> None:
    task, root = make_full_task(cast), make_root(cast, role=Role.EDITOR)
    task.refresh_from_db()

    answer = sign_in(root).post(
        reverse("admin:core_task_change", args=[task.pk]), task_form(task, title="Ferns", labels="daily, garden, new")
    )

    assert answer.status_code == 302
    event = last_event(task)
    assert (event.verb, event.actor, event.surface) == ("task.edited", root, "admin")
    assert event.request_id
    assert event.changes["title"] == ["Water the plants", "Ferns"]
    assert set(event.changes) == {"title", "labels"}


def test_a_form_without_a_difference_changes_nothing(cast: Cast) -> None:
    task = make_full_task(cast)
    browser = sign_in(make_root(cast, role=Role.EDITOR))
    task.refresh_from_db()

    with nothing_changes():
        assert browser.post(reverse("admin:core_task_change", args=[task.pk]), task_form(task)).status_code == 302


def test_a_task_is_created_and_trashed_and_restored(cast: Cast) -> None:
    root = make_root(cast, role=Role.EDITOR)
    browser = sign_in(root)
    form = task_form(Task(project=cast.project, title="New", pk=0), labels="") | {"lead": cast.editor.pk}

    assert browser.post(reverse("admin:core_task_add"), form).status_code == 302
    task = Task.objects.get(title="New")
    assert (task.number, task.lead, task.created_by) == (1, cast.editor, root)
    assert browser.post(reverse("admin:core_task_delete", args=[task.pk]), {"post": "yes"}).status_code == 302
    browser.post(reverse("admin:core_task_changelist"), {"action": "restore", "_selected_action": task.pk})

    assert verbs_of(task) == ["task.created", "task.trashed", "task.restored"]
    assert set(Event.objects.filter(task=task).values_list("surface", flat=True)) == {"admin"}


def test_who_is_no_member_is_told_so_in_the_form(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    browser = sign_in(make_root(cast))

    with nothing_changes():
        answer = browser.post(reverse("admin:core_task_change", args=[task.pk]), task_form(task, title="Ferns"))

    assert answer.status_code == 200
    assert "no member of the project" in answer.text
    assert "Ferns" in answer.text


def test_a_refused_field_is_named(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    browser = sign_in(make_root(cast, role=Role.EDITOR))

    with nothing_changes():
        answer = browser.post(reverse("admin:core_task_change", args=[task.pk]), task_form(task, lead=cast.outsider.pk))

    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == ["lead"]


def test_a_change_in_between_is_not_overwritten(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    browser = sign_in(make_root(cast, role=Role.EDITOR))
    form = task_form(task, title="Mine")
    edit_task(actor_of(cast.owner), task.pk, {"title": "Theirs"})

    answer = browser.post(reverse("admin:core_task_change", args=[task.pk]), form)

    assert "has changed since you read it" in answer.text
    assert Task.objects.get(pk=task.pk).title == "Theirs"


@pytest.mark.parametrize("page", ["button", "action"])
def test_a_denied_deletion_is_a_message(cast: Cast, page: str) -> None:
    task = make_task(cast.owner, cast.project)
    browser = sign_in(make_root(cast, role=Role.VIEWER))

    with nothing_changes():
        if page == "button":
            answer = browser.post(reverse("admin:core_task_delete", args=[task.pk]), {"post": "yes"}, follow=True)
        else:
            chosen = {"action": "delete_selected", "_selected_action": task.pk, "post": "yes"}
            answer = browser.post(reverse("admin:core_task_changelist"), chosen, follow=True)

    assert answer.status_code == 200
    assert "You may not delete this task." in answer.text


def member_rows(project: Project, *rows: dict[str, object]) -> dict[str, object]:
    """Return what a browser sends from a project's page; the rows with an id come first."""
    form: dict[str, object] = {
        "name": project.name,
        "key": project.key,
        "description": project.description,
        "visibility": project.visibility,
        "members-TOTAL_FORMS": len(rows),
        "members-INITIAL_FORMS": len([row for row in rows if row["id"]]),
    }
    for number, row in enumerate(rows):
        form |= {f"members-{number}-{name}": value for name, value in row.items()}
        form[f"members-{number}-project"] = project.pk
    return form


def test_members_are_changed_on_their_projects_page(cast: Cast) -> None:
    root = make_root(cast, role=Role.OWNER)
    editor, viewer = (
        Member.objects.get(user=cast.editor, role="editor"),
        Member.objects.get(user=cast.viewer, role="viewer"),
    )
    form = member_rows(
        cast.project,
        {"id": editor.pk, "user": cast.editor.pk, "role": "viewer"},
        {"id": viewer.pk, "user": cast.viewer.pk, "role": "viewer", "DELETE": "on"},
        {"id": "", "user": cast.outsider.pk, "role": "editor"},
    )

    answer = sign_in(root).post(reverse("admin:core_project_change", args=[cast.project.pk]), form | {"name": "Garden"})

    assert answer.status_code == 302
    told = Event.objects.filter(project=cast.project, surface="admin", actor=root).order_by("id")
    assert [event.verb for event in told] == ["project.edited", "member.role_changed", "member.added", "member.removed"]
    assert dict(Member.objects.filter(project=cast.project).values_list("user__username", "role")) == {
        "olga": "owner",
        "root": "owner",
        "edgar": "viewer",
        "otto": "editor",
        "nina": "editor",
    }


def test_the_last_owner_stays(cast: Cast) -> None:
    browser = sign_in(make_root(cast))
    owner = Member.objects.get(project=cast.project, user=cast.owner)
    browser = sign_in(cast.owner)
    type(cast.owner).objects.filter(pk=cast.owner.pk).update(is_staff=True, is_superuser=True)

    with nothing_changes():
        answer = browser.post(reverse("admin:core_member_delete", args=[owner.pk]), {"post": "yes"}, follow=True)
        row = {"id": owner.pk, "user": cast.owner.pk, "role": "viewer"}
        page = browser.post(
            reverse("admin:core_project_change", args=[cast.project.pk]), member_rows(cast.project, row)
        )

    assert "A project needs an owner" in answer.text
    assert "A project needs an owner" in page.text


def test_projects_are_made_and_trashed(cast: Cast) -> None:
    root = make_root(cast)
    browser = sign_in(root)
    project = Project(name="Green house", key="", visibility="private")

    assert browser.post(reverse("admin:core_project_add"), member_rows(project)).status_code == 302
    made = Project.objects.get(name="Green house")
    assert (made.key, made.owner) == ("GH", root)
    assert browser.post(reverse("admin:core_project_delete", args=[made.pk]), {"post": "yes"}).status_code == 302

    assert list(Event.objects.filter(project=made).order_by("id").values_list("verb", flat=True)) == [
        "project.created",
        "project.trashed",
    ]


def test_only_authors_change_their_comments(cast: Cast) -> None:
    task = make_full_task(cast)
    comment = Comment.objects.get(task=task)
    browser = sign_in(make_root(cast, role=Role.OWNER))

    with nothing_changes():
        refused = browser.post(reverse("admin:core_comment_change", args=[comment.pk]), {"text": "Not mine."})
    assert refused.status_code == 200
    edit_comment(actor_of(cast.owner), comment.pk, "Mine.")
    browser.post(reverse("admin:core_comment_delete", args=[comment.pk]), {"post": "yes"})

    assert (last_event(task).verb, last_event(task).surface) == ("comment.deleted", "admin")


def test_a_shared_file_is_deleted_by_staff(cast: Cast) -> None:
    shared, root = share(cast.editor), make_root(cast)

    answer = sign_in(root).post(reverse("admin:core_sharedfile_delete", args=[shared.pk]), {"post": "yes"})

    assert answer.status_code == 302
    assert not SharedFile.objects.exists()
    event = Event.objects.get(verb="file.removed")
    assert (event.actor, event.user, event.surface) == (root, cast.editor, "admin")
