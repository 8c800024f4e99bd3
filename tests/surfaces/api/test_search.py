"""`/api/search/` and `?search=`, as a client sees them."""

from __future__ import annotations

from typing import Any

import pytest

from baton.core.models import Project
from baton.reactions.search_index import index_tasks
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import make_task


def make_lemons(cast: Cast, number: int) -> list[int]:
    tasks = [make_task(cast.owner, cast.project, f"Lemon {place}").pk for place in range(number)]
    index_tasks(tasks)
    return tasks


def test_shows_what_was_found(cast: Cast) -> None:
    [task] = make_lemons(cast, 1)
    answer = Caller(cast.viewer).get("/api/search/?q=lemons")
    assert answer.status == 200
    key = f"{Project.objects.get(pk=cast.project.pk).key}-1"
    assert answer.body == {
        "results": [
            {
                "kind": "task",
                "id": task,
                "task": {"id": task, "key": key, "project": cast.project.pk, "title": "Lemon 0", "status": "todo"},
                "field": "title",
                "snippet": "<mark>Lemon</mark> 0",
            }
        ],
        "next": None,
        "previous": None,
    }


def test_pages(cast: Cast) -> None:
    tasks, caller = make_lemons(cast, 5), Caller(cast.viewer)
    seen: list[int] = []
    address: str | None = "/api/search/?q=lemon&page_size=2&count=true"
    pages: list[dict[str, Any]] = []
    while address:
        pages.append(caller.get(address).body)
        seen += [each["task"]["id"] for each in pages[-1]["results"]]
        address = pages[-1]["next"]
    assert seen == tasks[::-1]
    assert [page["count"] for page in pages] == [5, 5, 5]
    before = caller.get(pages[-1]["previous"]).body
    assert before["results"] == pages[1]["results"]
    worst_first = caller.get("/api/search/?q=lemon&ordering=relevance").body["results"]
    assert [each["task"]["id"] for each in worst_first] == tasks


def test_in_one_project(cast: Cast) -> None:
    make_lemons(cast, 1)
    assert len(Caller(cast.viewer).get(f"/api/search/?q=lemon&project={cast.project.pk}").body["results"]) == 1
    assert Caller(cast.outsider).get(f"/api/search/?q=lemon&project={cast.project.pk}").status == 404
    assert Caller(cast.outsider).get("/api/search/?q=lemon").body["results"] == []


@pytest.mark.parametrize(
    "query, pointers",
    [
        ("", ["?q"]),
        ("q=", ["?q"]),
        ("q=%20", ["?q"]),
        ("q=%21%3F", ["?q"]),
        ("q=%00", ["?q"]),
        ("q=" + "+".join(["w"] * 21), ["?q"]),
        ("q=" + "+".join(["word"] * 1000), ["?q"]),
        ("q=a&q=b", ["?q"]),
        ("q=a&project=x", ["?project"]),
        ("q=a&ordering=created_at", ["?ordering"]),
        ("q=a&cursor=WyJuIiwiLXJlbGV2YW5jZSIsWyJ4IiwxXV0", ["?cursor"]),
        ("q=a&page_size=201&kind=task", ["?page_size", "?kind"]),
    ],
)
def test_a_bad_question_is_named(cast: Cast, query: str, pointers: list[str]) -> None:
    answer = Caller(cast.viewer).get(f"/api/search/?{query}")
    assert answer.status == 400
    assert answer.pointers == pointers


@pytest.mark.parametrize("keys", ["[9,1]", "[-9,1]", "[3,0]", "[2,-9223372036854775808]"])
def test_a_made_up_cursor_is_a_place_like_any(cast: Cast, keys: str) -> None:
    from base64 import urlsafe_b64encode

    make_lemons(cast, 2)
    for direction in "np":
        cursor = urlsafe_b64encode(f'["{direction}","-relevance",{keys}]'.encode()).decode()
        assert Caller(cast.viewer).get(f"/api/search/?q=lemon&cursor={cursor}").status == 200


def test_twenty_words_are_not_too_many(cast: Cast) -> None:
    words = " ".join(f"word{chr(0x61 + place)}" for place in range(20))
    task = make_task(cast.owner, cast.project, words)
    index_tasks([task.pk])
    query = words.replace(" ", "+")
    assert len(Caller(cast.viewer).get(f"/api/search/?q={query}").body["results"]) == 1
    assert Caller(cast.viewer).get(f"/api/search/?q={query.replace('word', 'werd')}").body["results"] == []


def test_only_for_who_is_signed_in(cast: Cast) -> None:
    assert Caller().get("/api/search/?q=lemon").status == 401


def test_a_list_by_words_has_pages_in_its_own_order(cast: Cast) -> None:
    tasks, caller = make_lemons(cast, 5), Caller(cast.viewer)
    make_task(cast.owner, cast.project, "Orange")
    for text in ("lemons", "lemmon"):
        seen: list[int] = []
        address: str | None = f"/api/tasks/?search={text}&ordering=title&page_size=2&status=todo"
        while address:
            page = caller.get(address).body
            seen += [each["id"] for each in page["results"]]
            address = page["next"]
        assert seen == tasks, text
