"""Writing a project down as an archive: a ZIP of `baton.json` and the files, the same bytes for the same content."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import IO
from zipfile import ZipFile

import msgspec

from baton.adapters import storage
from baton.core.actor import Actor
from baton.core.errors import Conflict, Denied, NotFound
from baton.core.models import Attachment, Label, Member, Origin, Project, Task
from baton.core.policies.projects import can_export_project, can_see_addresses
from baton.core.policies.visibility import visible_projects
from baton.core.queries import archive_shapes as shapes
from baton.core.queries.archive_history import history_of
from baton.core.queries.archive_people import PROJECT, People
from baton.core.queries.archive_tasks import as_said, tasks_of
from baton.lib.snapshot import one_state
from baton.lib.zip_archives import add_entry

_PIECE = 256 * 1024
_encode = msgspec.json.Encoder().encode


def get_exportable_project(actor: Actor, project_id: int) -> Project:
    """Return the project that the actor may export. Raises NotFound, Denied."""
    project = visible_projects(actor).filter(pk=project_id).first()
    if project is None:
        raise NotFound
    if not can_export_project(actor, project):
        raise Denied("Only members may export a project.")
    return project


def write_archive(actor: Actor, project_id: int, out: IO[bytes]) -> None:
    """Write the project's archive, as it is at one moment. Holds a few hundred tasks in memory at a time.

    Raises NotFound, Denied, and Conflict where the store has lost a file.
    """
    with ZipFile(out, "w") as archive:
        with one_state():
            project = get_exportable_project(actor, project_id)
            files = _files_of(project)
            with add_entry(archive, shapes.DOCUMENT, compressed=True) as document:
                for piece in _document(actor, project):
                    document.write(piece)
        # Files never change: they need no moment, and copying them may take long.
        for sha256 in sorted(files):
            _add_file(archive, sha256, files[sha256])


def _document(actor: Actor, project: Project) -> Iterator[bytes]:
    origin = Origin.objects.filter(kind=PROJECT, thing=project.pk).first()
    people = People(origin, with_addresses=can_see_addresses(actor, project))
    yield b'{"format":%b,"version":%d,"project":' % (_encode(shapes.FORMAT), shapes.VERSION)
    yield _encode(_project(project, origin, people))
    yield b',"tasks":['
    yield from _listed(tasks_of(project, people))
    yield b'],"history":['
    yield from _listed(history_of(project, people))
    yield b'],"people":['
    yield from _listed(iter(people.everybody()))
    yield b"]}\n"


def _listed(records: Iterator[shapes.Record]) -> Iterator[bytes]:
    for index, record in enumerate(records):
        yield b",\n" if index else b"\n"
        yield _encode(record)


def _project(project: Project, origin: Origin | None, people: People) -> shapes.Project:
    rows = list(Member.objects.filter(project=project).values_list("user_id", "role"))
    people.look_up([project.owner_id, *(user for user, _ in rows)])
    said = as_said(
        origin,
        {
            "uuid": str(project.uuid),
            "key": project.key,
            "updated_at": msgspec.to_builtins(project.updated_at),
            "owner": project.owner_id,
            "members": sorted([user, role] for user, role in rows),
        },
    )
    if "owner" not in said:
        said["owner"] = people.ref(project.owner_id)
    if "members" not in said:
        said["members"] = [{"person": people.ref(user), "role": role} for user, role in rows]
    members = [shapes.Member(person=people.name(row["person"]), role=row["role"]) for row in said["members"]]
    return shapes.Project(
        uuid=said.get("uuid", str(project.uuid)),
        key=said.get("key", project.key),
        name=project.name,
        description=project.description,
        visibility=project.visibility,
        owner=people.name(said["owner"]),
        last_number=project.last_number,
        created_at=project.created_at,
        updated_at=said.get("updated_at", project.updated_at),
        members=sorted(members, key=lambda member: member.person),
        labels=sorted(Label.objects.filter(project=project).values_list("name", flat=True)),
    )


def _files_of(project: Project) -> dict[str, str]:
    """Return where each content lies that the project's tasks hold."""
    tasks = Task.objects.filter(project=project, trashed_at=None)
    found = Attachment.objects.filter(task__in=tasks, trashed_at=None).order_by("-id")
    return dict(found.values_list("sha256", "path"))


def _add_file(archive: ZipFile, sha256: str, path: str) -> None:
    try:
        with (
            closing(storage.open_kept(path)) as kept,
            add_entry(archive, shapes.FILES + sha256, compressed=False) as out,
        ):
            while piece := kept.read(_PIECE):
                out.write(piece)
    except storage.Missing:
        raise Conflict("A file of the project is missing from the store.", code="file_missing") from None
