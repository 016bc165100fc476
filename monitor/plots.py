"""Numbers as SVG: a text to put into a page or a file.

It stands under any Content-Security-Policy: no style, no script, no address. Widths and heights are attributes, colours
are `currentColor`, and by the classes `plot`, `plot-bar`, `plot-axis`, `plot-label`, `plot-number` (`few`), `plot-line`
and `plot-area` a page may paint it. Who cannot see it hears its title and description; a table of the same figures is
the caller's to give.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from math import ceil, log10

WIDTH, HEIGHT = 720, 200
_ABOVE, _BELOW, _BESIDE = 18, 28, 40  # room for the highest number, the days, the scale
_GAP = 0.2  # of a bar's place
_WIDEST = 48  # of a bar: one alone is a bar, too, and no wall
_DIGIT = 8  # of a number above a bar, with air
_LARGER = 2  # times as wide: what a page for a phone may make of numbers that are `few`
_LINES = 4  # across, at most
_MOST_LABELS = 8  # below


def bars(
    series: Sequence[tuple[str, float]],
    *,
    title: str,
    description: str = "",
    width: int = WIDTH,
    height: int = HEIGHT,
    rtl: bool = False,
    standalone: bool = False,
) -> str:
    """A bar for each (label, number), none of them negative. With `rtl` the first stands at the right.

    Above each stands its number where all have room, so that a day without any is told from none.

    `standalone`: for a file of its own, with a white ground and its namespace; else it is a part of a page.
    """
    top = _round_up(max((number for _, number in series), default=0))
    left, across, up = (0 if rtl else _BESIDE), width - _BESIDE, height - _ABOVE - _BELOW
    place = across / max(len(series), 1)
    wide = min(place * (1 - _GAP), _WIDEST)
    room = max((len(_count(number)) for _, number in series), default=0) * _DIGIT
    kind = "plot-number few" if room * _LARGER <= place else "plot-number"
    drawn = [*_lines(top, left=left, across=across, up=up, rtl=rtl, width=width)]
    every = ceil(len(series) / _MOST_LABELS) or 1
    for index, (label, number) in enumerate(series):
        turn = len(series) - 1 - index if rtl else index
        middle, tall = left + (turn + 0.5) * place, number / top * up
        drawn.append(
            f'<rect class="plot-bar" x="{_n(middle - wide / 2)}" y="{_n(_ABOVE + up - tall)}"'
            f' width="{_n(wide)}" height="{_n(tall)}" fill="currentColor">'
            f"<title>{escape(label)}: {_count(number)}</title></rect>"
        )
        if room <= place:
            drawn.append(_text(middle, _ABOVE + up - tall - 4, _count(number), anchor="middle", kind=kind))
        if index % every == 0:
            drawn.append(_text(middle, height - 8, label, anchor="middle"))
    told = description or _told(series)
    return _svg(drawn, title=title, description=told, width=width, height=height, rtl=rtl, standalone=standalone)


def spark(
    values: Sequence[float],
    *,
    title: str,
    description: str = "",
    width: int = 120,
    height: int = 24,
    rtl: bool = False,
    top: float = 0,
) -> str:
    """A small line of numbers, none of them negative: where a word would be. With `rtl` the first is at the right.

    `top`: the number that its height stands for, where it is to be compared with others; else the greatest of its own.
    """
    top = max(top, *values, 0) or 1
    step = (width - 2) / max(len(values) - 1, 1)
    xs = [1 + step * index for index in range(len(values))]
    if rtl:
        xs = [width - x for x in xs]
    points = [(x, height - 2 - value / top * (height - 4)) for x, value in zip(xs, values, strict=True)]
    line = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    drawn = []
    if points:
        area = f"{_n(points[0][0])},{height - 1} {line} {_n(points[-1][0])},{height - 1}"
        drawn = [
            f'<polygon class="plot-area" points="{area}" fill="currentColor" fill-opacity="0.15"/>',
            f'<polyline class="plot-line" points="{line}" fill="none" stroke="currentColor" stroke-width="1.5"/>',
        ]
    told = description or _told([("", value) for value in values])
    return _svg(drawn, title=title, description=told, width=width, height=height, rtl=rtl)


def _svg(
    drawn: Iterable[str],
    *,
    title: str,
    description: str,
    width: int,
    height: int,
    rtl: bool,
    standalone: bool = False,
) -> str:
    """`role="img"` with a title: read as one picture, by its title and description."""
    space = ' xmlns="http://www.w3.org/2000/svg"' if standalone else ""
    ground = f'<rect width="{width}" height="{height}" fill="#ffffff"/>' if standalone else ""
    colour = ' color="#1f4e79"' if standalone else ""
    direction = ' direction="rtl"' if rtl else ""
    return (
        f'<svg{space} class="plot" role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f"{colour}{direction}><title>{escape(title)}</title><desc>{escape(description)}</desc>{ground}"
        f"{''.join(drawn)}</svg>"
    )


def _lines(top: float, *, left: int, across: int, up: int, rtl: bool, width: int) -> Iterable[str]:
    """Across, with their numbers: whole ones, as what is counted is whole."""
    step = max(1, ceil(top / _LINES))
    beside = width - _BESIDE + 6 if rtl else _BESIDE - 6
    for number in range(0, int(top) + 1, step):
        y = _ABOVE + up - number / top * up
        yield (
            f'<line class="plot-axis" x1="{left}" x2="{left + across}" y1="{_n(y)}" y2="{_n(y)}"'
            ' stroke="currentColor" stroke-opacity="0.25"/>'
        )
        yield _text(beside, y + 4, _count(number), anchor="end")  # the end that is at the bars, in either direction


def _text(x: float, y: float, words: str, *, anchor: str, kind: str = "plot-label") -> str:
    return (
        f'<text class="{kind}" x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" font-size="12"'
        f' fill="currentColor">{escape(words)}</text>'
    )


def _told(series: Sequence[tuple[str, float]]) -> str:
    if not series:
        return "nothing"
    label, most = max(series, key=lambda each: each[1])
    total = _count(sum(number for _, number in series))
    return f"{total} in all; at most {_count(most)}{f' ({label})' if label else ''}"


def _round_up(most: float) -> float:
    """The next number with one digit that counts, times 1, 2 or 5: of a scale, not of a measurement."""
    if most <= _LINES:
        return float(max(_LINES, 1))
    size = 10 ** int(log10(most))
    return float(next(times * size for times in (1, 2, 5, 10) if times * size >= most))


def _count(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
