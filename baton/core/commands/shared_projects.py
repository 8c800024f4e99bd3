"""The open projects that dialects keep everybody's tasks in, made when they are first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.projects import KEY_TAKEN, ProjectFields, create_project
from baton.core.errors import Conflict, Invalid
from baton.core.events.facts.accounts import UserRegistered
from baton.core.events.record import record
from baton.core.models import Project, User
from baton.core.models.project import Visibility
from baton.core.queries.projects import find_project_id
from baton.lib.ids import new_uuid

KEEPER = UUID("ba70ba70-0000-4000-8000-000000000001")
"""The account that owns these projects, whatever it is called: closed, without a password, nobody to be assigned."""

KEEPER_NAME = "baton"


@dataclass(frozen=True)
class SharedProject:
    """A project for everybody. `uuid` tells it however it may be renamed; `key` is asked for, and may be taken."""

    uuid: UUID
    key: str
    name: str
    assignees_edit: bool = False
    unique_titles: bool = False
    creators_decide: bool = False


def project_for(actor: Actor, wanted: SharedProject, key: str = "") -> int:
    """Return the id of the project that the operator has named by its key, else of the shared one, made now if need be.

    `actor` tells only the way in. Raises Conflict where no project has the key.
    """
    if key:
        found = find_project_id(key=key)
        if found is None:
            raise Conflict(f"There is no project {key}, which the settings name for this.", code="no_project")
        return found
    return find_project_id(uuid=wanted.uuid) or _make(actor, wanted)


def _make(actor: Actor, wanted: SharedProject) -> int:
    try:
        with transaction.atomic():
            keeper = _keeper(actor)
            own = Actor(keeper.pk, surface=actor.surface, request_id=actor.request_id, is_live=True)
            return _create(own, wanted).pk
    except IntegrityError:
        # Two first requests at once: the other was faster.
        found = find_project_id(uuid=wanted.uuid)
        if found is None:
            raise
        return found


def _create(own: Actor, wanted: SharedProject) -> Project:
    fields: ProjectFields = {"name": wanted.name, "key": wanted.key, "visibility": Visibility.OPEN.value}
    fields["assignees_edit"], fields["unique_titles"] = wanted.assignees_edit, wanted.unique_titles
    fields["creators_decide"] = wanted.creators_decide
    try:
        return create_project(own, fields, uuid=wanted.uuid)
    except Invalid as refusal:
        if KEY_TAKEN not in refusal.errors:
            raise
    del fields["key"]
    return create_project(own, fields, uuid=wanted.uuid)


def _keeper(actor: Actor) -> User:
    """Return the account that owns shared projects. Somebody else may be called as it would be."""
    found = User.objects.filter(uuid=KEEPER).first()
    if found is not None:
        return found
    name = KEEPER_NAME
    while User.objects.filter(username_folded=name).exists():
        name = f"{KEEPER_NAME}-{new_uuid().hex[-6:]}"
    keeper = User(uuid=KEEPER, username=name, name="Baton", is_active=False)
    keeper.set_unusable_password()
    keeper.save()
    record(
        Actor(keeper.pk, surface=actor.surface, request_id=actor.request_id),
        UserRegistered(username=name),
        at=timezone.now(),
        user_id=keeper.pk,
    )
    return keeper
