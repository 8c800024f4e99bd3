"""Plain functions that make what a test needs, through the commands that people use."""

from __future__ import annotations

from itertools import count
from typing import Any

from baton.core.actor import Actor
from baton.core.commands.accounts import register_user
from baton.core.commands.projects import create_project
from baton.core.commands.sessions import open_session
from baton.core.commands.task_creation import create_task
from baton.core.models import Member, Project, Role, Task, User
from baton.surfaces.wire.credentials import AUDIENCE, REFRESH_LIFETIME, token_pair

PASSWORD = "correct horse battery"
NOBODY = Actor(None)

_numbers = count(1)


def make_user(username: str | None = None, **fields: Any) -> User:
    """Return a new account, with an inbox, that logs in with PASSWORD."""
    name = username or f"user{next(_numbers)}"
    profile: Any = {"username": name, "email": f"{name}@example.org", **fields}
    return register_user(NOBODY, PASSWORD, profile)


def make_user_with(username: str, password: str, **fields: Any) -> User:
    """Return a new account of any name and password, as a dialect might open it."""
    return register_user(NOBODY, password, {"username": username, **fields}, lenient_password=True, any_username=True)  # type: ignore[typeddict-item]


def actor_of(user: User) -> Actor:
    """Return the user as an actor whose credential has been looked up."""
    return Actor(user.pk, is_live=True)


def make_project(owner: User, name: str = "Operations", **fields: Any) -> Project:
    """Return a new project of the owner's."""
    values: Any = {"name": name, **fields}
    return create_project(actor_of(owner), values)


def add_member(project: Project, user: User, role: Role) -> None:
    """Make the user a member, without an event."""
    Member.objects.create(project=project, user=user, role=role)


def make_task(creator: User, project: Project, title: str = "Water the plants", **fields: Any) -> Task:
    """Return a new task in the project."""
    values: Any = {"title": title, **fields}
    return create_task(actor_of(creator), project.pk, values)


def bearer(user: User) -> dict[str, str]:
    """Return the header of a fresh session, for Django's test client: `client.get(path, **bearer(user))`."""
    session = open_session(NOBODY, user, AUDIENCE, REFRESH_LIFETIME)
    return {"HTTP_AUTHORIZATION": f"Bearer {token_pair(session, user)['access']}"}
