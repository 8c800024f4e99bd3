"""What can be asked of the server, as calls; each is named as in the OpenAPI document (`operationId`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, TypedDict

from baton.client.calls import NOTHING, Call, call
from baton.client.shapes import Comment, Delegation, Event, EventPage, Member, Page, Profile, Project, Task, Tokens

LARGEST_PAGE = 200


class TaskFilters(TypedDict, total=False):
    """What a list of tasks is narrowed by. People are ids, `"me"` or `"none"`."""

    key: str
    project: int
    status: str | list[str]
    priority: str | list[str]
    assigned_to: int | str
    created_by: int | str
    waiting_for: str
    delegated: bool
    label: str
    parent: int
    due_before: datetime
    due_after: datetime
    overdue: bool
    updated_after: datetime
    search: str
    ordering: str


class TaskFields(TypedDict, total=False):
    """What may be said of a task beside its title and project."""

    description: str
    status: str
    priority: str
    assigned_to: int | None
    assignees: list[int]
    parent: int | None
    labels: list[str]
    due_date: datetime | None


class TaskChanges(TaskFields, total=False):
    """What may be changed of a task; None clears."""

    title: str
    project: int


class ProjectFields(TypedDict, total=False):
    """What may be said of a project beside its name."""

    key: str
    description: str
    visibility: str


def log_in(login: str, password: str) -> Call[Tokens]:
    """Log in with a username or an e-mail address."""
    body = {"username": login, "password": password}
    return call("POST", "/api/auth/login/", Tokens, body=body, is_anonymous=True)


def refresh(token: str) -> Call[Tokens]:
    """Buy the next pair of tokens."""
    return call("POST", "/api/auth/refresh/", Tokens, body={"refresh": token}, is_anonymous=True)


def log_out(token: str) -> Call[None]:
    """End the session of a refresh token."""
    return call("POST", "/api/auth/logout/", NOTHING, body={"refresh": token}, is_anonymous=True)


def get_profile() -> Call[Profile]:
    """Ask who asks."""
    return call("GET", "/api/auth/profile/", Profile)


def list_projects(ordering: str | None = None, page_size: int | None = None) -> Call[Page[Project]]:
    """List the projects one sees."""
    return call("GET", "/api/projects/", Page[Project], query={"ordering": ordering, "page_size": page_size})


def get_project(project_id: int) -> Call[Project]:
    """Ask for a project."""
    return call("GET", f"/api/projects/{project_id}/", Project)


def create_project(name: str, fields: ProjectFields) -> Call[Project]:
    """Make a project; the caller owns it."""
    return call("POST", "/api/projects/", Project, body={"name": name, **fields})


def list_members(project_id: int) -> Call[Page[Member]]:
    """List who belongs to a project."""
    path = f"/api/projects/{project_id}/members/"
    return call("GET", path, Page[Member], query={"page_size": LARGEST_PAGE})


def add_member(project_id: int, username: str, role: str | None) -> Call[None]:
    """Add a member, or give one another role."""
    body = {"username": username, **({"role": role} if role else {})}
    return call("POST", f"/api/projects/{project_id}/members/", NOTHING, body=body)


def list_tasks(filters: TaskFilters, page_size: int | None = None) -> Call[Page[Task]]:
    """List the tasks one sees."""
    return call("GET", "/api/tasks/", Page[Task], query={**filters, "page_size": page_size})  # type: ignore[dict-item]  # TaskFilters holds query values


def get_task(task_id: int) -> Call[Task]:
    """Ask for a task."""
    return call("GET", f"/api/tasks/{task_id}/", Task)


def create_task(project: int, title: str, fields: TaskFields) -> Call[Task]:
    """Create a task."""
    return call("POST", "/api/tasks/", Task, body={"project": project, "title": title, **fields})


def edit_task(task_id: int, changes: TaskChanges, version: int | None) -> Call[Task]:
    """Change what is given."""
    return call("PATCH", f"/api/tasks/{task_id}/", Task, body=changes, version=version)


def change_status(task_id: int, status: str, version: int | None) -> Call[Task]:
    """Move a task along."""
    return call("PATCH", f"/api/tasks/{task_id}/status/", Task, body={"status": status}, version=version)


def assign_task(task_id: int, people: Collection[int], version: int | None) -> Call[Task]:
    """Have exactly these people work on a task."""
    body = {"assignees": list(people)}
    return call("PATCH", f"/api/tasks/{task_id}/assign/", Task, body=body, version=version)


def trash_task(task_id: int, version: int | None) -> Call[None]:
    """Put a task into the trash."""
    return call("DELETE", f"/api/tasks/{task_id}/", NOTHING, version=version)


def list_comments(task_id: int, page_size: int | None = None) -> Call[Page[Comment]]:
    """List a task's comments, oldest first."""
    return call("GET", f"/api/tasks/{task_id}/comments/", Page[Comment], query={"page_size": page_size})


def add_comment(task_id: int, text: str) -> Call[Comment]:
    """Comment on a task."""
    return call("POST", f"/api/tasks/{task_id}/comments/", Comment, body={"text": text})


def list_history(task_id: int, page_size: int | None = None) -> Call[Page[Event]]:
    """List what happened to a task."""
    return call("GET", f"/api/tasks/{task_id}/history/", Page[Event], query={"page_size": page_size})


def list_delegations(task_id: int) -> Call[Page[Delegation]]:
    """List whom a task was handed to, oldest first."""
    return call("GET", f"/api/tasks/{task_id}/delegations/", Page[Delegation])


def delegate_task(task_id: int, to: int, note: str) -> Call[Delegation]:
    """Hand a task on."""
    return call("POST", f"/api/tasks/{task_id}/delegations/", Delegation, body={"to": to, "note": note})


def answer_delegation(delegation_id: int, state: str, note: str) -> Call[Delegation]:
    """Accept, decline or return what was handed on."""
    body = {"state": state, "note": note}
    return call("PATCH", f"/api/delegations/{delegation_id}/", Delegation, body=body)


def poll_events(after: str | None, project: int | None, page_size: int | None, wait: int | None) -> Call[EventPage]:
    """Ask for the events behind a cursor; `wait` seconds for the next where there is none."""
    query = {"after": after, "project": project, "page_size": page_size, "wait": wait}
    return call("GET", "/api/events/", EventPage, query=query)


def anything(
    method: str,
    path: str,
    query: Mapping[str, Any] | None,
    body: object,
    version: int | str | None,
    idempotency_key: str | None,
) -> Call[Any]:
    """Ask for anything below `/api/`; the answer is JSON as it comes."""
    return call(method.upper(), path, object, query=query, body=body, version=version, idempotency_key=idempotency_key)
