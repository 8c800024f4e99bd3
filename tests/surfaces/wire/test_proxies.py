from __future__ import annotations

from ipaddress import ip_network

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import override_settings

from baton.surfaces.wire.proxies import network, see_behind_proxies

PROXIES = (ip_network("10.0.0.0/8"),)


def seen(peer: str, **headers: str) -> tuple[str, str]:
    """Return the address and scheme that the application sees."""
    found: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        found.append(request)
        return HttpResponse()

    request = RequestFactory().get("/", REMOTE_ADDR=peer)
    request.META.update(headers)
    see_behind_proxies(view)(request)
    return found[0].META["REMOTE_ADDR"], str(found[0].scheme)


@override_settings(BATON_TRUSTED_PROXIES=PROXIES)
@pytest.mark.parametrize(
    "peer, forwarded, scheme, expected",
    [
        ("10.0.0.1", "198.51.100.7", "https", ("198.51.100.7", "https")),
        ("10.0.0.1", "198.51.100.7", "http", ("198.51.100.7", "http")),
        ("10.0.0.1", "198.51.100.7", "gopher", ("198.51.100.7", "http")),
        ("10.0.0.1", "198.51.100.7", "http, https", ("198.51.100.7", "https")),
        ("203.0.113.9", "198.51.100.7", "https", ("203.0.113.9", "http")),
    ],
)
def test_only_a_trusted_proxy_is_believed(peer: str, forwarded: str, scheme: str, expected: tuple[str, str]) -> None:
    assert seen(peer, HTTP_X_FORWARDED_FOR=forwarded, HTTP_X_FORWARDED_PROTO=scheme) == expected


def test_without_one_nobody_is() -> None:
    assert seen("10.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4", HTTP_X_FORWARDED_PROTO="https") == ("10.0.0.1", "http")


def test_a_request_without_an_address_has_a_network_too() -> None:
    assert network(RequestFactory().get("/", REMOTE_ADDR="")) == "unknown"
