"""Many workers on one database, as `monitor cluster status` has them; where there is no such database, no page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.cluster.asked import fleet_of
from monitor.web.render import render
from monitor.web.standing import ICONS
from monitor.web.visit import desk_of, visit_of

if TYPE_CHECKING:  # with psycopg, which most installations have not
    from monitor.cluster.troubles import Found


def cluster(request: Request) -> Response:
    with desk_of(request).reader() as reader:
        fleet = fleet_of(reader)
    if fleet is None:
        raise HTTPException(404)
    from monitor.cluster.troubles import found
    from monitor.cluster.words import lasting, remedy, what

    language, troubles = visit_of(request).language, found(fleet)
    level = _level(troubles)

    def told(time: timedelta) -> str:
        return lasting(time, language)

    return render(
        request,
        "cluster.html",
        fleet=fleet,
        troubles=troubles,
        level=level,
        icon=ICONS[level],
        what=lambda each: what(each, language),
        remedy=lambda each: remedy(each, language),
        lasting=told,
    )


def _level(troubles: tuple[Found, ...]) -> str:
    if not troubles:
        return "ok"
    return "error" if any(each.kind.is_grave for each in troubles) else "warning"


SECTIONS = ()
ROUTES = (Route("/cluster", cluster, methods=["GET"]),)
