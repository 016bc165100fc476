"""Each channel and the heartbeat's address: can they be reached? Nothing is sent to any."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Collection, Iterator
from typing import Final
from urllib.parse import urlsplit

from monitor.alerts.endpoint import Endpoint
from monitor.alerts.send import AppriseSender
from monitor.doctor.findings import Finding, ok, problem, warning
from monitor.model import Beacon, Channel

SECONDS: Final = 10.0
_FIREWALL = "look at its host and port in the address, and at this machine's network and firewall"
Context = Callable[[], ssl.SSLContext]


def look(
    channel: Channel, sender: AppriseSender, known: Collection[str], *, offline: bool, trust: Context
) -> Iterator[Finding]:
    """`known`: ids of the channels that can be used. `trust` makes what certificates are judged by."""
    about = f"channel {channel.id}"
    why = sender.problem(channel)
    if why:
        yield problem(about, why, "mend its address in the rules file, or the variable or file that it comes from")
        return
    if channel.fallback is not None and channel.fallback not in known:
        what = f"its fallback '{channel.fallback}' cannot be used: if this channel refuses, nobody is told instead"
        yield warning(about, what, "set the variable or file that the fallback's address comes from")
    if channel.url is None:
        yield ok(about, "prints where the monitor runs")
        return
    endpoint = sender.endpoint(channel)
    if offline or endpoint is None:
        yield ok(
            about, "its address is well formed; " + ("not asked" if offline else "where it leads shows only in sending")
        )
        return
    yield _reached(about, endpoint, trust)


def heartbeat(beacon: Beacon | None) -> Iterator[Finding]:
    """Only its name is looked up: a sign of life that is none would be worse than none."""
    if beacon is None:
        yield ok("heartbeat", "no address elsewhere hears of this monitor's silence (see 'heartbeat:' in the rules)")
        return
    try:
        parts = urlsplit(beacon.url.reveal())
        socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        yield problem("heartbeat", "the host of its address was not found", "correct 'heartbeat:' in the rules file")
    else:
        yield ok("heartbeat", "the host of its address is known (it was not asked)")


def _reached(about: str, endpoint: Endpoint, trust: Context) -> Finding:
    where = f"{endpoint.host} port {endpoint.port}"
    try:
        socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return problem(
            about, f"the name {endpoint.host} was not found", "look at its spelling, and at the name servers"
        )
    try:
        with socket.create_connection((endpoint.host, endpoint.port), SECONDS) as stream:
            if not endpoint.tls:
                return ok(about, f"{where} takes connections (nothing was sent)")
            with _context(endpoint, trust).wrap_socket(stream, server_hostname=endpoint.host):
                return ok(about, f"{where} takes secure connections (nothing was sent)")
    except ssl.SSLError as error:
        told = getattr(error, "verify_message", "") or error.reason or "no TLS"
        return problem(about, f"{where}: no secure connection ({told})", "look at its certificate, and at the port")
    except OSError as error:
        return problem(about, f"{where}: no connection ({error.strerror or 'too slow'})", _FIREWALL)


def _context(endpoint: Endpoint, trust: Context) -> ssl.SSLContext:
    context = trust()
    if not endpoint.verified:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
