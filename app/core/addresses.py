"""Addresses of callers and the networks they may belong to."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_MAPPED = ip_network("::ffff:0:0/96")
_OF_ONE = 64  # bits of an IPv6 address that one network has in common


def is_within(address: str | None, networks: Iterable[str]) -> bool:
    """Whether an address lies in one of some networks (CIDR); what is no address lies in none."""
    place = _read(address)
    return place is not None and any(place in ip_network(network) for network in networks)


def block_of(address: str | None) -> str:
    """By what callers are counted: an IPv4 address as it is, of an IPv6 address the /64.

    A single host has the whole of its /64 and may show another address of it each time. What is no address stays as it
    is; nothing is an empty text.
    """
    place = _read(address)
    if place is None:
        return address or ""
    return str(place if isinstance(place, IPv4Address) else IPv6Network((int(place), _OF_ONE), strict=False))


def network(text: str) -> str:
    """The one way to write a network (CIDR) or a single address.

    Raises:
        ValueError: it is neither, names a link of one machine, or is a network with an address inside it, which may
            be meant as the one or the other.
    """
    if "%" in text:
        raise ValueError("an address of one link")
    found: IPv4Network | IPv6Network = ip_network(text)
    if isinstance(found, IPv6Network) and isinstance(_MAPPED, IPv6Network) and found.subnet_of(_MAPPED):
        # callers are compared by their IPv4 address
        inner = int(found.network_address) & 0xFFFF_FFFF
        found = IPv4Network((inner, found.prefixlen - 96))
    return str(found.network_address) if found.num_addresses == 1 else str(found)


def _read(address: str | None) -> IPv4Address | IPv6Address | None:
    try:
        place = ip_address(address or "")
    except ValueError:
        return None
    # an IPv4 address that came over an IPv6 socket is the same address
    return getattr(place, "ipv4_mapped", None) or place
