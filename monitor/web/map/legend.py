"""What a map's circles mean: their sizes and colours, in a strip below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from monitor.model import Severity
from monitor.web.map.circles import LEAST, radius
from monitor.web.map.geometry import WIDTH
from monitor.web.map.labels import SIZE, width

_AIR = 12.0  # units


@dataclass(frozen=True, slots=True)
class Legend:
    """In words: numbers of stories, the fewest first, and severities."""

    sizes: tuple[tuple[int, str], ...] = ()
    colours: tuple[tuple[Severity, str], ...] = ()


def examples(numbers: Sequence[int]) -> tuple[int, ...]:
    """Of how many stories a circle is shown, by how many the places have: one that is least, the largest, and one of
    half its size where they differ enough."""
    if not numbers:
        return ()
    most = max(numbers)
    return tuple(sorted({min(numbers), most} | ({round(most / 4)} if most >= 8 else set())))


def strip(legend: Legend, *, scale: float, rtl: bool) -> tuple[Markup, int]:
    """Drawn from its top at 0, and how high it is; nothing for a map without circles. Sizes in one line, colours below:
    as much as has room, which is all but with very long words."""
    most = max((stories for stories, _ in legend.sizes), default=0)
    if not most:
        return Markup(), 0
    sizes = [(radius(stories, most) * scale, "", words) for stories, words in legend.sizes]
    colours = [(LEAST * scale, severity.value, words) for severity, words in legend.colours]
    drawn, top = Markup(), _AIR
    for line in (sizes, colours):
        half = max(max(size for size, _, _ in line), SIZE * scale / 2) if line else 0.0
        drawn += Markup().join(_line(line, top + half, scale, rtl=rtl))
        top += 2 * half + _AIR
    return drawn, round(top)


def _line(each: Sequence[tuple[float, str, str]], middle: float, scale: float, *, rtl: bool) -> Iterator[Markup]:
    """From where reading begins."""
    along = _AIR
    for size, kind, words in each:
        wide = width(words, SIZE * scale)
        circle, text = along + size, along + 2 * size + _AIR
        along = text + wide + 2 * _AIR * scale
        if text + wide > WIDTH:
            return
        yield Markup('<circle class="map-dot {}" cx="{:.0f}" cy="{:.0f}" r="{:.0f}"/>').format(
            kind or "map-size", WIDTH - circle if rtl else circle, middle, size
        )
        yield Markup(
            '<text class="map-key" x="{:.0f}" y="{:.0f}" font-size="{:.0f}" text-anchor="start">{}</text>'
        ).format(WIDTH - text if rtl else text, middle + SIZE * scale * 0.35, SIZE * scale, words)
