"""Addresses of callers and the networks they may belong to."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

_MAPPED = ip_network("::ffff:0:0/96")


def is_within(address: str | None, networks: Iterable[str]) -> bool:
    """Whether an address lies in one of some networks (CIDR); what is no address lies in none."""
    try:
        place = ip_address(address or "")
    except ValueError:
        return False
    # an IPv4 address that came over an IPv6 socket is the same address
    mapped = getattr(place, "ipv4_mapped", None) or place
    return any(mapped in ip_network(network) for network in networks)


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
