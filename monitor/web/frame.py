"""What the frame of every page shows beside the page itself."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.requests import Request

from monitor import __version__
from monitor.alerts.words import FSI, PDI, zone_name
from monitor.errors import StateError
from monitor.store.views import news
from monitor.web.visit import Visit, desk_of
from monitor.web.words import TEXTS


def frame(request: Request, visit: Visit) -> dict[str, Any]:
    """`inside`: whether who asks may look; a stranger at the log-in is told nothing of what is within. `may_leave`:
    whether they logged in here, rather than at a proxy. `here`: the address of this page, to come back to.
    `zone`: the clock that times go by, `zone_id` its name to browsers. `live_after()`: where the alerts end; a page
    that lists alerts hands in `live_after` itself, read before its list. `maybe(key)`: a text, or '' where there is
    none."""
    query, visitor = request.url.query, getattr(request.state, "visitor", None)
    return {
        "inside": visitor is not None,
        "may_leave": visitor is not None and visitor.session is not None,
        "version": __version__,
        "zone": _zone(visit),
        "zone_id": getattr(visit.zone, "key", "UTC"),
        "here": request.url.path + (f"?{query}" if query and request.method == "GET" else ""),
        "live_after": partial(_live_after, request),
        "maybe": partial(_maybe, visit),
    }


def _zone(visit: Visit) -> str:
    """Which clock the times of all pages go by: 'Damascus time (UTC+03:00)'."""
    away = visit.now.astimezone(visit.zone).isoformat()[-6:]
    if away == "+00:00":
        return "UTC"
    return f"{zone_name(visit.zone, visit.language)} ({FSI}UTC{away}{PDI})"


def _live_after(request: Request) -> int | str:
    """'' where that cannot be told: then it counts from when the page asks."""
    try:
        with desk_of(request).reader() as reader:
            return news.cursor(reader)
    except StateError:
        return ""


def _maybe(visit: Visit, key: str) -> str:
    return TEXTS[visit.language].get(key, "")
