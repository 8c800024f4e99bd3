"""Writing an archive's project into the database. The archive has been checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from baton.core.actor import Actor
from baton.core.commands.archive_files import Files
from baton.core.commands.archive_tasks import PlacedTasks
from baton.core.commands.import_report import Report
from baton.core.commands.members import add_member
from baton.core.commands.projects import ProjectFields, check_fields, create_project
from baton.core.commands.task_labels import by_folded_name, find_or_make_labels
from baton.core.events.facts.projects import ProjectImported
from baton.core.events.record import record
from baton.core.models import Member, Origin, Project, Role, User
from baton.core.queries import archive_shapes as shapes
from baton.core.queries.archive_people import PROJECT
from baton.lib.text import fold
from baton.lib.unit_of_work import unit_of_work

MOST_UNMATCHED_SHOWN = 200


def place_archive(actor: Actor, archive: shapes.Archive, files: Files, report: Report) -> Project:
    """Make the project with everything in it, and tell the report. Raises Invalid."""
    project = _make_project(actor, archive.project)
    people = _match(actor, archive.people)
    working = _add_members(actor, project, archive.project.members, people)
    placed = PlacedTasks(actor, project, files, working)
    _make_labels(project, archive, report)
    placed.place(archive.tasks)
    with unit_of_work():
        placed.tell(archive.tasks)
        placed.tell_history(archive.history)
    _tell_people(report, archive, people)
    report.created.projects = 1
    report.created.history = len(archive.history)
    placed.count(report.created)
    _finish(actor, project, archive, people, report)
    return project


def _make_project(actor: Actor, said: shapes.Project) -> Project:
    fields: ProjectFields = {"name": said.name, "description": said.description, "visibility": said.visibility}
    if not check_fields({"key": said.key}):
        fields["key"] = said.key
    project = create_project(actor, fields)
    project.created_at = said.created_at
    project.last_number = said.last_number
    project.save(update_fields=["created_at", "last_number"])
    return project


def _match(actor: Actor, people: Sequence[shapes.Person]) -> dict[str, int]:
    """Return the accounts of those whom the importer works with already, found by their e-mail addresses.

    Nobody else is looked for: an archive must not tell who has an account here, nor bring strangers into a project.
    """
    shared = Member.objects.filter(user=actor.person, project__trashed_at=None).values("project")
    known = User.objects.filter(memberships__project__in=shared, is_active=True, email_folded__isnull=False)
    accounts = dict(known.values_list("email_folded", "pk").distinct())
    found: dict[str, int] = {}
    for person in people:
        account = accounts.get(fold(person.email)) if person.email else None
        if account is not None and account not in found.values():
            found[person.ref] = account
    return found


def _add_members(
    actor: Actor, project: Project, members: Sequence[shapes.Member], people: dict[str, int]
) -> dict[str, int]:
    """Make members of those who are known here; return who can work on the tasks, by name."""
    working = {ref: user for ref, user in people.items() if user == actor.user_id}
    for member in members:
        user = people.get(member.person)
        if user is None or user in working.values():
            continue
        # To manage a project takes more than a stranger's archive that says so.
        role = Role.EDITOR if member.role == Role.OWNER else member.role
        add_member(actor, project.pk, user, role)
        working[member.person] = user
    return working


def _make_labels(project: Project, archive: shapes.Archive, report: Report) -> None:
    names = [*archive.project.labels, *(label for task in archive.tasks for label in task.labels)]
    report.created.labels = len(find_or_make_labels(project, by_folded_name(names)))


def _tell_people(report: Report, archive: shapes.Archive, people: dict[str, int]) -> None:
    report.people.matched = [person.ref for person in archive.people if person.ref in people]
    unmatched = [person.ref for person in archive.people if person.ref not in people]
    report.people.unmatched = unmatched[:MOST_UNMATCHED_SHOWN]
    if unmatched:
        report.notes.append(
            f"People who are not known here: {len(unmatched)}. What they worked on is assigned to nobody."
        )
    if any(task.delegations for task in archive.tasks):
        report.notes.append("Delegations are kept as history; nobody owes an answer here.")


def _finish(actor: Actor, project: Project, archive: shapes.Archive, people: dict[str, int], report: Report) -> None:
    project.refresh_from_db()
    created = report.created
    fact = ProjectImported(
        source=report.kind,
        tasks=created.tasks,
        comments=created.comments,
        attachments=created.attachments,
        history=created.history,
    )
    record(actor, fact, at=project.updated_at, project_id=project.pk)
    Origin.objects.create(kind=PROJECT, thing=project.pk, **_origin(project, archive, people))
    report.project_id, report.project_key = project.pk, project.key
    if project.key != archive.project.key:
        report.notes.append(f"The key {archive.project.key} is not free; the project is called {project.key}.")


def _origin(project: Project, archive: shapes.Archive, people: dict[str, int]) -> dict[str, Any]:
    said, rows = archive.project, Member.objects.filter(project=project).values_list("user_id", "role")
    return {
        "said": {
            "uuid": said.uuid,
            "key": said.key,
            "owner": said.owner,
            "updated_at": msgspec.to_builtins(said.updated_at),
            "members": msgspec.to_builtins(said.members),
            "people": msgspec.to_builtins(archive.people),
        },
        "placed": {
            "uuid": str(project.uuid),
            "key": project.key,
            "owner": project.owner_id,
            "updated_at": msgspec.to_builtins(project.updated_at),
            "members": sorted([user, role] for user, role in rows),
            "people": people,
        },
    }
