"""What the `type` of a problem document points at: `/problems/<code>`, and all of them at `/problems/`."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.errors import NotFound
from baton.surfaces.wire.problem_kinds import KINDS, ProblemKind, find_kind
from baton.surfaces.wire.respond import JSON, json_response
from baton.surfaces.wire.views import Access, BatonView

PLAIN = "text/plain"
_PAGES = (PLAIN, "text/html")


class Problems(BatonView):
    """`GET` every kind of problem."""

    access = Access.PUBLIC
    authentication_classes = ()

    def get(self, request: Request) -> HttpResponse:
        """Return them by their codes."""
        kinds = [kind for code in KINDS if (kind := find_kind(code))]
        return _answer(request, {"problems": kinds}, kinds)


class Problem(BatonView):
    """`GET` a kind of problem."""

    access = Access.PUBLIC
    authentication_classes = ()

    def get(self, request: Request, code: str) -> HttpResponse:
        """Return it: as text for whoever likes that better than JSON, such as a browser."""
        kind = find_kind(code)
        if kind is None:
            raise NotFound("There is no such kind of problem.")
        return _answer(request, kind, [kind])


def _answer(request: Request, answer: object, kinds: Sequence[ProblemKind]) -> HttpResponse:
    if request._request.get_preferred_type([JSON, *_PAGES]) in _PAGES:
        text = "\n".join(f"{kind.title} ({kind.code})\n\n{kind.meaning}\n" for kind in kinds)
        response = HttpResponse(text, content_type=f"{PLAIN}; charset=utf-8")
    else:
        response = json_response(answer)
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Vary"] = "Accept"
    return response
