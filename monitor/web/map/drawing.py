"""The SVG of a map. Widths are attributes and colours classes, so it stands under our policy without a style."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from markupsafe import Markup

from monitor.model import Severity
from monitor.web.map.circles import apart, radius
from monitor.web.map.geometry import WIDTH, Box, View
from monitor.web.map.labels import SIZE, Label, Named, placed
from monitor.web.map.legend import Legend, strip
from monitor.web.map.outlines import countries

MOST_DRAWN: Final = 400  # circles; the table has all


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What lies on the land, for one width of page. `scale`: of circles and letters. `has_titles`: to hover over."""

    name: str
    scale: float
    most: int
    has_titles: bool


# In a drawing as wide as a phone, usual letters are a smudge.
SHEETS: Final = (
    Sheet(name="map-large", scale=1.0, most=MOST_DRAWN, has_titles=True),
    Sheet(name="map-small", scale=1.8, most=150, has_titles=False),
)


def shown(dots: Sequence[Dot], box: Box) -> list[Dot]:
    """Those that a map of the box has."""
    view = View.of(box)
    return [dot for dot in dots if view.shows(view.at(dot.longitude, dot.latitude))][:MOST_DRAWN]


def draw(
    dots: Sequence[Dot],
    box: Box,
    *,
    rtl: bool,
    regions: Sequence[tuple[float, float, str]] = (),
    legend: Legend = Legend(),  # noqa: B008 - frozen
) -> Markup:
    """`dots` with the most stories first: they are drawn below the smaller ones, and named first. `regions`: names by
    longitude and latitude, where there is room. Not for readers of screens, to whom a table says the same.

    One land, and a sheet over it for each width of page; the page shows one of them.
    """
    view = View.of(box)
    drawn = shown(dots, box)
    sheets = (_sheet(view, drawn[: sheet.most], regions, legend, sheet, rtl=rtl) for sheet in SHEETS)
    return land(view) + Markup().join(sheets)


@lru_cache(maxsize=32)
def land(view: View) -> Markup:
    """Made once a view: of some ten thousand points."""
    seen = [each for each in countries() if each.box.meets(view.box)]
    return Markup(
        '<svg class="map-store" width="0" height="0" aria-hidden="true"><defs><g id="map-land">'
        '<path class="map-ground" d="{}"/><path class="map-river" d="{}"/><path class="map-border" d="{}"/>'
        "</g></defs></svg>"
    ).format(
        "".join(view.area(ring) for each in seen for ring in each.rings),
        "".join(view.line(river) for each in seen for river in each.rivers),
        "".join(view.line(line) for each in seen for line in each.borders),
    )


def _sheet(
    view: View, dots: Sequence[Dot], regions: Iterable[tuple[float, float, str]], legend: Legend, sheet: Sheet,
    *, rtl: bool,
) -> Markup:  # fmt: skip
    scale, most = sheet.scale, max((dot.stories for dot in dots), default=0)
    circles = [(view.at(dot.longitude, dot.latitude), radius(dot.stories, most) * scale) for dot in dots]
    named = [Named(at, each[1], dot.name) for at, each, dot in zip(apart(circles), circles, dots, strict=True)]
    around = [Named(view.at(longitude, latitude), 0, region) for longitude, latitude, region in regions]
    below, high = strip(legend, scale=scale, rtl=rtl)
    return Markup(
        '<svg class="map {}" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true" direction="{}">'
        '<svg width="{}" height="{}"><rect class="map-sea" width="{}" height="{}"/><use href="#map-land"/>{}{}</svg>'
        '<g transform="translate(0 {})">{}</g></svg>'
    ).format(
        sheet.name, WIDTH, view.height + high, WIDTH, view.height + high, "rtl" if rtl else "ltr",
        WIDTH, view.height, WIDTH, view.height,
        Markup().join(_circle(dot, each, sheet) for dot, each in zip(dots, named, strict=True)),
        Markup().join(_text(each, scale) for each in placed(named, around, view.height, rtl=rtl, size=SIZE * scale)),
        view.height, below,
    )  # fmt: skip


def _circle(dot: Dot, drawn: Named, sheet: Sheet) -> Markup:
    title = Markup("<title>{}</title>").format(dot.title) if sheet.has_titles else ""
    return Markup(
        '<a href="{}" tabindex="-1"><circle class="map-dot {}" cx="{:.0f}" cy="{:.0f}" r="{:.0f}">{}</circle></a>'
    ).format(dot.href, dot.worst.value, *drawn.at, drawn.radius, title)


def _text(label: Label, scale: float) -> Markup:
    return Markup('<text class="{}" x="{:.0f}" y="{:.0f}" font-size="{:.0f}" text-anchor="middle">{}</text>').format(
        "map-region" if label.is_region else "map-label", *label.at, SIZE * scale, label.text
    )
