"""The people of the tests, each with a stated role in the one project they share."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from baton.core.models import Project, Role, User
from tests.factories import add_member, make_project, make_user


@dataclass(frozen=True)
class Cast:
    """Four people and a project; the outsider belongs to none of it, the newcomer is an editor without e-mail."""

    owner: User
    editor: User
    viewer: User
    outsider: User
    newcomer: User
    project: Project


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the people, new for each test."""
    owner, editor, viewer = make_user("olga"), make_user("edgar"), make_user("vera")
    outsider, newcomer = make_user("otto"), make_user("nina", email=None)
    project = make_project(owner)
    add_member(project, editor, Role.EDITOR)
    add_member(project, viewer, Role.VIEWER)
    add_member(project, newcomer, Role.EDITOR)
    return Cast(owner, editor, viewer, outsider, newcomer, project)
