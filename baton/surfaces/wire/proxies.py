"""Who is behind the proxies in front of us: one place, whichever server runs the application."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from baton.lib.networks import client_behind, is_trusted, network_of

Handler = Callable[[HttpRequest], HttpResponseBase]

_SCHEMES = ("http", "https")


def see_behind_proxies(get_response: Handler) -> Handler:
    """Middleware: makes REMOTE_ADDR and the scheme those of the client, where a trusted proxy tells them.

    What anybody else tells is not listened to: neither by us, nor by what stands further inside.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        if settings.BATON_TRUSTED_PROXIES and is_trusted(meta.get("REMOTE_ADDR", ""), settings.BATON_TRUSTED_PROXIES):
            forwarded = meta.get("HTTP_X_FORWARDED_FOR", "")
            meta["REMOTE_ADDR"] = client_behind(meta["REMOTE_ADDR"], forwarded, settings.BATON_TRUSTED_PROXIES)
            scheme = meta.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower()
            if scheme in _SCHEMES:
                meta["wsgi.url_scheme"] = scheme
        return get_response(request)

    return middleware


def network(request: HttpRequest | Request) -> str:
    """Return whom to hold responsible for a request's guesses (`lib.networks.network_of`)."""
    return network_of(request.META.get("REMOTE_ADDR", ""))
