"""By which names the pages may be asked for. Else any page in a browser on this machine could read ours by having its
own name lead here (DNS rebinding)."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from monitor.model import Access

_OF_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def is_own_host(written: str, access: Access, *, url: str | None, here: str) -> bool:
    """`written` is the Host header, `here` the address that was connected to. No name of another's leads to an address,
    or to a name of this machine, so these may always be used. The name in `url`, as any other, counts only where
    visitors have to say who they are: what has no password is for this machine."""
    host = without_port(written.lower())
    if host in _OF_THIS_MACHINE or (_is_address(here) and host == plain(here)):
        return True
    return access.asks and (host in access.hosts or host == host_of(url))


def host_of(url: str | None) -> str | None:
    host = urlsplit(url).hostname if url else None
    return host.lower() if host else None


def without_port(host: str) -> str:
    """Without brackets and the root's dot, too."""
    name, colon, port = host.rpartition(":")
    if colon and port.isascii() and port.isdigit() and (":" not in name or name.endswith("]")):
        host = name
    return host.strip("[]").removesuffix(".")


def plain(address: str) -> str:
    """An address without its zone; one of IPv4 that came by way of IPv6 as itself."""
    bare = address.partition("%")[0].lower()
    return bare.removeprefix("::ffff:") if "." in bare else bare


def is_loopback(address: str) -> bool:
    return _is_address(address) and ip_address(plain(address)).is_loopback


def _is_address(written: str) -> bool:
    try:
        ip_address(plain(written))
    except ValueError:
        return False
    return True
