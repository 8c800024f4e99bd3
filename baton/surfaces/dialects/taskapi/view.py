"""The life of a request as aiohttp had it."""

from __future__ import annotations

from typing import ClassVar

from django.http.response import HttpResponseBase

from baton.core.errors import NotFound
from baton.surfaces.dialects.taskapi.auth import LastingBearer
from baton.surfaces.dialects.taskapi.dialect import DIALECT
from baton.surfaces.dialects.taskapi.errors import TASK_NOT_FOUND, Incorrect, json_answer
from baton.surfaces.dialects.taskapi.forms import PARSERS, FormOrNoForm
from baton.surfaces.wire.requests import WireRequest
from baton.surfaces.wire.routes import find_id
from baton.surfaces.wire.views import Access, BatonView


class TaskApiView(BatonView):
    """A resource of this dialect: forms in, JSON out whatever `Accept` says, and no method but those declared.

    `error_key` is what a bad input's sentence stands under.
    """

    dialect = DIALECT
    access = Access.SIGNED_IN
    idempotent = False
    takes_empty_body = True
    is_described = False
    error_key: ClassVar[str] = "error"

    http_method_names: ClassVar[list[str]] = ["delete", "get", "post", "put"]  # type: ignore[misc]
    authentication_classes = (LastingBearer,)
    parser_classes = PARSERS
    content_negotiation_class = FormOrNoForm
    _NEGOTIATOR = FormOrNoForm()

    def _answer(self, request: WireRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        # A bad header is refused before anything else is looked at, wherever it was sent.
        _ = request.actor
        return super()._answer(request, *args, **kwargs)

    def _finish(self, response: HttpResponseBase) -> HttpResponseBase:
        response = super()._finish(response)
        if response.status_code == 405:
            response.headers["Allow"] = ",".join(sorted(self.allowed_methods))
        return response


class OneTaskView(TaskApiView):
    """A resource of one task. Who asks for one that is not theirs reads so in a 200, who would change it in a 400."""

    def _answer(self, request: WireRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return super()._answer(request, *args, **kwargs)
        except NotFound:
            return json_answer({"error": TASK_NOT_FOUND}, 200 if request.method == "GET" else 400)


def read_task_id(text: str) -> int:
    """Return the id that stands in a path. Raises Incorrect for what can't be one."""
    task_id = find_id(text)
    if task_id is None:
        raise Incorrect(TASK_NOT_FOUND)
    return task_id
