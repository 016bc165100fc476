"""Which IP addresses a feed may be fetched from."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_network

from monitor.feeds.urls import IPAddress, WebAddress

# What `is_global` lets through although it leads, or may lead, into a network that is not public.
_ALSO_REFUSED = tuple(
    ip_network(block)
    for block in (
        "192.0.0.0/24",  # IETF protocol assignments (RFC 6890)
        "192.88.99.0/24",  # 6to4 relays (RFC 7526)
        "168.63.129.16/32",  # a cloud's host agent, on a public-looking address
        "::/96",  # IPv4-compatible (RFC 4291 §2.5.5.1)
        "64:ff9b::/96",  # NAT64 (RFC 6052): any IPv4 address, private ones too
        "64:ff9b:1::/48",  # local NAT64 (RFC 8215)
        "2001::/32",  # Teredo (RFC 4380)
        "2002::/16",  # 6to4 (RFC 3056)
        "fec0::/10",  # site-local (RFC 3879)
    )
)


def is_public(address: IPAddress) -> bool:
    """Whether the address is reached over the public internet and nowhere else."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if not address.is_global or address.is_multicast:
        return False
    return not any(address.version == block.version and address in block for block in _ALSO_REFUSED)


def is_own_machine_or_network(address: WebAddress) -> bool:
    """Whether an operator who writes this means a host on the inside: a literal private address, or localhost."""
    literal = address.literal
    return address.host == "localhost" or (literal is not None and not is_public(literal))


def is_loopback(address: IPAddress) -> bool:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return is_loopback(address.ipv4_mapped)
    return address.is_loopback
