"""Finding what people name: a task by OPS-7, a project by OPS, somebody by their username."""

from __future__ import annotations

from baton.client.blocking import Client
from baton.client.cli.refusals import Mistake
from baton.client.shapes import Project, Task


def find_task(client: Client, reference: str) -> Task:
    """Return the task of a key or an id. Raises Mistake where there is none, or one may not see it."""
    if reference.isascii() and reference.isdigit():
        return client.get_task(int(reference))
    task = next(client.list_tasks(key=reference, page_size=1), None)
    if task is None:
        raise Mistake(f"There is no task {reference}, or you may not see it.")
    return task


def find_project(client: Client, reference: str) -> Project:
    """Return the project of a key or an id. Raises Mistake."""
    if reference.isascii() and reference.isdigit():
        return client.get_project(int(reference))
    for project in client.list_projects(page_size=200):
        if project.key == reference.upper():
            return project
    raise Mistake(f"There is no project {reference}, or you may not see it.")


def find_person(client: Client, reference: str, project_id: int) -> int:
    """Return the id of `me`, of an id, or of a member's username. Raises Mistake."""
    if reference.isascii() and reference.isdigit():
        return int(reference)
    if reference == "me":
        return client.get_profile().id
    for member in client.list_members(project_id):
        if member.username.casefold() == reference.casefold():
            return member.id
    raise Mistake(f"No member of the task's project is called {reference}.")
