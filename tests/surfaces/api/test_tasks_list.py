"""The list of tasks: every filter, every ordering, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from baton.core.commands.task_delegation import answer_delegation, delegate_task
from baton.core.models import Status, Task
from baton.reactions.search_index import index_tasks
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task

NOW = timezone.now()
HOUR = timedelta(hours=1)


@pytest.fixture
def shelf(cast: Cast) -> dict[str, Task]:
    """Tasks that differ in what can be filtered by, by name."""

    def make(title: str, **fields: Any) -> Task:
        return make_task(fields.pop("by", cast.owner), cast.project, title, **fields)

    tasks = {
        "plain": make("Plain"),
        "done late": make("Done late", status="done", due_at=NOW - HOUR),
        "late": make("Late", due_at=NOW - HOUR, priority=3),
        "soon": make("Soon", due_at=NOW + HOUR, labels=["Garden"]),
        "edgar's": make("Edgar's", assignees=[cast.editor.pk, cast.viewer.pk], status="review", by=cast.editor),
        "vera's": make("Vera's", assigned_to=cast.viewer.pk, priority=1, description="Полить 100% цветов"),
    }
    tasks["part"] = make("Part", parent_id=tasks["plain"].pk)
    index_tasks(task.pk for task in tasks.values())
    given = make("Given", assigned_to=cast.owner.pk)
    delegate_task(actor_of(cast.owner), given.pk, cast.editor.pk)
    return tasks | {"given": given}


@pytest.fixture
def listed(cast: Cast, shelf: dict[str, Task]) -> Callable[..., set[str]]:
    """List by a query string and return the names of what came."""
    owner = Caller(cast.owner)
    names = {task.pk: name for name, task in shelf.items()}

    def by(query: str, caller: Caller = owner) -> set[str]:
        answer = caller.get(f"/api/tasks/?count=true&{query}")
        assert answer.status == 200, answer.body
        assert answer.body["count"] == len(answer.body["results"])
        return {names[task["id"]] for task in answer.body["results"]}

    return by


def test_filters_by_one_thing(cast: Cast, shelf: dict[str, Task], listed: Callable[..., set[str]]) -> None:
    everything = set(shelf)
    late = {"late", "done late"}
    assert listed("") == everything
    assert listed(f"project={cast.project.pk}") == everything
    assert listed(f"key={cast.project.key}-{shelf['late'].number}") == {"late"}
    assert listed(f"key={cast.project.key.lower()}-{shelf['late'].number}") == {"late"}
    assert listed(f"key={cast.project.key}-999") == set()
    assert listed(f"key={cast.project.key}-{shelf['late'].number}", Caller(cast.outsider)) == set()
    assert listed("status=review") == {"edgar's"}
    assert listed("status=review,done") == {"edgar's", "done late"}
    assert listed("priority=high") == {"late"}
    assert listed("priority=low,high") == {"late", "vera's"}
    assert listed(f"assigned_to={cast.viewer.pk}") == {"edgar's", "vera's"}
    assert listed("assigned_to=me") == set()
    assert listed("assigned_to=me", Caller(cast.editor)) == {"edgar's", "given"}
    assert listed("assigned_to=none") == {"plain", "done late", "late", "soon", "part"}
    assert listed(f"created_by={cast.editor.pk}") == {"edgar's"}
    assert listed("created_by=me") == everything - {"edgar's"}
    assert listed("delegated=true") == {"given"}
    assert listed("delegated=false") == everything - {"given"}
    assert listed("label=garden") == {"soon"}
    assert listed("label=gard") == set()
    assert listed(f"parent={shelf['plain'].pk}") == {"part"}
    assert listed(f"due_before={_text(NOW)}") == late
    assert listed(f"due_after={_text(NOW)}") == {"soon"}
    assert listed(f"due_after={_text(NOW - 2 * HOUR)}&due_before={_text(NOW)}") == late
    assert listed("overdue=true") == {"late"}
    assert listed("overdue=false") == everything - {"late"}
    assert listed(f"updated_after={_text(timezone.now() + HOUR)}") == set()
    assert listed(f"updated_after={_text(NOW - HOUR)}") == everything


def test_filters_together(cast: Cast, listed: Callable[..., set[str]]) -> None:
    assert listed("status=todo&priority=high&overdue=true&assigned_to=none&delegated=false") == {"late"}
    assert listed("status=review&priority=high") == set()


def test_search_looks_into_title_and_description(cast: Cast, listed: Callable[..., set[str]]) -> None:
    assert listed("search=LATE") == {"late", "done late"}
    assert listed("search=цветы полит") == {"vera's"}
    assert listed("search=100%25") == {"vera's"}, "a percent sign is no joker"
    assert listed("search=l*") == set(), "nor is a star"
    assert listed("search=late&overdue=true&ordering=title") == {"late"}
    assert listed("search=laet") == {"late", "done late"}, "what nobody wrote was misspelt"
    assert listed("search=laet&status=done") == {"done late"}
    assert listed("search=") == set(listed(""))


def test_waiting_for_me(cast: Cast, shelf: dict[str, Task], listed: Callable[..., set[str]]) -> None:
    assert listed("waiting_for=me") == {"given"}
    assert listed("waiting_for=me", Caller(cast.editor)) == set()
    Task.objects.filter(pk=shelf["given"].pk).update(status=Status.DONE, completed_at=NOW)
    assert listed("waiting_for=me") == set(), "what is done is waited for no longer"
    Task.objects.filter(pk=shelf["given"].pk).update(status=Status.TODO, completed_at=None)
    given = shelf["given"].delegations.get()
    answer_delegation(actor_of(cast.editor), given.pk, "accepted")
    assert listed("waiting_for=me") == {"given"}
    answer_delegation(actor_of(cast.editor), given.pk, "returned")
    assert listed("waiting_for=me") == set()


def test_a_list_shows_a_task_as_it_is_shown_alone(cast: Cast, shelf: dict[str, Task]) -> None:
    owner = Caller(cast.owner)
    for task in owner.get("/api/tasks/").body["results"]:
        assert owner.get(f"/api/tasks/{task['id']}/").body == task


def test_nobody_lists_what_they_do_not_see(cast: Cast, shelf: dict[str, Task]) -> None:
    own = make_task(cast.outsider, make_project(cast.outsider, "Own"))
    opened = make_task(cast.owner, make_project(cast.owner, "Open", visibility="open"))
    outsider = Caller(cast.outsider)
    assert [task["id"] for task in outsider.get("/api/tasks/?ordering=created_at").body["results"]] == [
        own.pk,
        opened.pk,
    ]


@pytest.mark.parametrize("name", ["project", "parent"])
def test_a_foreign_id_in_a_filter_is_not_there(cast: Cast, shelf: dict[str, Task], name: str) -> None:
    foreign = {"project": cast.project.pk, "parent": shelf["plain"].pk}[name]
    outsider = Caller(cast.outsider)
    answers = [outsider.get(f"/api/tasks/?{name}={value}") for value in (foreign, 10**9)]
    assert [answer.status for answer in answers] == [404, 404]
    details = [answer.body["detail"] for answer in answers]
    assert details[0].replace(str(foreign), "N") == details[1].replace(str(10**9), "N")


def test_an_empty_project_is_an_empty_list(cast: Cast) -> None:
    answer = Caller(cast.viewer).get(f"/api/tasks/?project={cast.project.pk}")
    assert (answer.status, answer.body) == (200, {"results": [], "next": None, "previous": None})


@pytest.mark.parametrize(
    "query, pointer",
    [
        ("colour=red", "?colour"),
        ("status=perhaps", "?status"),
        ("status=todo,perhaps", "?status"),
        ("status=", "?status"),
        ("priority=2", "?priority"),
        ("key=late", "?key"),
        ("key=OPS-0", "?key"),
        ("key=OPS-2147483648", "?key"),
        ("key=OPS-٣", "?key"),
        ("project=x", "?project"),
        ("project=-1", "?project"),
        ("project=99999999999999999999", "?project"),
        ("assigned_to=olga", "?assigned_to"),
        ("created_by=none", "?created_by"),
        ("waiting_for=1", "?waiting_for"),
        ("delegated=perhaps", "?delegated"),
        ("parent=none", "?parent"),
        ("due_before=0000-01-01T00:00:00Z", "?due_before"),
        ("due_after=tomorrow", "?due_after"),
        ("updated_after=2026-01-01T00:00:00", "?updated_after"),
        ("overdue=1.0", "?overdue"),
        ("search=%00", "?search"),
        ("search=" + "x" * 501, "?search"),
        ("search=%25", "?search"),
        ("search=" + "+".join(["word"] * 21), "?search"),
        ("label=" + "x" * 51, "?label"),
        ("ordering=colour", "?ordering"),
        ("ordering=--title", "?ordering"),
        ("ordering=id", "?ordering"),
        ("page_size=100000000000000000000", "?page_size"),
        ("page_size=0", "?page_size"),
        ("page_size=201", "?page_size"),
        ("cursor=nonsense", "?cursor"),
        ("count=perhaps", "?count"),
        ("status=todo&status=done", "?status"),
    ],
)
def test_a_bad_parameter_is_named(cast: Cast, query: str, pointer: str) -> None:
    answer = Caller(cast.owner).get(f"/api/tasks/?{query}")
    assert (answer.status, answer.pointers) == (400, [pointer])


def test_all_bad_parameters_are_named(cast: Cast) -> None:
    answer = Caller(cast.owner).get("/api/tasks/?colour=red&status=perhaps&page_size=x")
    assert answer.pointers == ["?colour", "?status", "?page_size"]


def test_a_cursor_of_another_ordering_is_refused(cast: Cast, shelf: dict[str, Task]) -> None:
    owner = Caller(cast.owner)
    following = owner.get("/api/tasks/?ordering=title&page_size=2").body["next"]
    answer = owner.get(following.replace("ordering=title", "ordering=rank"))
    assert (answer.status, answer.pointers) == (400, ["?cursor"])


def _text(moment: Any) -> str:
    return str(moment.isoformat().replace("+00:00", "Z"))
