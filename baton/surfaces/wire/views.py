"""The view class of the JSON surfaces: DRF's, with what a hot request does not need cut away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.exceptions import NotAuthenticated
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from baton.core.actor import Actor
from baton.core.commands.guesses import noting_allowances
from baton.core.policies.credentials import ADMIN, READ, WRITE, reaches, reaches_account
from baton.core.queries.credentials import require_live
from baton.surfaces.wire import idempotency
from baton.surfaces.wire.parsers import PARSERS
from baton.surfaces.wire.rate_limits import rate_limit_headers
from baton.surfaces.wire.refusals import NO_REACH, Refused, handle_exception
from baton.surfaces.wire.requests import WireRequest
from baton.surfaces.wire.respond import json_response

Handler = Callable[..., HttpResponseBase]


class Access(Enum):
    """Who may call a view at all; what they may do there is for policies and commands."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    OWN_ACCOUNT = "signed in, and not with a token for one project"


class FirstParserThatReads(BaseContentNegotiation):
    """JSON always goes out, whatever `Accept` says; what comes in is chosen by its type."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        """Return the parser of the body's media type, or None."""
        media_type = request.content_type.partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == media_type), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        """Return the JSON renderer; only DRF's own machinery asks."""
        return renderers[0], renderers[0].media_type


class BatonView(APIView):
    """A resource. Every view says who may call it: `access = Access.SIGNED_IN`.

    Handlers return `json_response(...)` or any HttpResponse. `hot` names methods whose own SQL checks that the
    credential is live; everywhere else it is checked before the handler runs. `idempotent = False` is for answers that
    hold secrets, which must not be kept: there an Idempotency-Key is ignored. `takes_empty_body` reads no body as {}.
    With an API token, GET and HEAD take the scope `read` and other methods `write`; those named in `administers`, which
    decide over people and credentials, take `admin`, and those in `looks` only `read`, whatever their method.
    Every method says above it what it takes and gives (`@operation`); `is_described = False` is for pages for people.
    `as_view(is_alias=True)` is a second address of a view.
    """

    access: ClassVar[Access]
    hot: ClassVar[frozenset[str]] = frozenset()
    administers: ClassVar[frozenset[str]] = frozenset()
    looks: ClassVar[frozenset[str]] = frozenset()
    idempotent: ClassVar[bool] = True
    takes_empty_body: ClassVar[bool] = False
    is_described: ClassVar[bool] = True
    is_alias: bool = False

    renderer_classes: Sequence[type[BaseRenderer]] = (JSONRenderer,)
    parser_classes: Sequence[type[BaseParser]] = PARSERS
    content_negotiation_class: type[BaseContentNegotiation] = FirstParserThatReads
    permission_classes = ()
    throttle_classes = ()

    request: WireRequest

    _PARSERS: ClassVar[tuple[BaseParser, ...]] = tuple(parser() for parser in PARSERS)
    _NEGOTIATOR: BaseContentNegotiation = FirstParserThatReads()

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if not isinstance(getattr(cls, "access", None), Access):
            raise TypeError(f"{cls.__qualname__} must declare who may call it: access = Access.SIGNED_IN or .PUBLIC")

        if "parser_classes" in cls.__dict__:
            cls._PARSERS = tuple(parser() for parser in cls.parser_classes)

    @property
    def actor(self) -> Actor:
        """Who asks. Raises NotAuthenticated where nobody is signed in (on a public view)."""
        actor = self.request.actor
        if actor is None:
            raise NotAuthenticated
        return actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer the request: DRF's life of a request in the same order, without the steps that a view never uses."""
        self.args = args
        self.kwargs = kwargs
        self.request = self.initialize_request(request)
        with noting_allowances() as standings:
            try:
                response = self._answer(self.request, *args, **kwargs)
            except Exception as exc:  # noqa: BLE001  # every exception has its problem document
                response = handle_exception(exc, {"request": self.request, "view": self})
        response = self._finish(response)
        for name, value in rate_limit_headers(standings).items():
            response.headers[name] = value
        return response

    def initialize_request(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> WireRequest:
        """Wrap Django's request; parsers and negotiator keep no state and are shared."""
        return WireRequest(
            request,
            parsers=self._PARSERS,
            authenticators=self.get_authenticators(),
            negotiator=self._NEGOTIATOR,
            parser_context={"view": self, "kwargs": self.kwargs},
        )

    def options(self, request: Any, *_args: Any, **_kwargs: Any) -> HttpResponse:  # type: ignore[override]  # plain, not DRF's
        """Say which methods there are; to anyone, since that much is in the public schema."""
        response = HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods)})
        del response.headers["Content-Type"]
        return response

    def _answer(self, request: WireRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        method = (request.method or "").lower()
        if method not in self.http_method_names or not hasattr(self, method):
            self.http_method_not_allowed(request)
        handler: Handler = getattr(self, method)
        if method == "options":
            return self.options(request)
        self._admit(request, method)
        if method == "post" and self.idempotent and "HTTP_IDEMPOTENCY_KEY" in request.META:
            return self._answer_once(request, lambda: handler(request, *args, **kwargs))
        return handler(request, *args, **kwargs)

    def _admit(self, request: WireRequest, method: str) -> None:
        if self.access is not Access.PUBLIC:
            self._admit_actor(request, self.actor, "get" if method == "head" else method)
        if self.permission_classes:
            self.check_permissions(request)
        if self.throttle_classes:
            self.check_throttles(request)

    def _admit_actor(self, request: WireRequest, actor: Actor, method: str) -> None:
        if actor.token_id is not None:
            self._check_reach(actor, method)
        if not actor.is_live and method not in self.hot:
            request.take(_alive(actor))

    def _check_reach(self, actor: Actor, method: str) -> None:
        if self.access is Access.OWN_ACCOUNT and not reaches_account(actor):
            raise Refused(403, "insufficient_scope", "This token is for one project.", WWW_Authenticate=NO_REACH)
        scope = ADMIN if method in self.administers else READ if method == "get" or method in self.looks else WRITE
        if not reaches(actor, scope):
            detail = f"This token lacks the scope {scope}."
            raise Refused(403, "insufficient_scope", detail, WWW_Authenticate=f'{NO_REACH}, scope="{scope}"')

    def _answer_once(self, request: WireRequest, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
        actor = request.actor
        if actor is None or actor.user_id is None:
            return act()
        if "post" in self.hot or self.access is Access.PUBLIC:
            # A kept answer runs none of the handler's SQL, which would have noticed a dead credential.
            request.take(_alive(actor))
        return idempotency.once(request, actor.user_id, lambda: _plain(act()))

    def _finish(self, response: HttpResponseBase) -> HttpResponseBase:
        response = _plain(response)
        headers = response.headers
        if response.status_code == 405:
            headers["Allow"] = ", ".join(self.allowed_methods)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        if "ETag" in headers:
            # A browser may keep it, asks every time, and never shows one person's copy to another.
            headers.setdefault("Cache-Control", "private, no-cache")
            headers.setdefault("Vary", "Authorization, Cookie")
        else:
            headers.setdefault("Cache-Control", "no-store")
        return response


def _alive(actor: Actor) -> Actor:
    """Look whether the credential is live, once: the queries behind then need not. Raises DeadCredential."""
    require_live(actor)
    return replace(actor, is_live=True)


def _plain(response: HttpResponseBase) -> HttpResponseBase:
    """Return a DRF Response, which would ask for a renderer, as plain JSON."""
    if isinstance(response, Response):
        kept = {name: value for name, value in response.items() if name != "Content-Type"}
        return json_response(response.data, response.status_code, kept)
    return response
