"""When a feed publishes, drawn: the hours of a week as a grid, those of a day as a line of bars. SVG for a page, under
its policy: colours by class, sizes as attributes."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from markupsafe import Markup

_CELL_WIDE, _CELL_HIGH, _BESIDE, _BELOW = 22, 18, 74, 20
_HOURS: Final = 24
_WIDE, _HIGH = 120, 28


def grid(week: Sequence[float], days: Sequence[str], *, title: str, description: str, rtl: bool) -> Markup:
    """`week`: 168 numbers, Monday at 0:00 first; `days`: their names. The darker, the more."""
    width, height = _BESIDE + _HOURS * _CELL_WIDE, 7 * _CELL_HIGH + _BELOW
    most = max(week, default=0) or 1
    drawn = []
    for day, name in enumerate(days):
        y = day * _CELL_HIGH
        across = width - 4 if rtl else 4
        drawn.append(f'<text x="{across}" y="{y + 13}" text-anchor="start">{escape(name)}</text>')
        for hour in range(_HOURS):
            x = _place(hour, width, rtl)
            share = week[day * _HOURS + hour] / most
            drawn.append(
                f'<rect class="bar" x="{x + 1}" y="{y + 1}" width="{_CELL_WIDE - 2}" height="{_CELL_HIGH - 2}" rx="2"'
                f' fill-opacity="{0.06 + 0.94 * share:.2f}"/>'
            )
    for hour in range(0, _HOURS, 3):
        x = _place(hour, width, rtl) + _CELL_WIDE // 2
        drawn.append(f'<text x="{x}" y="{height - 5}" text-anchor="middle">{hour:02}</text>')
    return _svg("plot", drawn, width, height, title, description, rtl=rtl)


def hours(day: Sequence[float], *, title: str, description: str, rtl: bool) -> Markup:
    """`day`: 24 numbers."""
    most, wide = max(day, default=0) or 1, _WIDE / _HOURS
    drawn = []
    for hour, number in enumerate(day):
        turn = _HOURS - 1 - hour if rtl else hour
        tall = max(1.0, number / most * (_HIGH - 2))
        drawn.append(
            f'<rect class="bar" x="{turn * wide + 0.5:g}" y="{_HIGH - tall:.1f}" width="{wide - 1:g}"'
            f' height="{tall:.1f}"/>'
        )
    return _svg("spark", drawn, _WIDE, _HIGH, title, description, rtl=rtl)


def _place(hour: int, width: int, rtl: bool) -> int:
    return width - _BESIDE - (hour + 1) * _CELL_WIDE if rtl else _BESIDE + hour * _CELL_WIDE


def _svg(
    kind: str, drawn: Sequence[str], width: int, height: int, title: str, description: str, *, rtl: bool
) -> Markup:
    direction = ' direction="rtl"' if rtl else ""
    return Markup(  # noqa: S704 - made of numbers and escaped text
        f'<svg class="{kind}" role="img" viewBox="0 0 {width} {height}"{direction}><title>{escape(title)}</title>'
        f"<desc>{escape(description)}</desc>{''.join(drawn)}</svg>"
    )
