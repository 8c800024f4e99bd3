"""What every native view shares: who asks, the page asked for, and the answer of one resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from baton.core.queries.keyset import Page
from baton.core.queries.listing import Slice
from baton.surfaces.wire.credentials import BearerToken, SessionCookie
from baton.surfaces.wire.etags import etag, is_unchanged, not_modified
from baton.surfaces.wire.paging import PageRequest, page_response
from baton.surfaces.wire.respond import json_response
from baton.surfaces.wire.views import Access, BatonView


class ApiView(BatonView):
    """A view of the native API: Bearer tokens and session cookies."""

    access = Access.SIGNED_IN
    authentication_classes: Sequence[type[BaseAuthentication]] = (BearerToken, SessionCookie)


def page_of(request: PageRequest) -> Page:
    """Return the core's page of a wire's page."""
    return Page(request.size, request.after, request.backwards)


def slice_response(
    request: HttpRequest | Request,
    page: PageRequest,
    found: Slice[Any],
    count: int | None = None,
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Return a page of a list as its envelope, and `more` in it."""
    keys: dict[str, Any] = {"next_keys": found.next_keys, "previous_keys": found.previous_keys}
    return page_response(request, page, found.items, **keys, count=count, more=more)


def resource_response(
    request: Request, shape: object, version: int, *counters: int, status: int = 200, location: str | None = None
) -> HttpResponse:
    """Return one resource with its tag, or 304 where a reader holds it already."""
    tag = etag(version, *counters)
    if request.method in ("GET", "HEAD") and is_unchanged(request, tag):
        return not_modified(tag)
    headers = {"ETag": tag}
    if location is not None:
        headers["Location"] = location
    return json_response(shape, status, headers)
