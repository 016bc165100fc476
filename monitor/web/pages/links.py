"""The pages behind the links of messages, under the name of the pages too. Their token is the right to look: no log-in.

They are those of `monitor run --listen`, made by `links`; each has a policy and a check of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor import serve
from monitor.errors import StateError
from monitor.links import PREFIX, Links
from monitor.store.which import link_key
from monitor.store.wish_rows import Wishes
from monitor.web.access.visitors import peer_of
from monitor.web.desk import Desk
from monitor.web.links.site import AlertSite
from monitor.web.visit import desk_of

log = logging.getLogger(__name__)

SECTIONS = ()


class _Keyed:
    """What makes links now: None where the rules name no `web.url`, or there is no key that is good."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._key = desk, b""

    def links(self) -> Links | None:
        base = self._desk.config.web
        if base is None:
            return None
        try:
            self._key = self._key or link_key(self._desk.state)
        except StateError as error:
            log.warning("links.no_key", extra={"what": str(error)})
            return None
        return Links(base, self._key)


def site_of(desk: Desk) -> AlertSite:
    @contextmanager
    def wishes() -> Iterator[Wishes]:
        with desk.store() as store:
            yield Wishes(store.database)

    return AlertSite(
        state=desk.state, config=lambda: desk.config, links=_Keyed(desk).links, wishes=wishes, clock=desk.clock
    )


async def alert(request: Request) -> Response:
    site: AlertSite | None = getattr(request.app.state, "alert_site", None)
    if site is None:
        site = request.app.state.alert_site = site_of(desk_of(request))
    asked = serve.Request(
        method=request.method,
        path=request.scope["path"],
        query=request.scope["query_string"].decode("latin-1"),
        headers=dict(request.headers),
        body=await request.body(),
        peer=peer_of(request),
    )
    made = site.open(asked)  # by this one thread, and quickly
    page = made if isinstance(made, serve.Page) else await run_in_threadpool(made)
    return Response(page.body, page.status, dict(page.headers), page.content_type)


ROUTES = (Route(PREFIX + "{rest:path}", alert, methods=["GET", "POST"]),)
