"""Which addresses are the public Internet: what a server may call that somebody else has named."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network

from baton.lib.networks import Address, Network

# Written out rather than asked of `ipaddress.is_global`, whose answers differ between releases of Python.
_NOT_PUBLIC = (
    "0.0.0.0/8",  # this host
    "10.0.0.0/8",
    "100.64.0.0/10",  # carriers' NAT; a cloud's metadata too
    "127.0.0.0/8",
    "168.63.129.16/32",  # Azure's metadata, at an address that looks public
    "169.254.0.0/16",  # link-local; the metadata of most clouds
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",  # 6to4 relays
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",  # reserved, and broadcast
)
# Of IPv6 only one eighth is handed out; loopback, mapped, NAT64, link-local, private and multicast lie outside of it.
_HANDED_OUT = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = (
    "2001::/23",  # Teredo, ORCHID, benchmarking
    "2001:db8::/32",
    "2002::/16",  # 6to4: an IPv4 address in disguise
    "3fff::/20",
)
_V4 = tuple(IPv4Network(text) for text in _NOT_PUBLIC)
_V6 = tuple(IPv6Network(text) for text in _NOT_PUBLIC_6)


def may_be_called(address: Address, allowed: Sequence[Network] = ()) -> bool:
    """Is the address public, or in one of the networks that the operator allows?

    An IPv4 address that is mapped into IPv6 is judged as what it is.
    """
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if any(address in network for network in allowed if network.version == address.version):
        return True
    if isinstance(address, IPv6Address):
        return address in _HANDED_OUT and not any(address in network for network in _V6)
    return not any(address in network for network in _V4)
