"""The pages put together: routes, what guards them, what an error shows."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Mount

from monitor.web import pages
from monitor.web.access.guard import Guard
from monitor.web.access.log_in import LogIns
from monitor.web.access.sessions import Sessions
from monitor.web.below import Below
from monitor.web.desk import Desk
from monitor.web.headers import SafeHeaders
from monitor.web.lingering import Lingering
from monitor.web.static_files import PREFIX, Files
from monitor.web.trouble import HANDLERS, Broken


def make_app(desk: Desk) -> Starlette:
    app = Starlette(
        routes=[*pages.routes(), Mount(PREFIX, Files())],
        exception_handlers=HANDLERS,
    )
    app.state.desk = desk
    app.state.sessions, app.state.log_ins = Sessions(desk.state), LogIns()
    app.add_middleware(Guard, sessions=app.state.sessions)
    app.add_middleware(Broken)
    app.add_middleware(SafeHeaders)
    app.add_middleware(Below, path=lambda: desk.below)
    app.add_middleware(Lingering)  # the last one added stands before the others
    return app
