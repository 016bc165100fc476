"""Logging in and out."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from monitor.alerts.words import length
from monitor.web.access import cookies
from monitor.web.access.log_in import Later, LogIns, Welcome
from monitor.web.access.sessions import LASTS, Session, Sessions
from monitor.web.access.visitors import Visitor, address_of, peer_of
from monitor.web.paths import own
from monitor.web.render import render
from monitor.web.visit import desk_of, visit_of

SECTIONS = ()


def _there(written: object) -> str:
    """Where somebody wanted to go, who had to log in first; not to the log-in again, nor out."""
    there = own(written)
    return "/" if there.partition("?")[0] in ("/login", "/logout") else there


def log_in_page(request: Request) -> Response:
    access = desk_of(request).config.access
    there = _there(request.query_params.get("next"))
    if request.state.visitor is not None or not (access.users or access.token):
        return RedirectResponse(there, 303)
    return _form(request, there)


def log_in(request: Request) -> Response:
    desk, form = desk_of(request), request.state.form
    access, there = desk.config.access, _there(form.get("next"))
    name, password = str(form.get("name", "")).strip(), str(form.get("password", ""))
    log_ins: LogIns = request.app.state.log_ins
    address = address_of(request.headers, peer_of(request), access)
    outcome = log_ins.judge(name, password, address, access, now=desk.clock.monotonic())
    if isinstance(outcome, Later):
        key = "login.busy" if outcome.busy else "login.later"
        answer = _form(request, there, key=key, status=503 if outcome.busy else 429, minutes=-(-outcome.seconds // 60))
        answer.headers["Retry-After"] = str(outcome.seconds)
        return answer
    if not isinstance(outcome, Welcome):
        return _form(request, there, key="login.wrong", status=403, name=name)
    answer = RedirectResponse(there, 303)
    cookie = _sessions(request).begin(outcome.user, access, now=desk.clock.now())
    cookies.give(answer, cookies.SESSION, cookie, request.state.cookies, lasts=LASTS)
    return answer


def _form(
    request: Request, there: str, *, key: str = "", status: int = 200, minutes: int = 0, name: str = ""
) -> Response:
    access = desk_of(request).config.access
    wait = length(timedelta(minutes=minutes), visit_of(request).language)
    told = {"there": there, "key": key, "wait": wait, "name": name[:80]}
    return render(
        request, "login.html", status=status, **told, named=bool(access.users), token=access.token is not None
    )


def log_out_page(request: Request) -> Response:
    if _session(request) is None:
        return RedirectResponse("/", 303)
    return render(request, "logout.html")


def log_out(request: Request) -> Response:
    session = _session(request)
    if session is not None:
        _sessions(request).end(session, now=desk_of(request).clock.now())
    answer = RedirectResponse("/login", 303)
    cookies.take(answer, cookies.SESSION, request.state.cookies)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def _session(request: Request) -> Session | None:
    visitor: Visitor | None = request.state.visitor
    return visitor.session if visitor is not None else None


def _sessions(request: Request) -> Sessions:
    found: Sessions = request.app.state.sessions
    return found


ROUTES = (
    Route("/login", log_in_page, methods=["GET"]),
    Route("/login", log_in, methods=["POST"]),
    Route("/logout", log_out_page, methods=["GET"]),
    Route("/logout", log_out, methods=["POST"]),
)
