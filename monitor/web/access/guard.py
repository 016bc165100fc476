"""Stands before every page: under which name it is asked for, who asks, and whether what is sent was meant.

A page is guarded by being there; what needs no log-in is named in `OPEN`. Order matters: nothing is read of a request,
and no rule of ours told, before its Host is known to be ours.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.config import Config
from monitor.links import PREFIX
from monitor.web.access import bodies, cookies
from monitor.web.access.hosts import host_of, is_own_host, without_port
from monitor.web.access.origin import Led, is_from_here, led
from monitor.web.access.sessions import Sessions, is_id, new_id
from monitor.web.access.streams import WhileAllowed
from monitor.web.access.visitors import Barred, Shown, Stranger, Visitor, Way, peer_of, visitor
from monitor.web.api.problems import is_api, problem
from monitor.web.below import KEY as BELOW
from monitor.web.paths import within
from monitor.web.trouble import show
from monitor.web.visit import desk_of

log = logging.getLogger(__name__)

OPEN: Final = ("/login", "/preferences", "/static/", "/healthz", PREFIX)
SAFE: Final = ("GET", "HEAD", "OPTIONS")
CSRF_HEADER: Final = "x-csrf-token"
CSRF_FIELD: Final = "csrf"
FOR_OTHER_SITES: Final = ("/healthz", PREFIX)  # says nothing of us; has a check of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, with what is needed to judge it."""

    request: Request
    config: Config
    now: datetime
    cookies: cookies.Kind
    visit_id: str
    is_new: bool  # of the id: its cookie has to be given

    def bound_to(self, who: Visitor | Stranger) -> str:
        """What the token of a form belongs to."""
        if isinstance(who, Visitor) and who.session is not None:
            return f"session {who.session.id}"
        return f"visit {self.visit_id} {who.user if isinstance(who, Visitor) else ''}"


class Guard:
    """Middleware. It leaves in `request.state`: `user`, `csrf`, `visitor` (None for one who may log in), `form` (the
    fields that a POST brought), `cookies` (their kind), `by_link` (a link on another site led here: see `leading`)."""

    def __init__(self, app: ASGIApp, *, sessions: Sessions) -> None:
        self._app, self._sessions = app, sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._guarded(scope, receive, send)
        elif scope["type"] == "websocket":  # of these we have none
            await send({"type": "websocket.close", "code": 1008})

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})
        request = Request(scope, receive)
        desk = desk_of(request)
        config: Config = await run_in_threadpool(lambda: desk.config)
        if not _is_ours(request, config):
            await _misdirected(request)(scope, receive, send)
            return
        asked = _asked(request, config, desk.clock.now())
        who = visitor(_shown(asked), config.access, self._sessions, now=asked.now)
        refusal = await self._refusal(asked, who) or await _of_another_site(asked)
        if refusal is None and request.method not in SAFE:
            refusal, receive = await self._of_what_is_sent(asked, who, receive)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        if isinstance(who, Visitor):
            send = WhileAllowed(send, partial(self._may_still_look, asked), desk.clock.monotonic)
        if asked.is_new and _is_page(asked):
            send = partial(_giving_cookie, asked, send)
        await self._app(scope, receive, send)

    async def _may_still_look(self, asked: Asked) -> bool:
        """As the rules, and what they left, are now."""
        desk = desk_of(asked.request)
        config: Config = await run_in_threadpool(lambda: desk.config)
        return isinstance(visitor(_shown(asked), config.access, self._sessions, now=desk.clock.now()), Visitor)

    async def _refusal(self, asked: Asked, who: Visitor | Stranger | Barred) -> Response | None:
        state = asked.request.state
        state.cookies, state.form, state.visitor, state.by_link = asked.cookies, FormData(), None, False
        if isinstance(who, Barred) and not _is_open(asked.request.url.path):
            return await _told(asked, 401 if who.key == "access.wrong_token" else 403, who.key)
        if isinstance(who, Barred):
            return None
        if isinstance(who, Visitor):
            state.visitor, state.user = who, who.user
        elif not _is_open(asked.request.url.path):
            return await _to_log_in(asked)
        state.csrf = self._sessions.form_token(asked.bound_to(who))
        return None

    async def _of_what_is_sent(
        self, asked: Asked, who: Visitor | Stranger | Barred, receive: Receive
    ) -> tuple[Response | None, Receive]:
        """A page behind a link of a message has a check of its own, and no cookie."""
        request = asked.request
        of_link, by_token = request.url.path.startswith(PREFIX), isinstance(who, Visitor) and who.way is Way.BEARER
        if not (of_link or by_token) and not is_from_here(request.headers, asked.config.web):
            return await _told(asked, 403, "access.elsewhere"), receive
        try:
            body = await bodies.read(receive, request.headers, bodies.most_for(request.url.path))
            request.state.form = FormData() if of_link else await bodies.form(body, request.headers)
        except bodies.BadBody as bad:
            return await _told(asked, bad.status, _BAD_BODY[bad.status]), receive
        if not (of_link or by_token) and (isinstance(who, Barred) or not self._is_meant(asked, who)):
            return await _told(asked, 403, "access.stale"), receive
        return None, bodies.replayed(body, receive)

    def _is_meant(self, asked: Asked, who: Visitor | Stranger) -> bool:
        field = asked.request.state.form.get(CSRF_FIELD)
        brought = asked.request.headers.get(CSRF_HEADER) or (field if isinstance(field, str) else "")
        return self._sessions.is_form_token(brought, asked.bound_to(who))


