"""`baton task list|add|show|done|assign|delegate|comment`."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Annotated, cast

import typer

from baton.client.cli.printing import print_json, print_table, say
from baton.client.cli.references import find_person, find_project, find_task
from baton.client.cli.session import AsJson, open_client, read_text
from baton.client.cli.task_card import print_task
from baton.client.requests import TaskFields, TaskFilters
from baton.client.shapes import Task

app = typer.Typer(help="Tasks, by key (OPS-7) or id.", no_args_is_help=True)

TaskName = Annotated[str, typer.Argument(metavar="TASK", help="A key such as OPS-7, or an id.")]
Person = Annotated[str, typer.Argument(metavar="PERSON", help="A member's username, me, or an id.")]
DUE = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
HEADINGS = ("key", "status", "priority", "assigned to", "due", "title")


@app.command("list")
def list_tasks(
    project: Annotated[str, typer.Option("--project", "-p", help="Of this project (key or id).")] = "",
    status: Annotated[
        list[str] | None, typer.Option(help="todo, planned, in_progress, review, done; repeatable.")
    ] = None,
    priority: Annotated[list[str] | None, typer.Option(help="low, medium, high; repeatable.")] = None,
    assigned_to: Annotated[str, typer.Option(help="An id, me or none.")] = "",
    mine: Annotated[bool, typer.Option("--mine", help="Those assigned to you.")] = False,
    waiting: Annotated[bool, typer.Option("--waiting", help="Those you have handed on.")] = False,
    label: Annotated[str, typer.Option(help="With this label.")] = "",
    search: Annotated[str, typer.Option(help="With these words.")] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="Past their due date and not done.")] = False,
    order: Annotated[
        str, typer.Option(help="created_at, updated_at, due_date, priority, rank, title; - turns it.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    json: AsJson = False,
) -> None:
    """List the tasks you see, the newest first."""
    if mine and assigned_to:
        raise typer.BadParameter("--mine and --assigned-to say two things.")
    asked = {
        "status": status,
        "priority": priority,
        "assigned_to": "me" if mine else assigned_to,
        "waiting_for": "me" if waiting else "",
        "label": label,
        "search": search,
        "overdue": overdue,
        "ordering": order,
    }
    filters = cast(TaskFilters, {name: value for name, value in asked.items() if value})
    with open_client() as client:
        if project:
            filters["project"] = find_project(client, project).id
        tasks = list(islice(client.list_tasks(page_size=min(limit, 200), **filters), limit))
    if json:
        print_json(tasks)
    else:
        print_table(HEADINGS, [_row(task) for task in tasks])


@app.command("add")
def add_task(
    title: str,
    project: Annotated[str, typer.Option("--project", "-p", help="The project (key or id).")],
    description: Annotated[str, typer.Option("--description", "-d", help="More about it; - reads stdin.")] = "",
    priority: Annotated[str, typer.Option(help="low, medium or high.")] = "",
    assign: Annotated[list[str] | None, typer.Option(help="A member's username, me, or an id; repeatable.")] = None,
    label: Annotated[list[str] | None, typer.Option(help="A label; repeatable.")] = None,
    due: Annotated[datetime | None, typer.Option(formats=DUE, help="A day, or a day and a time of your clock.")] = None,
    json: AsJson = False,
) -> None:
    """Create a task."""
    with open_client() as client:
        project_id = find_project(client, project).id
        fields = TaskFields()
        if description:
            fields["description"] = read_text(description)
        if priority:
            fields["priority"] = priority
        if assign:
            fields["assignees"] = [find_person(client, each, project_id) for each in assign]
        if label:
            fields["labels"] = label
        if due:
            fields["due_date"] = due.astimezone()
        task = client.create_task(project_id, title, **fields)
    _report(task, f"Created {task.key} {task.title}.", as_json=json)


@app.command("show")
def show_task(name: TaskName, json: AsJson = False) -> None:
    """Show a task with its comments."""
    with open_client() as client:
        task = find_task(client, name)
        comments = list(client.list_comments(task.id, page_size=200))
    if json:
        print_json({"task": task, "comments": comments})
    else:
        print_task(task, comments)


@app.command("done")
def finish_tasks(
    names: Annotated[list[str], typer.Argument(metavar="TASK...", help="Keys or ids.")], json: AsJson = False
) -> None:
    """Mark tasks as done. The first that is refused ends it; those before stay done."""
    finished = []
    with open_client() as client:
        for name in names:
            finished.append(client.change_status(find_task(client, name).id, "done"))
            if not json:
                say(f"{finished[-1].key} is done.", "green")
    if json:
        print_json(finished)


@app.command("assign")
def assign_task(
    name: TaskName,
    people: Annotated[
        list[str] | None, typer.Argument(metavar="PERSON...", help="The first leads; none: nobody.")
    ] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="Take everybody off it.")] = False,
    json: AsJson = False,
) -> None:
    """Have exactly these people work on a task."""
    if bool(people) == nobody:
        raise typer.BadParameter("Name people, or say --nobody.")
    with open_client() as client:
        task = find_task(client, name)
        ids = [find_person(client, each, task.project) for each in people or []]
        task = client.assign_task(task.id, ids)
    who = ", ".join(each.username for each in task.assignees) or "nobody"
    _report(task, f"{task.key} is assigned to {who}.", as_json=json)


@app.command("delegate")
def delegate_task(
    name: TaskName,
    person: Person,
    note: Annotated[str, typer.Option(help="A word to them; - reads stdin.")] = "",
    json: AsJson = False,
) -> None:
    """Hand a task on to somebody, who may accept or decline."""
    with open_client() as client:
        task = find_task(client, name)
        delegation = client.delegate_task(task.id, find_person(client, person, task.project), note=read_text(note))
    if json:
        print_json(delegation)
    else:
        say(f"{task.key} is handed on to {delegation.to.username}.", "green")


@app.command("comment")
def add_comment(
    name: TaskName, text: Annotated[str, typer.Argument(help="What to say; - reads stdin.")], json: AsJson = False
) -> None:
    """Comment on a task."""
    with open_client() as client:
        task = find_task(client, name)
        comment = client.add_comment(task.id, read_text(text))
    if json:
        print_json(comment)
    else:
        say(f"Commented on {task.key}.", "green")


def _row(task: Task) -> tuple[str, ...]:
    lead = task.assigned_to.username if task.assigned_to else ""
    others = len(task.assignees) - 1
    who = f"{lead} +{others}" if others > 0 else lead
    due = task.due_date.astimezone().date().isoformat() if task.due_date else ""
    return (task.key, task.status, task.priority, who, due, task.title)


def _report(task: Task, line: str, *, as_json: bool) -> None:
    if as_json:
        print_json(task)
    else:
        say(line, "green")
