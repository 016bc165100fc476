"""The pages put together: routes, what guards them, what an error shows."""

from __future__ import annotations

import logging

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from monitor.errors import StateError
from monitor.web import pages
from monitor.web.access.guard import Guard
from monitor.web.access.log_in import LogIns
from monitor.web.access.sessions import Sessions
from monitor.web.desk import Desk
from monitor.web.headers import SafeHeaders
from monitor.web.render import render

log = logging.getLogger(__name__)


def make_app(desk: Desk) -> Starlette:
    app = Starlette(
        routes=[*pages.routes(), Mount("/static", StaticFiles(packages=[("monitor.web", "static")]))],
        exception_handlers={HTTPException: _refused, StateError: _without_state, Exception: _broken},
    )
    app.state.desk = desk
    app.state.sessions, app.state.log_ins = Sessions(desk.state), LogIns()
    app.add_middleware(Guard, sessions=app.state.sessions)
    app.add_middleware(SafeHeaders)  # the last one added stands before the others
    return app


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    key = "error.404" if error.status_code == 404 else "error.refused"
    return render(request, "trouble.html", status=error.status_code, key=key, detail="")


def _without_state(request: Request, error: Exception) -> Response:
    log.warning("page.no_state", extra={"what": str(error)})
    return render(request, "trouble.html", status=503, key="error.state", detail=str(error))


def _broken(request: Request, error: Exception) -> Response:
    log.error("page.broke", exc_info=error)
    return render(request, "trouble.html", status=500, key="error.500", detail="")
