"""The SVG of a map. Widths are attributes and colours classes, so it stands under our policy without a style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import Final

from markupsafe import Markup

from monitor.model import Severity
from monitor.web.map.geometry import WIDTH, Box, View
from monitor.web.map.labels import SIZE, Label, Named, placed
from monitor.web.map.outlines import countries

MOST_DRAWN: Final = 400  # circles; the table has all
_LEAST_RADIUS, _LARGEST_RADIUS = 9.0, 34.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A place with what happened there. `title`: all of it in words; `href`: the alerts behind it."""

    longitude: float
    latitude: float
    stories: int
    worst: Severity
    name: str
    title: str
    href: str


def draw(dots: Sequence[Dot], box: Box, *, rtl: bool, regions: Sequence[tuple[float, float, str]] = ()) -> Markup:
    """`dots` with the most stories first: they are drawn below the smaller ones, and named first. `regions`: names by
    longitude and latitude, where there is room. Not for readers of screens, to whom a table says the same."""
    view = View.of(box)
    shown = [dot for dot in dots if view.shows(view.at(dot.longitude, dot.latitude))][:MOST_DRAWN]
    most = max((dot.stories for dot in shown), default=0)
    named = [Named(view.at(dot.longitude, dot.latitude), _radius(dot, most), dot.name) for dot in shown]
    around = [Named(view.at(longitude, latitude), 0, name) for longitude, latitude, name in regions]
    return Markup("").join(
        (
            Markup(
                '<svg class="map" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true" direction="{}">'
            ).format(WIDTH, view.height, WIDTH, view.height, "rtl" if rtl else "ltr"),
            Markup('<rect class="map-sea" width="{}" height="{}"/>').format(WIDTH, view.height),
            land(view),
            *(_circle(dot, each) for dot, each in zip(shown, named, strict=True)),
            *(_text(label) for label in placed(named, around, view.height, rtl=rtl)),
            Markup("</svg>"),
        )
    )


@lru_cache(maxsize=32)
def land(view: View) -> Markup:
    """Made once a view: of some ten thousand points. The ground is a little larger than its border, for neighbours do
    not quite meet in the data."""
    seen = [each for each in countries() if each.box.meets(view.box)]
    areas = ("".join(view.area(ring) for ring in each.rings) for each in seen)
    rivers = "".join(view.line(river) for each in seen for river in each.rivers)
    drawn = Markup("").join(Markup('<path d="{}"/>').format(area) for area in areas if area)
    return Markup(
        '<defs><g id="map-land">{}</g></defs><use class="map-ground" href="#map-land"/>'
        '<path class="map-river" d="{}"/><use class="map-border" href="#map-land"/>'
    ).format(drawn, rivers)


def _circle(dot: Dot, drawn: Named) -> Markup:
    return Markup(
        '<a href="{}" tabindex="-1"><circle class="map-dot {}" cx="{:.0f}" cy="{:.0f}" r="{:.0f}">'
        "<title>{}</title></circle></a>"
    ).format(dot.href, dot.worst.value, *drawn.at, drawn.radius, dot.title)


def _radius(dot: Dot, most: int) -> float:
    """The area goes with the number of stories; one story is never large."""
    return max(_LEAST_RADIUS, _LARGEST_RADIUS * sqrt(dot.stories / max(most, 4)))


def _text(label: Label) -> Markup:
    return Markup('<text class="{}" x="{:.0f}" y="{:.0f}" font-size="{}" text-anchor="middle">{}</text>').format(
        "map-region" if label.is_region else "map-label", *label.at, SIZE, label.text
    )
