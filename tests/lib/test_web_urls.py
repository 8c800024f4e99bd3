from __future__ import annotations

import pytest

from baton.lib.web_urls import BadUrl, follow_redirect, parse_url, read_literal


@pytest.mark.parametrize(
    "text, origin, target",
    [
        ("https://example.com", "https://example.com", "/"),
        ("HTTPS://Example.COM:443/a/b?c=d&e", "https://example.com", "/a/b?c=d&e"),
        ("http://example.com:8080?x", "http://example.com:8080", "/?x"),
        ("http://[2606:4700::1]:80/%20", "http://[2606:4700::1]", "/%20"),
    ],
)
def test_reads(text: str, origin: str, target: str) -> None:
    url = parse_url(text)
    assert (url.origin, url.target) == (origin, target)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com",
        "//example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "http://",
        "http:///x",
        "http://user@example.com/",
        "http://user:password@example.com/",
        "http://example.com:0/",
        "http://example.com:65536/",
        "http://example.com:/",
        "http://example.com/#part",
        "http://example.com\\@127.0.0.1/",
        "http://example.com/a b",
        "http://example.com/\r\nX: y",
        "http://example.com/\u2025",
        "http://\u0435xample.com/",
        "http://127.0.0.1%2f@example.com/",
        " http://example.com/",
        "http://example.com/\n",
        "http://[fe80::1%25eth0]/",
        "http://example.com/" + "x" * 2000,
    ],
)
def test_refuses(text: str) -> None:
    with pytest.raises(BadUrl):
        parse_url(text)


def test_follows_redirects() -> None:
    url = parse_url("https://example.com:8443/a/b?c")
    assert follow_redirect(url, "../d").target == "/d"
    assert follow_redirect(url, "//other.example/x").origin == "https://other.example"
    for location in ("http://example.com/", "javascript:alert(1)", "https://u@example.com/", "http://[", ""):
        if location:
            with pytest.raises(BadUrl):
                follow_redirect(url, location)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "017700000001", "127.1."])
def test_reads_every_spelling_of_an_address(host: str) -> None:
    assert str(read_literal(host)) == "127.0.0.1"


def test_names_are_no_addresses() -> None:
    assert read_literal("example.com") is None
    assert str(read_literal("::1")) == "::1"
