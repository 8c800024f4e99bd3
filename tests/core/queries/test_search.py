"""Searching: the same corpus, the same answers in the same order, whichever database there is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baton.core.actor import SYSTEM, Actor
from baton.core.commands.comments import add_comment
from baton.core.commands.tasks import trash_task
from baton.core.errors import NotFound
from baton.core.models import Project, Task
from baton.core.queries import search_lookups
from baton.core.queries.keyset import Page
from baton.core.queries.search import RELEVANT_FIRST, RELEVANT_LAST, count_found, search
from baton.core.queries.search_words import read_words
from baton.core.queries.shapes import Found
from baton.core.queries.task_filters import TaskFilters
from baton.core.queries.tasks import count_tasks, list_tasks
from baton.reactions.search_index import index_tasks
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task
from tests.search_corpus import CORPUS, FOUND, attach, make_corpus


def find(actor: Actor, text: str, project: Project | None = None) -> list[Found]:
    return search(actor, read_words(text), project.pk if project else None, RELEVANT_FIRST, Page(200)).items


def ids(found: list[Found]) -> list[int]:
    return [each.task.id for each in found]


def indexed(cast: Cast, title: str, **fields: object) -> Task:
    task = make_task(cast.owner, cast.project, title, **fields)
    index_tasks([task.pk])
    return task


def test_the_corpus_is_found_as_stated(cast: Cast) -> None:
    numbers, viewer = make_corpus(cast.owner, cast.project), actor_of(cast.viewer)
    assert len(numbers) == len(CORPUS)
    assert {text: [numbers[pk] for pk in ids(find(viewer, text))] for text in FOUND} == FOUND
    assert {text: count_found(viewer, read_words(text), None) for text in FOUND} == {
        text: len(found) for text, found in FOUND.items()
    }


@pytest.mark.parametrize("text", ["the", "invoice", "отчет", "plan", "invioce"])
@pytest.mark.parametrize("size", [1, 2, 5])
def test_pages_forwards_and_backwards(cast: Cast, text: str, size: int) -> None:
    make_corpus(cast.owner, cast.project)
    viewer, words = actor_of(cast.viewer), read_words(text)
    for ordering in (RELEVANT_FIRST, RELEVANT_LAST):
        whole = search(viewer, words, None, ordering, Page(200)).items
        walked, start, last = [], None, None
        while True:
            page = search(viewer, words, None, ordering, Page(size, start))
            walked += page.items
            if page.next_keys is None:
                last = page.previous_keys
                break
            start = page.next_keys
        assert walked == whole
        assert ids(whole) == ids(find(viewer, text))[:: 1 if ordering == RELEVANT_FIRST else -1]
        back = walked[-(len(walked) % size or size) :]
        while last is not None:
            page = search(viewer, words, None, ordering, Page(size, last, backwards=True))
            back = page.items + back
            last = page.previous_keys
        assert back == whole


def test_a_page_stays_where_it_is_when_something_new_comes(cast: Cast) -> None:
    tasks = [indexed(cast, f"Fresh lemon {number}") for number in range(4)]
    first = search(actor_of(cast.owner), read_words("lemon"), None, RELEVANT_FIRST, Page(2))
    indexed(cast, "Newer lemon")
    second = search(actor_of(cast.owner), read_words("lemon"), None, RELEVANT_FIRST, Page(2, first.next_keys))
    assert [*ids(first.items), *ids(second.items)] == [task.pk for task in reversed(tasks)]


def test_says_where_the_words_stand(cast: Cast) -> None:
    task = indexed(cast, "Fix <b>login</b>", description="Every 'log-in' & session", labels=["Sécurité", "auth"])
    comment = add_comment(actor_of(cast.editor), task.pk, "Sessions end <too> early")
    add_comment(actor_of(cast.editor), task.pk, "Nothing about it")
    file = attach(task, cast.owner, "screenshot.png")
    index_tasks([task.pk])

    def shown(text: str) -> list[tuple[str, int, str, str]]:
        return [(each.kind, each.id, each.field, each.snippet) for each in find(actor_of(cast.viewer), text)]

    title = "Fix &lt;b&gt;<mark>login</mark>&lt;/b&gt;"
    assert shown("logins") == [("task", task.pk, "title", title)]
    text = "Every &#x27;log-in&#x27; &amp; <mark>session</mark>"
    assert shown("session") == [("task", task.pk, "description", text)]
    assert shown("auth") == [("task", task.pk, "labels", "Sécurité, <mark>auth</mark>")]
    assert shown("auth SÉCURITÉ") == [("task", task.pk, "labels", "<mark>Sécurité</mark>, <mark>auth</mark>")]
    text = "<mark>Sessions</mark> end &lt;<mark>too</mark>&gt; <mark>early</mark>"
    assert shown("session too earl") == [("comment", comment.pk, "text", text)]
    assert shown("screenshots") == [("file", file.pk, "name", "<mark>screenshot</mark>.png")]
    [found] = find(actor_of(cast.viewer), "session")
    assert (found.task.key, found.task.project) == (f"{cast.project.key}-{task.number}", cast.project.pk)


def test_finds_a_task_by_its_key(cast: Cast) -> None:
    tasks = [indexed(cast, f"Wash window {number}") for number in range(3)]
    named = indexed(cast, "Another", description=f"As {cast.project.key}-2 was")
    assert ids(find(actor_of(cast.viewer), f"{cast.project.key}-2")) == [tasks[1].pk, named.pk]
    assert ids(find(actor_of(cast.viewer), f" {cast.project.key.lower()}-2 ")) == [tasks[1].pk, named.pk]
    Project.objects.filter(pk=cast.project.pk).update(key="NEW")
    assert ids(find(actor_of(cast.viewer), "NEW-2")) == [tasks[1].pk], "whatever the key was when it was indexed"
    assert find(actor_of(cast.outsider), "NEW-2") == []


def test_shows_nobody_what_they_may_not_see(cast: Cast) -> None:
    task = indexed(cast, "Zeppelin")
    for text in ("zeppelin", "zep", "zeppelni", f"{cast.project.key}-{task.number}"):
        assert ids(find(actor_of(cast.viewer), text)) == [task.pk], text
        assert find(actor_of(cast.outsider), text) == [], text
        assert count_found(actor_of(cast.outsider), read_words(text), None) == 0, text
    assert find(SYSTEM, "zeppelin") == []


def test_a_foreign_word_is_no_reason_not_to_correct_ones_own(cast: Cast) -> None:
    """Else the answer would tell that somewhere somebody wrote it."""
    own = make_project(cast.outsider)
    mine = make_task(cast.outsider, own, "Zeppelins")
    index_tasks([mine.pk])
    without = ids(find(actor_of(cast.outsider), "zeppelyn"))
    indexed(cast, "Zeppelyn")
    assert ids(find(actor_of(cast.outsider), "zeppelyn")) == without == [mine.pk]


def test_a_word_that_is_there_is_not_corrected(cast: Cast) -> None:
    indexed(cast, "Painter")
    indexed(cast, "Printer")
    indexed(cast, "Ladder")
    assert find(actor_of(cast.owner), "painter ladder") == []
    assert [found.task.title for found in find(actor_of(cast.owner), "paintr")] == ["Painter"]


def test_what_goes_into_the_trash_is_gone_before_the_index_knows(cast: Cast) -> None:
    task = indexed(cast, "Zeppelin")
    trash_task(actor_of(cast.owner), task.pk)
    assert find(actor_of(cast.owner), "zeppelin") == []


def test_searches_one_project(cast: Cast) -> None:
    here, other = indexed(cast, "Zeppelin"), make_project(cast.owner, "Other")
    there = make_task(cast.owner, other, "Zeppelin")
    index_tasks([there.pk])
    assert ids(find(actor_of(cast.owner), "zeppelin")) == [there.pk, here.pk]
    assert ids(find(actor_of(cast.owner), "zeppelin", cast.project)) == [here.pk]
    for actor in (actor_of(cast.viewer), actor_of(cast.outsider)):
        with pytest.raises(NotFound):
            find(actor, "zeppelin", other)
    assert find(actor_of(cast.owner), "quintessence", other) == []


@pytest.mark.parametrize("frequent", [1, 3, 1000])
def test_a_list_is_the_same_however_frequent_the_words_are(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, frequent: int
) -> None:
    monkeypatch.setattr(search_lookups, "FREQUENT", frequent)
    make_task(cast.owner, cast.project, "Nothing")
    tasks = [indexed(cast, f"Zeppelin {number}", description="Balloon" * (number % 2)).pk for number in range(4)]
    foreign = make_task(cast.outsider, make_project(cast.outsider), "Zeppelin")
    index_tasks([foreign.pk])
    for text, expected in (("zeppelins", tasks), ("balloon zep", tasks[1::2]), ("zepelin", tasks), ("glider", [])):
        filters = TaskFilters(search=read_words(text), status="todo")
        found = list_tasks(actor_of(cast.viewer), filters, "title", Page(50))
        assert [task.id for task in found.items] == expected, text
        assert count_tasks(actor_of(cast.viewer), filters) == len(expected), text


def test_asks_as_much_for_many_as_for_one(cast: Cast) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            find(actor_of(cast.owner), "zeppelin")
        return len(queries)

    def make(number: int) -> None:
        made = [
            make_task(cast.owner, cast.project, f"Zeppelin {number}"),
            make_task(cast.owner, cast.project, description="Zeppelin", labels=["a"]),
            make_task(cast.owner, cast.project),
        ]
        add_comment(actor_of(cast.owner), made[2].pk, "Zeppelin")
        index_tasks(task.pk for task in made)

    make(0)
    one = count()
    for number in range(8):
        make(number)
    assert count() == one <= 8
