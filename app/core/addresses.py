"""Addresses of callers and the networks they may belong to."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network


def is_within(address: str | None, networks: Iterable[str]) -> bool:
    """Whether an address lies in one of some networks (CIDR); what is no address lies in none."""
    try:
        place = ip_address(address or "")
    except ValueError:
        return False
    # an IPv4 address that came over an IPv6 socket is the same address
    mapped = getattr(place, "ipv4_mapped", None) or place
    return any(mapped in ip_network(network) for network in networks)
