"""The search follows the log: whatever happened to a task, its entry is made anew from what the task is now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import QuerySet

from baton.core.models import Attachment, Comment, Event, SearchEntry, Task, TaskLabel
from baton.core.models.search import RECIPE, Place, mark, mark_key
from baton.lib.words import stem, words_of
from baton.reactions.search_vocabulary import learn

LARGEST_ENTRY = 400_000
"""Bytes of one task's words; PostgreSQL takes no vector over a megabyte."""
MOST_COMMENTS = 2_000
"""So many of a task's comments are found, the newest."""

_LOCK = 5_231_004  # any number that no other advisory lock of ours has

Text = tuple[Place, str]


def index_events(events: list[Event]) -> None:
    """Make anew the entry of each task that something happened to."""
    index_tasks({event.task_id for event in events if event.task_id is not None})


def index_tasks(task_ids: Iterable[int]) -> None:
    """Make the entries of these tasks say what the tasks say now; a task that is gone or in the trash has none."""
    wanted = set(task_ids)
    with transaction.atomic():
        _take_turns()
        collected = _collect_words(Task.objects.filter(pk__in=wanted, trashed_at=None))
        SearchEntry.objects.bulk_create(
            [SearchEntry(task_id=pk, words=" ".join(words.marked), recipe=RECIPE) for pk, words in collected.items()],
            update_conflicts=True,
            unique_fields=["task"],
            update_fields=["words", "recipe"],
        )
        SearchEntry.objects.filter(pk__in=wanted - collected.keys()).delete()
        learn(set().union(*(words.stems for words in collected.values())))


def _take_turns() -> None:
    """Wait for others who make entries: who read a task earlier must not write its entry later."""
    if connection.vendor == "postgresql":  # on SQLite there is one writer anyhow
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


class _Words:
    """The words of a task, each once and in their order, as far as there is room."""

    def __init__(self, key: str) -> None:
        self.marked = {key: None}
        self.stems: set[str] = set()
        self.room = LARGEST_ENTRY

    def add(self, place: Place, text: str) -> None:
        for word in words_of(text):
            stemmed = stem(word)
            for form in (stemmed, word):
                self._add(mark(place, form))
            if self.room < 0:
                return
            self.stems.add(stemmed)

    def _add(self, marked: str) -> None:
        if marked not in self.marked:
            self.room -= len(marked.encode()) + 1
            if self.room >= 0:
                self.marked[marked] = None


def _collect_words(tasks: QuerySet[Task]) -> dict[int, _Words]:
    collected = {}
    labels, files = _labels_of(tasks), _files_of(tasks)
    rows = tasks.values_list("pk", "project_id", "number", "title", "description", "comments_count")
    for task_id, project_id, number, title, description, comments_count in rows:
        collected[task_id] = words = _Words(mark_key(project_id, number))
        words.add(Place.TITLE, title)
        words.add(Place.DESCRIPTION, description)
        for place, text in (*labels[task_id], *files[task_id]):
            words.add(place, text)
        if comments_count:
            _add_comments(words, task_id)
    return collected


def _add_comments(words: _Words, task_id: int) -> None:
    """Add the newest comments, last of all, since there may be more of them than there is room."""
    comments = Comment.objects.filter(task=task_id).order_by("-created_at", "-id").values_list("text", flat=True)
    for text in comments[:MOST_COMMENTS].iterator():
        if words.room < 0:
            return
        words.add(Place.TALK, text)


def _labels_of(tasks: QuerySet[Task]) -> dict[int, list[Text]]:
    labels = TaskLabel.objects.filter(task__in=tasks).order_by("pk").values_list("task_id", "label__name")
    return _by_task(Place.DESCRIPTION, labels)


def _files_of(tasks: QuerySet[Task]) -> dict[int, list[Text]]:
    files = Attachment.objects.filter(task__in=tasks, trashed_at=None).order_by("pk").values_list("task_id", "name")
    return _by_task(Place.TALK, files)


def _by_task(place: Place, rows: Iterable[tuple[int, str]]) -> dict[int, list[Text]]:
    found: dict[int, list[Text]] = defaultdict(list)
    for task_id, text in rows:
        found[task_id].append((place, text))
    return found
