"""`/map`: what happened where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.alerts.phrases import stories as stories_in_words
from monitor.alerts.words import SEVERITIES
from monitor.exports.row import in_words
from monitor.language import KnownPlace
from monitor.lexicon.tree import Places, around, lies_within
from monitor.model import Severity
from monitor.store.views.places import Happened, happened
from monitor.text.clean import tidy
from monitor.web.map.drawing import Dot, draw, shown
from monitor.web.map.geometry import Box, Point
from monitor.web.map.legend import Legend, examples
from monitor.web.map.outlines import CREDIT, INSTALL, countries
from monitor.web.pages import Section
from monitor.web.render import render
from monitor.web.visit import Visit, desk_of, visit_of

DAYS: Final = (1, 7, 30)
USUAL_DAYS: Final = 7
MOST_ROWS: Final = 300
_COUNTRY: Final = "country"
_MARGIN, _LEAST, _LEAST_OF_COUNTRY = 0.12, 5.0, 1.5  # share of what is seen; degrees
_NOWHERE: Final = (38.0, 35.0)  # where a map without any place looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A row of the table. `place` is None for one that the lexicon no longer has."""

    what: Happened
    place: KnownPlace | None
    name: str
    within: str
    href: str

    @property
    def has_spot(self) -> bool:
        """Whether it is known where it lies."""
        return self.place is not None and _lies_at(self.place) is not None


def map_page(request: Request) -> Response:
    visit, desk = visit_of(request), desk_of(request)
    places = desk.config.lexicon.places
    days = _days(request.query_params.get("days", ""))
    lands = {each.pcode: each for each in places.values() if each.kind == _COUNTRY and each.pcode}
    land = lands.get(request.query_params.get("country", "").upper())
    since = visit.now - timedelta(days=days)
    with desk.reader() as reader:
        found = happened(reader, since=since)
    spots = [_spot(each, places, visit, since) for each in found]
    if land is not None:
        spots = [each for each in spots if each.place is not None and lies_within(each.place, land.id, places)]
    has_outlines = bool(countries())
    return render(
        request,
        "map.html",
        spots=spots[:MOST_ROWS],
        left_out=max(0, len(spots) - MOST_ROWS),
        drawing=_drawing(spots, places, land, visit) if has_outlines else "",
        has_outlines=has_outlines,
        install=INSTALL,
        credit=CREDIT,
        periods=[(each, _address(each, land), each == days) for each in DAYS],
        lands=[("", _address(days, None), land is None), *_lands(lands, days, land, visit)],
        days=days,
    )


def _days(asked: str) -> int:
    return next((each for each in DAYS if str(each) == asked), USUAL_DAYS)


def _address(days: int, land: KnownPlace | None) -> str:
    told = {"days": days} | ({"country": land.pcode} if land else {})
    return f"/map?{urlencode(told)}"


def _lands(
    lands: dict[str, KnownPlace], days: int, chosen: KnownPlace | None, visit: Visit
) -> list[tuple[str, str, bool]]:
    named = [(_name(each, visit), each) for each in lands.values()]
    named.sort(key=lambda pair: pair[0])
    return [(name, _address(days, each), each is chosen) for name, each in named]


def _name(place: KnownPlace, visit: Visit) -> str:
    return tidy(in_words(place.name, visit.language, place.id))


def _spot(what: Happened, places: Places, visit: Visit, since: datetime) -> Spot:
    place = places.get(what.place_id)
    outer = around(place, places) if place else ()
    return Spot(
        what=what,
        place=place,
        name=_name(place, visit) if place else what.place_id,
        within=_name(outer[-1], visit) if outer else "",
        href=f"/?{urlencode({'place': what.place_id, 'since': since.astimezone(visit.zone).date().isoformat()})}",
    )


def _drawing(spots: list[Spot], places: Places, land: KnownPlace | None, visit: Visit) -> str:
    dots = [_dot(each, at, visit) for each in spots if each.place is not None and (at := _lies_at(each.place))]
    regions = [
        (*at, _name(each, visit))
        for each in places.values()
        if each.kind == _COUNTRY and each is not land and (at := _lies_at(each))
    ]
    box = _seen(dots, places, land)
    legend = _legend(shown(dots, box), visit)
    return draw(dots, box, rtl=visit.direction == "rtl", regions=regions, legend=legend)


def _legend(drawn: list[Dot], visit: Visit) -> Legend:
    worst = {dot.worst for dot in drawn}
    return Legend(
        sizes=tuple(
            (number, stories_in_words(number, visit.language)) for number in examples([dot.stories for dot in drawn])
        ),
        colours=tuple((each, SEVERITIES[visit.language][each]) for each in reversed(Severity) if each in worst),
    )


def _lies_at(place: KnownPlace) -> Point | None:
    """Longitude and latitude."""
    return None if place.lat is None or place.lon is None else (place.lon, place.lat)


def _dot(spot: Spot, at: Point, visit: Visit) -> Dot:
    what, worst = spot.what, SEVERITIES[visit.language][spot.what.worst]
    return Dot(
        longitude=at[0],
        latitude=at[1],
        stories=what.stories,
        worst=what.worst,
        name=spot.name,
        title=f"{spot.name}: {stories_in_words(what.stories, visit.language)}, {worst}",
        href=spot.href,
    )


def _seen(dots: list[Dot], places: Places, land: KnownPlace | None) -> Box:
    """A country; else where something happened; else where all places that we know are."""
    if land is None and dots:
        return Box.around(((dot.longitude, dot.latitude) for dot in dots), least=_LEAST, margin=_MARGIN)
    of_land = (each for each in places.values() if land is None or lies_within(each, land.id, places))
    known = [at for each in of_land if (at := _lies_at(each))]
    return Box.around(known or [_NOWHERE], least=_LEAST_OF_COUNTRY, margin=_MARGIN)


SECTIONS = (Section(20, "/map", "map.title"),)
ROUTES = [Route("/map", map_page)]
