"""Who asks, by what they show. Pure but for the sessions it looks at."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from ipaddress import ip_address, ip_network
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from monitor.model import Access
from monitor.web.access.hosts import is_loopback, plain
from monitor.web.access.sessions import NAMELESS, Session, Sessions

_FORWARDED: Final = ("forwarded", "via", "x-real-ip", "cf-connecting-ip", "true-client-ip")
UNIX: Final = "unix"  # the peer of whoever comes through a socket of the file system, whose permissions let them in
_LONGEST_NAME: Final = 80


class Way(Enum):
    """How a visitor came in."""

    THIS_MACHINE = "no password is asked for here"
    SESSION = "they logged in"
    BEARER = "their program shows the token"
    PROXY = "the proxy says who they are"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """`user`: '' where nobody has to say who they are."""

    way: Way
    user: str = ""
    session: Session | None = None


def peer_of(connection: HTTPConnection) -> str:
    """The address that is connected to us, '' where it is gone already; `UNIX`. The socket of ours tells which kind it
    is: it stays when an asker goes."""
    server, client = connection.scope.get("server"), connection.client
    if server is not None and server[1] is None:
        return UNIX
    return client.host if client else ""


class Stranger:
    """Who may log in."""


@dataclass(frozen=True, slots=True)
class Barred:
    """Who may not. `key` tells it in the words of the pages."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a request shows of who sends it. `peer`: see `peer_of`. `version`: of HTTP."""

    headers: Headers
    peer: str
    session_cookie: str
    version: str = "1.1"


def visitor(shown: Shown, access: Access, sessions: Sessions, *, now: datetime) -> Visitor | Stranger | Barred:
    """What a visitor shows that is wrong is refused, never passed over for what else they show."""
    if not access.asks:
        return _of_this_machine(shown)
    if access.lacks_token:
        return Barred("access.no_token")
    bearer = _bearer(shown.headers)
    if bearer is not None:
        return _with_token(bearer, access)
    named = shown.headers.getlist(access.header) if access.header else []
    if named:
        return _named(named, shown, access)
    session = sessions.of(shown.session_cookie, access, now=now) if shown.session_cookie else None
    if session is not None:
        return Visitor(way=Way.SESSION, user=session.user, session=session)
    return Stranger() if access.users or access.token else Barred("access.no_name")


def _of_this_machine(shown: Shown) -> Visitor | Barred:
    """Behind a proxy the whole world seems to sit at this machine."""
    if shown.peer == UNIX:
        return Barred("access.proxy")
    if not is_loopback(shown.peer):
        return Barred("access.no_password")
    # A proxy that is told nothing passes requests on in HTTP/1.0 and names nobody (nginx does); no browser speaks it.
    passed_on = is_forwarded(shown.headers) or shown.version == "1.0"
    return Barred("access.proxy") if passed_on else Visitor(way=Way.THIS_MACHINE)


def is_forwarded(headers: Headers) -> bool:
    return any(name in _FORWARDED or name.startswith("x-forwarded-") for name in headers)


def _bearer(headers: Headers) -> str | None:
    """None where another kind of proof is shown: that of a proxy before us may come through to us."""
    shown = headers.getlist("authorization")
    bearers = [each.partition(" ")[2].strip() for each in shown if each[:7].lower() == "bearer "]
    return bearers[0] if len(bearers) == 1 else "" if bearers else None


def _with_token(bearer: str, access: Access) -> Visitor | Barred:
    wanted = access.token.reveal() if access.token else ""
    good = hmac.compare_digest(bearer.encode("utf-8", "surrogateescape"), wanted.encode()) and bool(wanted)
    return Visitor(way=Way.BEARER, user=NAMELESS) if good else Barred("access.wrong_token")


def _named(named: list[str], shown: Shown, access: Access) -> Visitor | Barred:
    if not is_trusted(shown.peer, access):
        return Barred("access.not_the_proxy")
    try:  # a header is read as latin-1; names are written in UTF-8
        name = named[0].encode("latin-1").decode("utf-8").strip()
    except ValueError:
        return Barred("access.no_name")
    if len(named) > 1 or not name or len(name) > _LONGEST_NAME or not name.isprintable():
        return Barred("access.no_name")
    return Visitor(way=Way.PROXY, user=name)


def is_trusted(peer: str, access: Access) -> bool:
    """Whether it is the proxy."""
    if not (access.proxy and peer):
        return False
    if UNIX in (access.proxy, peer):
        return access.proxy == peer
    try:
        return ip_address(plain(peer)) in ip_network(access.proxy)
    except ValueError:
        return False


def address_of(headers: Headers, peer: str, access: Access) -> str:
    """Whose tries to log in are counted together: who is connected to us; behind the proxy whom it names last, for all
    before that may be made up."""
    said = headers.getlist("x-forwarded-for") if is_trusted(peer, access) else []
    return said[-1].rpartition(",")[2].strip()[:60] if said else plain(peer)
