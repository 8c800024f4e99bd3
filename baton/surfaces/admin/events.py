"""The event log, to be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from baton.core.events.catalogue import CATALOGUE
from baton.core.models import Event
from baton.lib.text import fold
from baton.surfaces.admin.sentences import tell
from baton.surfaces.admin.through_commands import ReadOnlyAdmin


class VerbFilter(admin.SimpleListFilter):
    """What happened. From the catalogue: asking the log which verbs it has would read all of it."""

    title = "verb"
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """Return every verb there is."""
        return [(verb, verb) for verb in sorted(CATALOGUE)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        """Return the events of the verb."""
        return queryset.filter(verb=self.value()) if self.value() else queryset


class TextFilter(admin.SimpleListFilter):
    """A filter to type into, since there may be a hundred thousand to choose from."""

    template = "baton_admin/text_filter.html"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.others = [(name, value) for name, value in request.GET.items() if name != self.parameter_name]

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """Return something, for a filter without a choice is not shown."""
        return [("", "")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Return nothing to choose from."""
        return iter(())


class ActorFilter(TextFilter):
    """Who acted, by username."""

    title = "actor's username"
    parameter_name = "by"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        """Return what the user did."""
        name = self.value()
        return queryset.filter(actor__username_folded=fold(name)) if name else queryset


class ProjectFilter(TextFilter):
    """In which project, by its key."""

    title = "project's key"
    parameter_name = "in"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        """Return what happened in the project."""
        key = self.value()
        return queryset.filter(Q(project__key=key.upper())) if key else queryset


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """Everything that has happened, newest first."""

    list_display = ("at", "sentence", "project", "task", "surface", "request_id")
    list_filter = (VerbFilter, ActorFilter, ProjectFilter, "surface")
    search_fields = ("verb", "actor__username", "project__key", "task__title", "request_id")
    list_select_related = ("actor", "project", "task", "user")
    ordering = ("-transaction", "-id")
    sortable_by = ()
    fields = (
        "sentence",
        "verb",
        "at",
        "actor",
        "project",
        "task",
        "user",
        "surface",
        "request_id",
        "what_changed",
        "what_else",
        "place",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return every field: history is not written by hand."""
        return self.fields

    @admin.display(description="what happened")
    def sentence(self, event: Event) -> str:
        """Return the event for people."""
        told: str | None = getattr(event, "told", None)
        return told or str(tell([event])[0])

    @admin.display(description="changes")
    def what_changed(self, event: Event) -> SafeString:
        """Return the old and new values."""
        return _shown(event.changes)

    @admin.display(description="data")
    def what_else(self, event: Event) -> SafeString:
        """Return the rest of the fact."""
        return _shown(event.data)

    def place(self, event: Event) -> str:
        """Return the event's cursor."""
        return f"{event.transaction}-{event.pk}"

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Return the list with its sentences, whose names are looked up all at once."""
        found = super().get_changelist_instance(request)
        events = list(found.result_list)
        for event, sentence in zip(events, tell(events), strict=True):
            event.told = str(sentence)
        found.result_list = events
        return found


def _shown(values: dict[str, Any]) -> SafeString:
    return format_html("<pre>{}</pre>", json.dumps(values, indent=2, ensure_ascii=False))
