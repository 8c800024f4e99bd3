"""Making, editing and trashing projects."""

from __future__ import annotations

import re
from itertools import count
from typing import TypedDict
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.access import check_version, lock_project, require
from baton.core.commands.checks import check_choice, check_line, check_text, refuse
from baton.core.commands.task_release import release_tasks
from baton.core.commands.task_titles import tell_titles_apart
from baton.core.errors import FieldError, Invalid
from baton.core.events.facts.projects import ProjectCreated, ProjectEdited, ProjectTrashed
from baton.core.events.record import record
from baton.core.models import Member, Project, Role
from baton.core.models.project import Visibility
from baton.core.policies.projects import can_create_project, can_manage_project, can_trash_project
from baton.lib.ids import new_uuid

NAME_LENGTH = 200
KEY = r"[A-Z][A-Z0-9]{0,9}"
_INBOX_KEY = re.compile(r"IN\d+")
_KEY_TRIES = 20


RULES = ("assignees_edit", "unique_titles", "creators_decide")
KEY_TAKEN = FieldError("/key", "taken", "Another project has this key.")


class ProjectFields(TypedDict, total=False):
    """What can be said of a project; what is absent stays as it is, or gets its default on a new one."""

    name: str
    description: str
    key: str
    visibility: str
    assignees_edit: bool
    unique_titles: bool
    creators_decide: bool


def create_project(actor: Actor, fields: ProjectFields, *, is_inbox: bool = False, uuid: UUID | None = None) -> Project:
    """Make a project that the actor owns; without a key it gets one from its name, without a `uuid` a new one.

    Raises Invalid, Denied.
    """
    require(can_create_project(actor), "This token is for one project.")
    refuse(check_fields({"name": "", **fields}))
    for _ in range(_KEY_TRIES):
        try:
            with transaction.atomic():
                return _insert(actor, actor.person, fields, is_inbox=is_inbox, uuid=uuid)
        except IntegrityError:
            if uuid is not None and Project.objects.filter(uuid=uuid).exists():
                raise
            if "key" in fields:
                raise Invalid(errors=[KEY_TAKEN]) from None
            if is_inbox:
                raise
            # Somebody took the free key between our look and our insert: look again.
    raise Invalid.field("/key", "taken", "No free key was found for this name; give one.")


def edit_project(
    actor: Actor, project_id: int, fields: ProjectFields, *, expected_version: int | None = None
) -> Project:
    """Change what `fields` says. Whoever stops seeing the project stops working on its tasks.

    Raises NotFound, Denied, Stale, Invalid.
    """
    try:
        return _edit(actor, project_id, fields, expected_version)
    except IntegrityError as race:
        # Somebody took the key between our look and our write.
        raise Invalid(errors=[KEY_TAKEN]) from race


def _edit(actor: Actor, project_id: int, fields: ProjectFields, expected_version: int | None) -> Project:
    with transaction.atomic():
        project = lock_project(actor, project_id)
        require(can_manage_project(actor, project), "Only an owner may change a project.")
        check_version(project, expected_version)
        refuse(check_fields(fields, project))
        changes = {}
        for field, new in fields.items():
            old = getattr(project, field)
            if old != new:
                setattr(project, field, new)
                changes[field] = (old, new)
        if not changes:
            return project
        project.version += 1
        project.updated_at = timezone.now()
        project.save(update_fields=[*changes, "version", "updated_at"])
        record(actor, ProjectEdited(), at=project.updated_at, project_id=project.pk, changes=changes)
        if "visibility" in changes:
            release_tasks(actor, project)
        if "unique_titles" in changes:
            tell_titles_apart(project)
        return project


def trash_project(actor: Actor, project_id: int, *, expected_version: int | None = None) -> Project:
    """Put the project with all its tasks into the trash. Raises NotFound, Denied, Stale."""
    with transaction.atomic():
        project = lock_project(actor, project_id)
        require(can_trash_project(actor, project), "Only an owner may delete a project, and nobody an inbox.")
        check_version(project, expected_version)
        project.trashed_at = project.updated_at = timezone.now()
        project.version += 1
        project.save(update_fields=["trashed_at", "updated_at", "version"])
        record(actor, ProjectTrashed(), at=project.trashed_at, project_id=project.pk)
        return project


def check_fields(fields: ProjectFields, project: Project | None = None) -> list[FieldError]:
    """Check a new project's fields, or those an existing one shall get."""
    errors = []
    if "name" in fields:
        errors += check_line("/name", fields["name"], NAME_LENGTH)
    if "description" in fields:
        errors += check_text("/description", fields["description"])
    if "visibility" in fields:
        errors += check_choice("/visibility", fields["visibility"], Visibility.values)
        if project and project.is_inbox and fields["visibility"] != Visibility.PRIVATE:
            errors.append(FieldError("/visibility", "inbox", "An inbox stays private."))
    if "key" in fields:
        errors += _check_key(fields["key"], project)
    return errors


def _check_key(key: str, project: Project | None) -> list[FieldError]:
    if project and key == project.key:
        return []  # also an inbox's, which nobody else may choose
    if not re.fullmatch(KEY, key):
        return [FieldError("/key", "invalid", "A key is 1 to 10 capital letters and digits and begins with a letter.")]
    if _INBOX_KEY.fullmatch(key):
        return [FieldError("/key", "reserved", "Keys like this one belong to inboxes.")]
    if Project.objects.filter(key=key).exclude(pk=project.pk if project else 0).exists():
        return [KEY_TAKEN]
    return []


def _insert(actor: Actor, owner_id: int, fields: ProjectFields, *, is_inbox: bool, uuid: UUID | None = None) -> Project:
    now = timezone.now()
    rules = {rule: fields.get(rule, False) for rule in RULES}
    project = Project.objects.create(
        uuid=uuid or new_uuid(),
        **rules,
        key=f"IN{owner_id}" if is_inbox else fields.get("key") or _free_key(fields["name"]),
        name=fields["name"],
        description=fields.get("description", ""),
        visibility=fields.get("visibility", Visibility.PRIVATE),
        is_inbox=is_inbox,
        owner_id=owner_id,
        created_at=now,
        updated_at=now,
    )
    Member.objects.create(project=project, user_id=owner_id, role=Role.OWNER)
    changes = {field: (None, getattr(project, field)) for field in ("key", "name", "description", "visibility")}
    changes |= {rule: (None, True) for rule, holds in rules.items() if holds}
    record(
        actor, ProjectCreated(), at=now, project_id=project.pk, changes={**changes, "owner": (None, project.owner_id)}
    )
    return project


def _free_key(name: str) -> str:
    """Return a key that nobody has: the initials of the name, or the first letters of its only word."""
    words = re.findall(r"[A-Z0-9]+", name.upper())
    stem = "".join(word[0] for word in words) if len(words) > 1 else "".join(words)
    stem = stem.lstrip("0123456789")[:4] or "P"
    stem = "INX" if re.fullmatch(r"IN\d*", stem) else stem  # `IN` and a number are an inbox's
    taken = set(Project.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return next(key for number in count(1) if (key := stem if number == 1 else f"{stem}{number}") not in taken)