_BAD_BODY: Final = {400: "access.unreadable", 408: "access.too_slow", 413: "access.too_much"}


def _misdirected(request: Request) -> Response:
    told = "this name is not one of ours"
    if is_api(request.url.path):
        return problem(421, f"{told}; add it to web.hosts in the rules")
    return PlainTextResponse(f"Misdirected Request: {told}", 421)


def _is_ours(request: Request, config: Config) -> bool:
    """The name in the links of messages opens those everywhere."""
    named = request.headers.getlist("host")
    if len(named) != 1:
        return False
    if request.url.path.startswith(PREFIX) and without_port(named[0].lower()) == host_of(config.web):
        return True
    server = request.scope.get("server")
    return is_own_host(named[0], config.access, url=config.web, here=str(server[0]) if server else "")


def _asked(request: Request, config: Config, now: datetime) -> Asked:
    kind = cookies.Kind(cookies.is_secure(request, config.web), request.scope.get(BELOW, ""))
    known = cookies.read(request.cookies, cookies.VISIT, kind)
    is_new = not is_id(known)
    return Asked(
        request=request,
        config=config,
        now=now,
        cookies=kind,
        visit_id=new_id() if is_new else known,
        is_new=is_new,
    )


def _shown(asked: Asked) -> Shown:
    return Shown(
        headers=asked.request.headers,
        peer=peer_of(asked.request),
        session_cookie=cookies.read(asked.request.cookies, cookies.SESSION, asked.cookies),
        version=asked.request.scope.get("http_version", "1.1"),
    )


def _is_open(path: str) -> bool:
    return _is_among(OPEN, path)


def _is_among(addresses: tuple[str, ...], path: str) -> bool:
    """By the beginning of the path where one ends with '/'."""
    return any(path.startswith(each) if each.endswith("/") else path == each for each in addresses)


async def _of_another_site(asked: Asked) -> Response | None:
    """Where nobody has to say who they are, any site may have a browser on this machine ask: it cannot read the answer,
    but each keeps us busy. A page that a person went to by a link is let through."""
    request = asked.request
    if request.method not in SAFE or _is_among(FOR_OTHER_SITES, request.url.path):
        return None
    found = led(request.headers)
    request.state.by_link = found is Led.BY_LINK
    if found is Led.WITHIN or (found is Led.BY_LINK and is_api(request.url.path)):
        return await _told(asked, 403, "access.other_site")
    return None


def _is_page(asked: Asked) -> bool:
    """Whether a form may come of it."""
    path = asked.request.url.path
    return asked.request.method == "GET" and not path.startswith(("/static/", "/api/", PREFIX))


async def _told(asked: Asked, status: int, key: str) -> Response:
    log.info("web.refused", extra={"status": status, "why": key.removeprefix("access.")})
    answer = await run_in_threadpool(show, asked.request, status, key)
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="monitor"'
    return answer


async def _to_log_in(asked: Asked) -> Response:
    """A person to the form, and back from there; a program is told."""
    request = asked.request
    if request.headers.get("hx-request"):  # what we answer would stand in a part of their page
        named = request.headers.get("hx-current-url", "")
        there = within(named, host=request.headers.get("host", ""), below=request.scope.get(BELOW, ""))
        return Response(
            status_code=401,
            headers={"HX-Redirect": _log_in_for(there), "WWW-Authenticate": 'Bearer realm="monitor"'},
        )
    if request.method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", ""):
        there = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(_log_in_for(there), 303)
    return await _told(asked, 401, "access.log_in")


def _log_in_for(there: str) -> str:
    return "/login" if there == "/" else f"/login?next={quote(there, safe='')}"


async def _giving_cookie(asked: Asked, send: Send, message: Message) -> None:
    if message["type"] == "http.response.start":
        given = Response()
        cookies.give(given, cookies.VISIT, asked.visit_id, asked.cookies)
        MutableHeaders(scope=message).append("set-cookie", given.headers["set-cookie"])
    await send(message)
