"""The client for asyncio does what the other does."""

from __future__ import annotations

import asyncio
import inspect
import json

import pytest

from baton.client import AsyncClient, Client, Invalid
from tests.architecture.tree import CHECKOUT
from tests.client.conftest import BRISK, Somebody

# What is no single operation of the API.
BESIDE = {"close", "follow", "request", "send"}


def methods(kind: type) -> dict[str, list[str]]:
    """Return the public methods with the names of their parameters."""
    found = inspect.getmembers(kind, inspect.isfunction)
    return {name: list(inspect.signature(each).parameters) for name, each in found if not name.startswith("_")}


def test_both_clients_can_do_the_same() -> None:
    assert methods(Client) == methods(AsyncClient)


def test_each_method_is_named_as_its_operation() -> None:
    document = json.loads((CHECKOUT / "docs" / "api" / "openapi.json").read_text(encoding="utf-8"))
    operations = {
        each["operationId"]
        for path in document["paths"].values()
        for each in path.values()
        if isinstance(each, dict) and "operationId" in each
    }

    assert set(methods(Client)) - BESIDE - operations == set()


def test_works_with_tasks(somebody: Somebody) -> None:
    async def work() -> None:
        async with AsyncClient(somebody.url, patience=BRISK) as client:
            await client.log_in(somebody.username, "a lantern in fog")
            project = await client.create_project("Harbour")
            tasks = await asyncio.gather(*(client.create_task(project.id, f"Buoy {number}") for number in range(5)))
            listed = [task.id async for task in client.list_tasks(project=project.id, page_size=2)]
            assert sorted(listed) == sorted(task.id for task in tasks)
            assert (await client.change_status(tasks[0].id, "done", version=tasks[0].version)).status == "done"
            await client.add_comment(tasks[0].id, "Painted.")
            assert [each.text async for each in client.list_comments(tasks[0].id)] == ["Painted."]
            with pytest.raises(Invalid):
                await client.create_task(project.id, "")
            await client.trash_task(tasks[1].id)
            assert (await client.request("GET", "/api/tasks/", query={"project": project.id, "count": True}))[
                "count"
            ] == 4

    asyncio.run(work())
