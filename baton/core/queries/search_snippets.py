"""Where in the tasks that a search found its words stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber, Substr

from baton.core.models import Attachment, Comment, Task, TaskLabel
from baton.core.queries import shapes
from baton.core.queries.search_words import Words
from baton.lib.compiled import Compiled
from baton.lib.snippets import Marker
from baton.lib.statements import Param, Row

COLUMNS = ("pk", "project_id", "project__key", "number", "title", "status")
"""Of a found task; its relevance follows."""

FARTHEST = 10_000
"""So many characters of a description or comment are looked through."""
MOST_COMMENTS = 50
"""So many of a task's comments are looked through, the newest."""
MOST_CHARACTERS = 500_000
"""So many characters of comments are looked through for one page; tasks after that are shown by their titles."""


class _Text(NamedTuple):
    kind: str
    id: int
    field: str
    text: str


def show_where(words: Words, rows: Sequence[Row]) -> list[shapes.Found]:
    """Return what was found: each task with the text that has the most of the words."""
    marker = Marker(words.find_term)
    texts = _described([row[0] for row in rows if row[6] == 1]) | _talked([row[0] for row in rows if row[6] == 0])
    return [_show(marker, row, texts.get(row[0], [])) for row in rows]


def _show(marker: Marker, row: Row, texts: list[_Text]) -> shapes.Found:
    task = shapes.FoundTask(row[0], f"{row[2]}-{row[3]}", row[1], row[4], row[5])
    shown = [(marker.mark(text.text), text) for text in texts]
    shown = [pair for pair in shown if pair[0].words]
    if not shown:
        return shapes.Found("task", task.id, task, "title", marker.mark(task.title).html)
    snippet, text = max(shown, key=lambda pair: pair[0].words)
    return shapes.Found(text.kind, text.id, task, text.field, snippet.html)


def _described(task_ids: list[int]) -> dict[int, list[_Text]]:
    """Return the descriptions of tasks and their labels."""
    texts: dict[int, list[_Text]] = defaultdict(list)
    if task_ids:
        for pk, description in _DESCRIPTIONS.rows((), {"tasks": task_ids}):
            texts[pk].append(_Text("task", pk, "description", description))
        for pk, labels in _joined(_LABELS.rows((), {"tasks": task_ids})):
            texts[pk].append(_Text("task", pk, "labels", labels))
    return texts


def _talked(task_ids: list[int]) -> dict[int, list[_Text]]:
    """Return the comments on tasks, the newest first, and the names of their files."""
    texts: dict[int, list[_Text]] = defaultdict(list)
    if task_ids:
        room = MOST_CHARACTERS
        for pk, comment_id, text in _COMMENTS.rows((), {"tasks": task_ids}):
            room -= len(text)
            if room < 0:
                break
            texts[pk].append(_Text("comment", comment_id, "text", text))
        for pk, file_id, name in _FILES.rows((), {"tasks": task_ids}):
            texts[pk].append(_Text("file", file_id, "name", name))
    return texts


def _joined(rows: Iterable[Row]) -> Iterator[tuple[int, str]]:
    names: dict[int, list[str]] = defaultdict(list)
    for pk, name in rows:
        names[pk].append(name)
    for pk, found in names.items():
        yield pk, ", ".join(sorted(found))


def _descriptions(_: tuple[()]) -> QuerySet[Task, tuple[Any, ...]]:
    return Task.objects.filter(pk__any_of=Param("tasks")).values_list("pk", Substr("description", 1, FARTHEST))


def _labels(_: tuple[()]) -> QuerySet[TaskLabel, tuple[Any, ...]]:
    return TaskLabel.objects.filter(task_id__any_of=Param("tasks")).values_list("task_id", "label__name")


def _comments(_: tuple[()]) -> QuerySet[Comment, tuple[Any, ...]]:
    newest = Window(RowNumber(), partition_by=F("task_id"), order_by=[F("created_at").desc(), F("id").desc()])
    comments = Comment.objects.filter(task_id__any_of=Param("tasks")).annotate(place=newest)
    newest_first = comments.filter(place__lte=MOST_COMMENTS).order_by("place", "task_id")
    return newest_first.values_list("task_id", "pk", Substr("text", 1, FARTHEST))


def _files(_: tuple[()]) -> QuerySet[Attachment, tuple[Any, ...]]:
    files = Attachment.objects.filter(task_id__any_of=Param("tasks"), trashed_at=None).order_by("task_id", "-pk")
    return files.values_list("task_id", "pk", "name")


_DESCRIPTIONS = Compiled(_descriptions)
_LABELS = Compiled(_labels)
_COMMENTS = Compiled(_comments)
_FILES = Compiled(_files)
