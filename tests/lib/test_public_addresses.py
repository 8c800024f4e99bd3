from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from baton.lib.public_addresses import may_be_called

INSIDE = (
    "0.0.0.0",
    "0.1.2.3",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::7f00:1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:808:808::1",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "5f00::1",
)
OUTSIDE = (
    "8.8.8.8",
    "1.1.1.1",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
)


@pytest.mark.parametrize("text", INSIDE)
def test_inside(text: str) -> None:
    assert not may_be_called(ip_address(text))


@pytest.mark.parametrize("text", OUTSIDE)
def test_outside(text: str) -> None:
    assert may_be_called(ip_address(text))


def test_the_operator_allows_networks() -> None:
    allowed = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    assert may_be_called(ip_address("10.1.2.3"), allowed)
    assert may_be_called(ip_address("::ffff:10.1.2.3"), allowed)
    assert may_be_called(ip_address("fd00::1"), allowed)
    assert not may_be_called(ip_address("127.0.0.1"), allowed)
    assert not may_be_called(ip_address("fe80::1"), allowed)
