"""Which IP addresses a feed may be fetched from."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_network

from monitor.feeds.urls import IPAddress, WebAddress, as_literal

IPNetwork = IPv4Network | IPv6Network

# What `is_global` lets through although it leads, or may lead, into a network that is not public.
_ALSO_REFUSED = tuple(
    ip_network(block)
    for block in (
        "192.0.0.0/24",  # IETF protocol assignments (RFC 6890)
        "192.88.99.0/24",  # 6to4 relays (RFC 7526)
        "168.63.129.16/32",  # a cloud's host agent, on a public-looking address
        "2001::/23",  # IETF protocol assignments (RFC 2928): Teredo, benchmarks, relays
        "2002::/16",  # 6to4 (RFC 3056)
        "3fff::/20",  # documentation (RFC 9637)
    )
)
# All that IANA gives out for the public IPv6 internet (RFC 4291 §2.4). Beside it lie the ways of writing an IPv4
# address, a private one too, as IPv6: compatible (::/96), translated (::ffff:0:0:0/96), NAT64 (64:ff9b::/96).
_GLOBAL_UNICAST_6 = ip_network("2000::/3")


# Where the operator's own machine and network are.
_INSIDE = tuple(
    ip_network(block)
    for block in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",  # carriers' NAT (RFC 6598), and what VPNs of today number their members by
        "::1/128",
        "fc00::/7",  # RFC 4193
    )
)
# Addresses inside it at which clouds hand out credentials to whoever asks.
_METADATA = tuple(ip_network(block) for block in ("100.100.100.200/32", "fd00:ec2::254/128"))


def is_public(address: IPAddress) -> bool:
    """Whether the address is reached over the public internet and nowhere else."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST_6:
        return False
    return not _is_in(address, _ALSO_REFUSED)


def is_own_machine_or_network(address: WebAddress) -> bool:
    """Whether an operator who writes this plainly means a host on the inside: a literal private address, or localhost.

    Link-local addresses and those of a cloud's metadata service are not among them: such a number comes out of a list
    from elsewhere more often than out of somebody's own network. Nor are numbers that only a translator understands.
    """
    return address.host == "localhost" or _names_inside(address.host)


def is_own_machine(address: WebAddress) -> bool:
    literal = address.literal
    return address.host == "localhost" or (literal is not None and is_loopback(literal))


@lru_cache(maxsize=1024)  # asked several times in each poll
def _names_inside(host: str) -> bool:
    literal = as_literal(host)
    return literal is not None and _is_inside(literal)


def is_loopback(address: IPAddress) -> bool:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return is_loopback(address.ipv4_mapped)
    return address.is_loopback


def _is_inside(address: IPAddress) -> bool:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return _is_inside(address.ipv4_mapped)
    return _is_in(address, _INSIDE) and not _is_in(address, _METADATA)


def _is_in(address: IPAddress, blocks: tuple[IPNetwork, ...]) -> bool:
    return any(address.version == block.version and address in block for block in blocks)
