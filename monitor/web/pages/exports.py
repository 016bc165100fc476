"""What the pages show, for other programs: downloads, and feeds to subscribe to; filtered as the alerts are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from io import BytesIO
from typing import BinaryIO, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.exports.extras import NotInstalled
from monitor.exports.formats import FORMATS, OF_ALERTS, OfAlerts, Tabular, write_alerts
from monitor.exports.options import TLPS, Options
from monitor.exports.rows import rows
from monitor.store.views.history import Wanted
from monitor.web import trouble
from monitor.web.downloads import download
from monitor.web.etags import has, tag_of
from monitor.web.filters import Filters
from monitor.web.leading import not_by_link
from monitor.web.names import Names
from monitor.web.pages.alerts import wanted_of
from monitor.web.visit import desk_of, visit_of

IN_A_FEED: Final = 100  # the newest alerts
MOST: Final = 50_000  # alerts of one download, the newest; the command line knows no limit
_DIGITS: Final = 19  # of the numbers that SQLite cannot hold


@not_by_link
def feed(request: Request) -> Response:
    """`/alerts.atom`, `/alerts.json`. 304 for whoever has it as it is."""
    how = OF_ALERTS["atom" if request.url.path.endswith(".atom") else "jsonfeed"]
    out = BytesIO()
    _write(request, how, Filters.read(request.query_params), out, limit=IN_A_FEED)
    tag = tag_of(out.getvalue())
    # Kept by the asker alone, and asked for anew each time. What is told depends on the language that it asks in.
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Accept-Language, Cookie"}
    if has(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(out.getvalue(), media_type=how.media, headers=headers)


@not_by_link
def export(request: Request) -> Response:
    """`/export?format=…`"""
    how = FORMATS.get(request.query_params.get("format", ""))
    if how is None:
        return trouble.show(request, 400, "exports.unknown", detail=", ".join(FORMATS))
    filters, story = Filters.read(request.query_params), _story(request)

    def write(file: BinaryIO) -> None:
        _write(request, how, filters, file, limit=MOST, story=story)

    try:
        return download(request, write, name=_name(request, how.suffix), media=how.media, grows=not how.binary)
    except NotInstalled as missing:
        return trouble.show(request, 501, "exports.not_installed", detail=missing.command)


def _story(request: Request) -> int | None:
    written = request.query_params.get("story")
    if written is None:
        return None
    if not (written.isascii() and written.isdigit() and len(written) < _DIGITS):
        raise HTTPException(404)
    return int(written)


def _name(request: Request, suffix: str) -> str:
    visit, story = visit_of(request), _story(request)
    return f"{f'story-{story}' if story is not None else 'alerts'}-{visit.now.astimezone(visit.zone):%Y-%m-%d}.{suffix}"


def _write(
    request: Request, how: Tabular | OfAlerts, filters: Filters, out: BinaryIO, *, limit: int, story: int | None = None
) -> None:
    desk, visit = desk_of(request), visit_of(request)
    with desk.reader() as reader:
        wanted: Wanted = wanted_of(filters, visit, Names(desk.config, visit.language), reader)
        found = rows(reader, replace(wanted, story=story), limit=limit)
        write_alerts(how, found, out, _options(request, filters))


def _options(request: Request, filters: Filters) -> Options:
    visit = visit_of(request)
    base = desk_of(request).config.web or str(request.base_url).rstrip("/")
    return Options(
        language=visit.language,
        now=datetime.combine(visit.now.date(), time(0), visit.now.tzinfo),  # an empty feed stays as it is for a day
        tlp=next((each for each in TLPS if each == request.query_params.get("tlp")), None),
        address=f"{base}{request.url.path}{filters.query()}",
        page=f"{base}/{filters.query()}",
    )


SECTIONS: Final = ()
ROUTES: Final = [Route("/alerts.atom", feed), Route("/alerts.json", feed), Route("/export", export)]
