"""Our cookies. Where people come by TLS their names begin with `__Host-`: no other host and no plain connection can
set one of these, and a browser sends them to this host alone.

SameSite is Lax, not Strict: links in mails and chats lead to the pages, and whoever is logged in must not meet the
log-in form when they follow one. What changes something is a POST, for which Lax sends no cookie from elsewhere, and
which wants the origin and the form's token besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Literal

from starlette.requests import HTTPConnection
from starlette.responses import Response

from monitor.web.access.hosts import host_of, without_port

Name = Literal["monitor_session", "monitor_visit"]
SESSION: Final[Name] = "monitor_session"
VISIT: Final[Name] = "monitor_visit"  # one who is not logged in: binds the token of forms to this browser


def is_secure(request: HTTPConnection, url: str | None) -> bool:
    """Whether the visitor's browser speaks TLS. What a proxy says of it may be forged, to the forger's harm alone: a
    secure cookie is of no use on a plain connection."""
    if request.url.scheme == "https" or request.headers.get("x-forwarded-proto", "").lower() == "https":
        return True
    by_url = url is not None and url.startswith("https:")
    return by_url and without_port(request.headers.get("host", "").lower()) == host_of(url)


def read(cookies: Mapping[str, str], name: Name, *, secure: bool) -> str:
    """'' for none."""
    return cookies.get(_named(name, secure=secure), "")


def give(response: Response, name: Name, value: str, *, secure: bool, lasts: timedelta | None = None) -> None:
    """Without `lasts` it ends with the browser's session."""
    response.set_cookie(
        _named(name, secure=secure),
        value,
        max_age=int(lasts.total_seconds()) if lasts else None,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def take(response: Response, name: Name, *, secure: bool) -> None:
    response.delete_cookie(_named(name, secure=secure), path="/", secure=secure, httponly=True, samesite="lax")


def _named(name: Name, *, secure: bool) -> str:
    return f"__Host-{name}" if secure else name
