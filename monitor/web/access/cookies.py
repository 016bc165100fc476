"""Our cookies. Where people come by TLS their names begin with `__Host-`: no other host and no plain connection can
set one of these, and a browser sends them to this host alone. Such a one is for all paths of the host; so below a path
its name has that in it, and of two monitors on one host each has its own.

SameSite is Lax, not Strict: links in mails and chats lead to the pages, and whoever is logged in must not meet the
log-in form when they follow one. What changes something is a POST, for which Lax sends no cookie from elsewhere, and
which wants the origin and the form's token besides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from starlette.requests import HTTPConnection
from starlette.responses import Response

from monitor.web.access.hosts import host_of, without_port

Name = Literal["monitor_session", "monitor_visit"]
SESSION: Final[Name] = "monitor_session"
VISIT: Final[Name] = "monitor_visit"  # one who is not logged in: binds the token of forms to this browser


@dataclass(frozen=True, slots=True)
class Kind:
    """`secure`: the visitor's browser speaks TLS. `below`: the path below which the pages are, '' for none."""

    secure: bool
    below: str = ""

    @property
    def path(self) -> str:
        return "/" if self.secure else self.below or "/"

    def named(self, name: Name) -> str:
        return f"__Host-{name}{re.sub('[^A-Za-z0-9]', '-', self.below)}" if self.secure else name


def is_secure(request: HTTPConnection, url: str | None) -> bool:
    """Whether the visitor's browser speaks TLS. What a proxy says of it may be forged, to the forger's harm alone: a
    secure cookie is of no use on a plain connection."""
    if request.url.scheme == "https" or request.headers.get("x-forwarded-proto", "").lower() == "https":
        return True
    by_url = url is not None and url.startswith("https:")
    return by_url and without_port(request.headers.get("host", "").lower()) == host_of(url)


def read(cookies: Mapping[str, str], name: Name, kind: Kind) -> str:
    """'' for none."""
    return cookies.get(kind.named(name), "")


def give(response: Response, name: Name, value: str, kind: Kind, *, lasts: timedelta | None = None) -> None:
    """Without `lasts` it ends with the browser's session."""
    response.set_cookie(
        kind.named(name),
        value,
        max_age=int(lasts.total_seconds()) if lasts else None,
        path=kind.path,
        secure=kind.secure,
        httponly=True,
        samesite="lax",
    )


def take(response: Response, name: Name, kind: Kind) -> None:
    response.delete_cookie(kind.named(name), path=kind.path, secure=kind.secure, httponly=True, samesite="lax")
