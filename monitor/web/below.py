"""The pages below a path: `https://example.org/monitor`, as `web.url` says. Within, no address has the path; at the
border it is taken off what is asked for, and put before every address of ours in what is answered. A proxy may take it
off itself, or leave it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Final
from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEY: Final = "monitor.below"  # in the scope of a request: the path, '' for none
# An attribute that holds an address of ours. What others wrote cannot be taken for one: its quotes are escaped.
_ADDRESS: Final = re.compile(
    r'(\s(?:href|src|action|formaction|hx-get|hx-post|hx-put|hx-delete|data-live|data-new)=")(?=/(?!/))'
)
_LEADING: Final = ("location", "hx-redirect")


def path_of(url: str | None) -> str:
    """'' or '/…', without a '/' at its end; as `url` has it."""
    return urlsplit(url).path.rstrip("/") if url else ""


def in_page(page: str, below: str) -> str:
    return _ADDRESS.sub(rf"\g<1>{escape(below)}", page) if below else page


class Below:
    """Middleware. `path` tells where the pages are now, and reads nothing."""

    def __init__(self, app: ASGIApp, *, path: Callable[[], str]) -> None:
        self._app, self._path = app, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        below, headers = self._path(), Headers(scope=scope)
        scope = {**scope, KEY: below, "path": _within(scope["path"], unquote(below))}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                _put_before(MutableHeaders(scope=message), below, headers.get("host", ""))
            await send(message)

        await self._app(scope, receive, sending)


def _within(path: str, below: str) -> str:
    if below and (path == below or path.startswith(f"{below}/")):
        return path[len(below) :] or "/"
    return path


def _put_before(headers: MutableHeaders, below: str, host: str) -> None:
    """Before the addresses that an answer leads to. One with our own host (the router makes such) loses that, for the
    scheme in it may not be the browser's."""
    for name in _LEADING:
        if name in headers:
            headers[name] = _ours(headers[name], below, host)
    if below and "link" in headers:
        headers["link"] = re.sub(r"<(?=/(?!/))", f"<{below}", headers["link"])


def _ours(address: str, below: str, host: str) -> str:
    parts = urlsplit(address)
    if parts.netloc and parts.netloc == host:
        address = parts._replace(scheme="", netloc="").geturl()
    return f"{below}{address}" if address.startswith("/") and not address.startswith("//") else address
