"""The search's entries follow what happens to tasks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from baton import wiring
from baton.core.commands.comments import add_comment, delete_comment, edit_comment
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.models import Comment, Event, SearchEntry, SearchTrigram, SearchWord, Task
from baton.core.queries.keyset import Page
from baton.core.queries.search import search
from baton.core.queries.search_words import read_words
from baton.lib.words import words_of
from baton.reactions import search_index
from baton.reactions.follow import follow_all, register
from baton.reactions.search_index import index_events, index_tasks
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.search_corpus import attach
from tests.threads import run_together


@pytest.fixture(autouse=True)
def _wired() -> Iterator[None]:
    register(wiring.REACTIONS)
    yield
    register(wiring.REACTIONS)


def found(cast: Cast, text: str) -> list[int]:
    page = search(actor_of(cast.owner), read_words(text), None, "-relevance", Page(200))
    return [each.task.id for each in page.items]


@pytest.mark.django_db(transaction=True)
def test_follows_the_log(cast: Cast) -> None:
    owner = actor_of(cast.owner)
    task = make_task(cast.owner, cast.project, "Zeppelin")
    assert found(cast, "zeppelin") == []
    follow_all()
    assert found(cast, "zeppelin") == [task.pk]
    edit_task(owner, task.pk, {"title": "Balloon", "description": "Made of silk", "labels": ["flight"]})
    comment = add_comment(owner, task.pk, "How high?")
    follow_all()
    assert found(cast, "zeppelin") == []
    assert found(cast, "balloon") == found(cast, "silk flights high") == [task.pk]
    edit_comment(owner, comment.pk, "How low?")
    follow_all()
    assert found(cast, "high") == []
    assert found(cast, "low") == [task.pk]
    delete_comment(owner, comment.pk)
    edit_task(owner, task.pk, {"labels": []})
    follow_all()
    assert found(cast, "low") == found(cast, "flight") == []
    trash_task(owner, task.pk)
    follow_all()
    assert not SearchEntry.objects.exists()


@pytest.mark.django_db
def test_the_same_events_twice_change_nothing(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, "Zeppelin", labels=["flight"])
    attach(task, cast.owner, "plan.pdf")
    events = list(Event.objects.order_by("pk"))
    index_events(events)
    entries, words = list(SearchEntry.objects.values()), sorted(SearchWord.objects.values_list("word", flat=True))
    trigrams = SearchTrigram.objects.count()
    index_events(events)
    assert list(SearchEntry.objects.values()) == entries
    assert sorted(SearchWord.objects.values_list("word", flat=True)) == words == ["flight", "pdf", "plan", "zeppelin"]
    assert SearchTrigram.objects.count() == trigrams
    assert entries[0]["words"].split() == [
        f"k_{cast.project.pk}_{task.number}",
        "t_zeppelin",
        "d_flight",
        "c_plan",
        "c_pdf",
    ]


@pytest.mark.django_db
def test_a_file_in_the_trash_is_not_found(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    file = attach(task, cast.owner, "secret.pdf")
    index_tasks([task.pk])
    assert found(cast, "secret") == [task.pk]
    file.trashed_at = file.uploaded_at
    file.save()
    index_tasks([task.pk])
    assert found(cast, "secret") == []


@pytest.mark.django_db
def test_a_task_that_is_no_more_takes_its_entry_along(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, "Zeppelin")
    index_tasks([task.pk, 10**9])
    Task.objects.all().delete()
    assert not SearchEntry.objects.exists()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM core_searchindex WHERE core_searchindex MATCH 't_zeppelin'")
            assert cursor.fetchone() == (0,)
            # FTS5's own comparison of the index with the entries: an error where they differ.
            cursor.execute("INSERT INTO core_searchindex(core_searchindex, rank) VALUES ('integrity-check', 1)")
    index_tasks([task.pk])
    assert not SearchEntry.objects.exists()


HOSTILE = [
    "'quoted' \"twice\" \\ : & | ! ( ) * ^ - + NEAR AND OR NOT",
    "t_title d_ k_1_1 __",
    "'); DROP TABLE core_task; --",
    "𐐀 𞤀 Ა ᏸ ꭰ ẞ İ ŉ ǰ \u0345 \u200d \ufeff \u202e",
    "देवनागरी ภาษาไทย עִברִית العَرَبِيَّة 漢字",
    "👩‍👩‍👧 \U0001f3f4\U000e0067 \ue000 \U0010fffd",
    "x" * 100_000,
    "\ufdfa" * 1_000,
    "a\tb\x0bc\x0cd\x1ce\x85f\xa0g\u2028h\u3000i",
    "\x01 \x7f \x9f %s {} $1 ?",
]


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_written_can_be_indexed_and_found(cast: Cast, text: str) -> None:
    task = make_task(cast.owner, cast.project, "Plain", description=text)
    add_comment(actor_of(cast.owner), task.pk, text[:50_000])
    index_tasks([task.pk])
    assert found(cast, "plain") == [task.pk]
    for word in words_of(text)[:20]:
        assert found(cast, word) == [task.pk], word
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT array_length(tsvector_to_array(vector), 1) FROM core_searchentry")
            assert cursor.fetchone() == (len(set(SearchEntry.objects.get().words.split(" "))),)


@pytest.mark.django_db
def test_more_words_than_an_entry_holds(cast: Cast) -> None:
    """A vector of over a megabyte is an error in PostgreSQL, which would stop the reaction for good."""
    task = make_task(cast.owner, cast.project, "First")
    author = cast.owner
    text = " ".join(f"{number:x}{'ж' * 60}" for number in range(700))
    comments = [Comment(task=task, author=author, text=f"{n} {text}{n}", created_at=task.created_at) for n in range(20)]
    Comment.objects.bulk_create(
        [
            *comments,
            *(
                Comment(
                    task=task,
                    author=author,
                    text=" ".join(f"{number}ж{'ы' * 55}{place}" for number in range(800)),
                    created_at=task.created_at,
                )
                for place in range(20)
            ),
        ]
    )
    Task.objects.update(comments_count=40)
    index_tasks([task.pk])
    assert len(SearchEntry.objects.get().words.encode()) <= search_index.LARGEST_ENTRY + 100
    assert found(cast, "first") == [task.pk]


@pytest.mark.django_db(transaction=True)
def test_who_read_earlier_does_not_write_later(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, "Old")

    def edit_and_index(number: int) -> None:
        with transaction.atomic():
            Task.objects.filter(pk=task.pk).update(title=f"Title{number}")
        index_tasks([task.pk])

    run_together(*(lambda number=number: edit_and_index(number) for number in range(8)))
    title = Task.objects.get().title
    assert found(cast, title) == [task.pk]
    assert f"t_{title.lower()}" in SearchEntry.objects.get().words.split()


@pytest.mark.django_db(transaction=True)
def test_two_who_learn_the_same_words(cast: Cast) -> None:
    tasks = [make_task(cast.owner, cast.project, f"Zeppelin balloon glider {number}") for number in range(8)]
    run_together(*(lambda pk=task.pk: index_tasks([pk]) for task in tasks))
    assert sorted(SearchWord.objects.values_list("word", flat=True)) == ["balloon", "glider", "zeppelin"]
    assert SearchEntry.objects.count() == 8
