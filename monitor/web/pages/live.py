"""`/live`: tells open pages how many alerts came since they were made, as server-sent events; or once, as JSON.

A page names the cursor that it was made at (`?after=`). What is told counts from there, so it does not matter which of
the events a browser has missed, and a page that was away asks with the same address again.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, Final

from anyio import to_thread
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import AppStatus
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from monitor.alerts.words import Language
from monitor.store.views import news
from monitor.web.desk import Desk
from monitor.web.pages import Section
from monitor.web.visit import desk_of, visit_of
from monitor.web.watcher import TooMany, Watcher, watcher
from monitor.web.words import counted, text

LASTS: Final = 600.0  # seconds; then the browser asks anew, so that no stream outlives its right to look
AGAIN_AFTER: Final = 5  # seconds until a browser that lost the stream asks again
PING: Final = 25  # seconds; less than what proxies take for idle
# An event rather than a comment: a page is told of no comment, and could not tell a quiet stream from a dead one. (One
# without data is told to nobody either.)
_STILL_HERE: Final = ServerSentEvent(event="ping", data="still here")
_LARGEST: Final = 2**62

# Streams are ended by `watcher.end_streams`, with the server they belong to. The library's way ends those of every
# later server of the process, too.
AppStatus.enable_automatic_graceful_drain = False


async def live(request: Request) -> Response:
    desk, visit = desk_of(request), await to_thread.run_sync(visit_of, request)
    after = _cursor(request.query_params.get("after"))
    if "text/event-stream" not in request.headers.get("accept", ""):
        found = await to_thread.run_sync(_told, desk, after, visit.language)
        return JSONResponse(found)
    watching = watcher(lambda: _at(desk))
    try:
        watching.admit()
    except TooMany:
        return PlainTextResponse("too many", status_code=503, headers={"Retry-After": "60"})
    return EventSourceResponse(
        _events(watching, desk, after, visit.language), ping=PING, ping_message_factory=lambda: _STILL_HERE
    )


async def _events(
    watching: Watcher, desk: Desk, after: int | None, language: Language
) -> AsyncIterator[ServerSentEvent]:
    """The first at once, so that whoever asks sees that it works."""
    yield ServerSentEvent(comment="listening", retry=AGAIN_AFTER * 1000)
    async with aclosing(watching.cursors(lasts=LASTS)) as cursors:
        async for at in cursors:
            if after is None or after > at:  # another state stands in the place of the one that the page was made of
                after = at
            told = await to_thread.run_sync(_told, desk, after, language)
            yield ServerSentEvent(event="news", data=json.dumps(told, ensure_ascii=False), id=str(after))


def _told(desk: Desk, after: int | None, language: Language) -> dict[str, Any]:
    """`count`, in figures and in words; from which cursor it counts, and which one is the end now."""
    with desk.reader() as reader:
        at = news.cursor(reader)
        start = at if after is None or after > at else after
        found = news.newer(reader, start)
    return {
        "count": found.count,
        "gravest": found.gravest.value if found.gravest else None,
        "after": start,
        "at": at,
        "text": _in_words(found.count, language),
        "show": text(language, "live.show"),
    }


def _in_words(count: int, language: Language) -> str:
    if count > news.MOST:
        return counted(language, "live.most", news.MOST)
    return counted(language, "count.news", count)


def _at(desk: Desk) -> int:
    with desk.reader() as reader:
        return news.cursor(reader)


def _cursor(written: str | None) -> int | None:
    """None for what is no cursor of ours: then it counts from now on."""
    if written is None or not written.isascii() or not written.isdigit() or len(written) > 19:
        return None
    return min(int(written), _LARGEST)


SECTIONS: Final[tuple[Section, ...]] = ()
ROUTES: Final = [Route("/live", live, methods=["GET"])]
