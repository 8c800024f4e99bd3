"""What a search looks into. It follows the event log and can be made anew at any time (`manage.py rebuild_search`)."""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from baton.core.models.task import Task

RECIPE = 1
"""Raised whenever the same task would get other words; entries of an older recipe are made anew on demand."""


class Place(StrEnum):
    """Where in a task a word stands: what `SearchEntry.words` marks it with."""

    TITLE = "t"
    DESCRIPTION = "d"
    """The description or a label."""
    TALK = "c"
    """A comment or the name of a file."""


def mark(place: Place, word: str) -> str:
    """Return a word as it stands in an entry."""
    return f"{place}_{word}"


def mark_key(project_id: int, number: int) -> str:
    """Return a task's key as it stands in its entry; by the project's id, since people change a project's key."""
    return f"k_{project_id}_{number}"


class SearchEntry(models.Model):
    """The words and their stems of one task, each marked with its place, and the task's key.

    The databases' own indexes hang on `words`: a GIN index of its tsvector on PostgreSQL, an FTS5 table kept by
    triggers on SQLite (migration 0001). Whoever lets Django remake this table on SQLite must make the triggers again.
    `recipe` is the RECIPE by which the words were made.
    """

    task = models.OneToOneField(Task, models.CASCADE, primary_key=True, related_name="search_entry")
    words = models.TextField()
    recipe = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return f"words of task {self.task_id}"


class SearchWord(models.Model):
    """A stem that stands, or stood, in some task: what a misspelt word may have been meant to be."""

    word = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.word


class SearchTrigram(models.Model):
    """Three letters in a row of a stem."""

    word = models.ForeignKey(SearchWord, models.CASCADE, related_name="trigrams")
    trigram = models.CharField(max_length=3)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["trigram", "word"], name="trigram_once_per_word"),)

    def __str__(self) -> str:
        return self.trigram
