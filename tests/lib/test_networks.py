from __future__ import annotations

from ipaddress import ip_network

import pytest

from baton.lib.networks import client_behind, is_trusted, network_of

PROXIES = tuple(ip_network(text) for text in ("10.0.0.0/8", "127.0.0.1", "fd00::/8"))


@pytest.mark.parametrize(
    "address, network",
    [
        ("203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:5123", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::7]:443", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
        ("203.0.113.999", "unknown"),
    ],
)
def test_who_is_held_responsible(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    "peer, forwarded, client",
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # no proxy of ours: it says what it likes
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),  # the client made the first one up
        ("10.0.0.1", "10.9.9.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"),  # two proxies of ours
        ("10.0.0.1", "10.0.0.7", "10.0.0.7"),  # who called is inside
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, rubbish", "10.0.0.1"),
        ("10.0.0.1", ",".join(["198.51.100.1"] * 10_000), "198.51.100.1"),
        ("::ffff:10.0.0.1", "[2001:db8::1]:80", "2001:db8::1"),
        ("fd00::1", "198.51.100.1:9999", "198.51.100.1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_who_is_behind_the_proxies(peer: str, forwarded: str, client: str) -> None:
    assert client_behind(peer, forwarded, PROXIES) == client


def test_nobody_is_trusted_unless_named() -> None:
    assert is_trusted("10.2.3.4", PROXIES)
    assert not is_trusted("203.0.113.9", PROXIES)
    assert not is_trusted("10.2.3.4", ())
    assert not is_trusted("", PROXIES)
