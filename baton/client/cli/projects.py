"""`baton project list`, `baton project add`."""

from __future__ import annotations

from typing import Annotated

import typer

from baton.client.cli.printing import print_json, print_table, say
from baton.client.cli.session import AsJson, open_client, read_text
from baton.client.requests import ProjectFields

app = typer.Typer(help="Projects.", no_args_is_help=True)


@app.command("list")
def list_projects(json: AsJson = False) -> None:
    """List the projects you see."""
    with open_client() as client:
        projects = list(client.list_projects(ordering="key", page_size=200))
    if json:
        print_json(projects)
        return
    rows = [(each.key, each.name, each.visibility, each.owner.username, str(each.tasks_count)) for each in projects]
    print_table(("key", "name", "visibility", "owner", "tasks"), rows)


@app.command("add")
def add_project(
    name: str,
    key: Annotated[str, typer.Option(help="What its tasks are called by: OPS for OPS-7.")] = "",
    description: Annotated[str, typer.Option(help="What it is about; - reads stdin.")] = "",
    is_open: Annotated[bool, typer.Option("--open", help="Every account may use it.")] = False,
    json: AsJson = False,
) -> None:
    """Make a project of your own."""
    fields: ProjectFields = {"description": read_text(description), "visibility": "open" if is_open else "private"}
    if key:
        fields["key"] = key
    with open_client() as client:
        project = client.create_project(name, **fields)
    if json:
        print_json(project)
    else:
        say(f"Made {project.key} {project.name}.", "green")
