"""The OpenAPI document of the native API: `/api/schema/`, and the pages to read it and to try it."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from rest_framework.request import Request

from baton import __version__
from baton.surfaces.wire.etags import is_unchanged, not_modified
from baton.surfaces.wire.operations import one, operation
from baton.surfaces.wire.views import Access, BatonView

PREFIX = "/api/"
INFO: dict[str, Any] = {
    "title": "Baton",
    "version": __version__,
    "summary": "A self-hosted task server: nothing gets dropped.",
    "license": {"name": "MIT", "identifier": "MIT"},
    "description": (
        "Bodies are JSON in UTF-8; flat ones may be sent as forms too. Times go out in UTC. Lists come in pages, with "
        "the next one in `next` and in `Link`. PATCH takes a merge patch (RFC 7396): what is absent stays, null "
        "clears. Every error is a problem document (RFC 9457). No text may hold a NUL. What you may not see does not "
        "exist (404); what you see but may not do is a 403."
    ),
}

# The pages load what stands beside them and nothing else. ReDoc styles its parts as it draws them, and works in a blob.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Schema(BatonView):
    """`GET` this document."""

    access = Access.PUBLIC
    authentication_classes = ()

    @operation("get_schema", gives=one(dict[str, Any]))
    def get(self, request: Request) -> HttpResponse:
        """Show the OpenAPI document."""
        body, tag = _document_and_tag()
        if is_unchanged(request, tag):
            return not_modified(tag)
        return HttpResponse(body, content_type="application/json", headers={"ETag": tag})


class Page(BatonView):
    """A page that shows the document to people: `Page.as_view(template="api/redoc.html")`."""

    access = Access.PUBLIC
    authentication_classes = ()
    is_described = False
    template = ""

    def get(self, request: Request) -> HttpResponse:
        """Show the page."""
        page = render(request._request, self.template, {"title": INFO["title"]})
        page.headers["Content-Security-Policy"] = POLICY
        return page


def document() -> dict[str, Any]:
    """Return the document of the routes as they are now."""
    # Only who asks for the document pays for loading what makes it.
    from baton.surfaces.wire.openapi.document import build_document

    return build_document(PREFIX, INFO)


@cache
def _document_and_tag() -> tuple[bytes, str]:
    body = msgspec.json.encode(document())
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'
