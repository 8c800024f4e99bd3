"""The history of a task, a project, a member or a user: the event log, newest first."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from baton.core.events.log import Cursor
from baton.core.models import Event
from baton.surfaces.admin.sentences import tell
from baton.surfaces.admin.through_commands import CommandAdmin

PAGE = 100


class WithHistory(CommandAdmin):
    """A page whose history is the event log, which knows more than Django's own list of what the admin did."""

    def about(self, thing: Any) -> Q:
        """Return which events tell of the thing."""
        raise NotImplementedError

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a page of the history; `?before=` a cursor shows what is older."""
        thing = self.get_object(request, unquote(object_id))
        if thing is None:
            raise Http404(f"There is no {self.opts.verbose_name} {object_id}.")
        if not self.has_view_or_change_permission(request, thing):
            raise PermissionDenied
        events = list(_before(request, self._events_of(thing))[: PAGE + 1])
        shown = events[:PAGE]
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {thing}",
            "sentences": tell(shown),
            "older": Cursor(shown[-1].transaction, shown[-1].pk) if len(events) > PAGE else None,
            "object": thing,
            "opts": self.opts,
            "module_name": self.opts.verbose_name_plural,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "baton_admin/history.html", context)

    def _events_of(self, thing: models.Model) -> QuerySet[Event]:
        found = Event.objects.select_related("actor", "task__project", "project", "user")
        return found.filter(self.about(thing)).order_by("-transaction", "-id")


def _before(request: HttpRequest, events: QuerySet[Event]) -> QuerySet[Event]:
    try:
        cursor = Cursor.parse(request.GET.get("before", ""))
    except ValueError:
        return events
    return events.filter(
        Q(transaction__lt=cursor.transaction) | Q(transaction=cursor.transaction, pk__lt=cursor.event_id)
    )
