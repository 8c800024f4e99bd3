"""The view class of the dialects that were written with Django REST framework, whose habits their clients know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.metadata import SimpleMetadata
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from baton.core.actor import Actor
from baton.surfaces.wire.dialects.dialect import Dialect
from baton.surfaces.wire.dialects.negotiation import QuickNegotiation
from baton.surfaces.wire.parsers import JsonParser, StrictFormParser, StrictMultiPartParser
from baton.surfaces.wire.requests import WireRequest
from baton.surfaces.wire.views import Access, BatonView, Handler


class DialectView(BatonView):
    """A resource of a dialect. Its own base class in each dialect says `dialect` and `authentication_classes`.

    The life of a request is the framework's: what goes out is negotiated, who asks is found out on every view and
    before the method is looked at, OPTIONS describes. What comes in is read by the kit's strict parsers. Handlers
    return a DRF `Response`, which becomes plain JSON unless a browser asked for a page, or any HttpResponse.
    """

    dialect: ClassVar[Dialect]
    access = Access.SIGNED_IN
    idempotent = False
    takes_empty_body = True
    is_described = False

    parser_classes: Sequence[type[BaseParser]] = (JsonParser, StrictFormParser, StrictMultiPartParser)
    content_negotiation_class = QuickNegotiation
    metadata_class = SimpleMetadata

    _PARSERS = tuple(parser() for parser in (JsonParser, StrictFormParser, StrictMultiPartParser))
    _NEGOTIATOR = QuickNegotiation()

    def options(self, request: Any, *_args: Any, **_kwargs: Any) -> Response:
        """Describe the resource as the framework does."""
        return Response(self.metadata_class().determine_metadata(request, self))

    def check_permissions(self, request: Any) -> None:
        """Raise NotAuthenticated for who may not call the view: a browser's page asks this for each of its forms."""
        # A page asks with plain requests of the framework's, one for each method.
        if self.access is not Access.PUBLIC and not isinstance(request.user, Actor):
            raise NotAuthenticated
        super().check_permissions(request)

    def _answer(self, request: WireRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.format_kwarg = self.get_format_suffix(**kwargs)
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        method = (request.method or "").lower()
        self._admit(request, method)
        if method not in self.http_method_names or not hasattr(self, method):
            self.http_method_not_allowed(request)
        handler: Handler = getattr(self, method)
        return handler(request, *args, **kwargs)

    def _admit(self, request: WireRequest, method: str) -> None:
        # A bad credential is refused on public views too, as the framework does.
        actor = request.actor
        self.check_permissions(request)
        if actor is not None:
            self._admit_actor(request, actor, "get" if method == "head" else method)

    def _finish(self, response: HttpResponseBase) -> HttpResponseBase:
        if isinstance(response, Response) and self._is_for_a_browser():
            response = self._as_page(response)
        response = super()._finish(response)
        response.headers["Allow"] = ", ".join(self.allowed_methods)
        if len(self.renderer_classes) > 1:
            patch_vary_headers(response, ("Accept",))
        return response

    def _is_for_a_browser(self) -> bool:
        renderer = getattr(self.request, "accepted_renderer", None)
        return renderer is not None and renderer.media_type != JSONRenderer.media_type

    def _as_page(self, response: Response) -> HttpResponse:
        """Return the answer as its negotiated renderer writes it."""
        request: Any = self.request
        response.accepted_renderer = request.accepted_renderer
        response.accepted_media_type = request.accepted_media_type
        response.renderer_context = self.get_renderer_context()  # type: ignore[attr-defined]  # the stubs leave it out
        page = HttpResponse(response.rendered_content, status=response.status_code, headers=dict(response.items()))
        page.is_page = True  # type: ignore[attr-defined]  # see `last_resort.NeverHtml`
        return page
