"""Where requests come from: addresses, the networks they belong to, and the proxies in between."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

UNKNOWN = "unknown"
_MOST_HOPS = 50


def parse_address(text: str) -> Address | None:
    """Return the address, with or without a port or a link's zone; None where it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def network_of(text: str) -> str:
    """Return whom to hold responsible for what comes from an address: it itself, for IPv6 its /64.

    One household or host has a whole /64 of IPv6. IPv4 addresses are shared already: neighbours in a /24 are strangers,
    and one must not use up the other's tries.
    """
    address = parse_address(text)
    if address is None:
        return UNKNOWN
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)


def client_behind(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """Return the address of the client, given who is connected and its `X-Forwarded-For`.

    Each proxy adds at the end whom it was called by. So from the end on, the first address that is no trusted proxy is
    the client; all before it is what the client claims.
    """
    address = parse_address(peer)
    if address is None or not _is_among(address, trusted):
        return peer
    for hop in reversed(forwarded.split(",")[-_MOST_HOPS:]):
        found = parse_address(hop)
        if found is None:
            break
        address = found
        if not _is_among(found, trusted):
            break
    return str(address)


def is_trusted(peer: str, trusted: Sequence[Network]) -> bool:
    """Is this the address of a trusted proxy?"""
    address = parse_address(peer)
    return address is not None and _is_among(address, trusted)


def _is_among(address: Address, networks: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
