"""When a feed's new entries come, learned from its own polls, and how long to wait by it. Pure.

The rate at a time is a product of four: how much the feed publishes, its share of that at this hour of the day and on
this day of the week (UTC), and how much livelier than that it is just now. Each is a *cell*: entries that came,
against what was expected without it, both fading. So few numbers know a feed of ten entries a day in two weeks, where
a count for each of the 168 hours of a week would need half a year; and a newsroom that changes its habits is followed.

`docs/why/rhythm.md` says why it waits as it does; `bench/polling.py` compares it with other ways.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

_VERSION = 1
_PACE, _HOURS, _DAYS, _BURST = 0, 1, 25, 32  # places of the cells; of the pace, what is expected is hours watched
_LAYOUT = struct.Struct("<B66f")  # the version; 33 cells: came, expected

# Over how many hours that a cell speaks of it forgets (to 1/e): an hour of the day is lived through once a day.
_MEMORY = (7 * 24.0, *(28.0,) * 24, *(5 * 24.0,) * 7, 1.0)
# How many expected entries it takes to believe a cell half. Half or twice of these change the bench by a few percent.
_HOUR_DOUBT, _DAY_DOUBT, _BURST_DOUBT = 0.7, 8.0, 4.0
_PACE_DOUBT = 3.0  # hours

_LONGEST_LOOK = timedelta(hours=6)  # between two polls so far apart nobody can say when the entries came
_LONGEST_SEED = 24.0  # hours of watching that the dates of a first document may count for
_MOST = 1e12  # far above any truth, far below where numbers of four bytes end
_HOUR = timedelta(hours=1)
_MONDAY = datetime(2024, 1, 1, tzinfo=UTC)  # any


def learned(blob: bytes | None, *, since: datetime, until: datetime, new: int) -> bytes | None:
    """What is known after two polls between which so many new entries came.

    Unchanged where the time between them tells nothing: it is too long, or the clock was set.
    """
    if not timedelta(0) < until - since <= _LONGEST_LOOK:
        return blob
    cells = _load(blob)
    whole = (until - since) / _HOUR
    for at, hours in _by_the_hour(since, until):
        _live(cells, at, hours, came=new * hours / whole)
    return _dump(cells)


def seeded(dates: Iterable[datetime | None], *, now: datetime) -> bytes | None:
    """A first idea of the pace, by the dates that a feed's first document shows. None: they tell none."""
    known = sorted(at for at in dates if at is not None and at <= now)
    if len(known) < 2 or known[0] == now:
        return None
    hours = (now - known[0]) / _HOUR
    counted = min(hours, _LONGEST_SEED)
    cells = _load(None)
    cells[0], cells[1] = (len(known) - 1) * counted / hours, counted
    return _dump(cells)


def wait(blob: bytes | None, *, now: datetime, unread: float, start: float, longest: timedelta) -> timedelta:
    """How long until the entries that may have come have waited `unread` hours in all (ten entries of six minutes: 1).

    With entries at an even rate that is the wait at which requests and waiting together cost least, if a request is
    worth `unread` hours of an entry's waiting (the square-root law); with a rate that changes it looks ahead, and asks
    in time for the busy hour. `start` is the rate to go by, entries per hour, where nothing is known.
    """
    cells = _load(blob)
    livelier = _factor(cells, _BURST, _BURST_DOUBT)
    passed = waiting = waited = 0.0  # hours; entries that may have come; hours that they have waited in all
    for at, hours in _by_the_hour(now, now + longest):
        rate = _usual(cells, at, start) * (1 + (livelier - 1) * math.exp(-passed / _MEMORY[_BURST]))
        then = waited + waiting * hours + rate * hours * hours / 2
        if then >= unread:
            return min(longest, _HOUR * (passed + _until(unread - waited, waiting, rate)))
        passed, waiting, waited = passed + hours, waiting + rate * hours, then
    return longest


def expected(blob: bytes | None, *, since: datetime, until: datetime) -> float:
    """How many new entries a feed usually brings in such a time, by the hours and days it spans; 0 if nothing is known.

    For a feed that is silent: where twelve were to be expected, none by chance is unlikely in the extreme.
    """
    cells = _load(blob)
    return sum(_usual(cells, at, 0.0) * hours for at, hours in _by_the_hour(since, until))


def pace(blob: bytes | None, *, now: datetime, start: float) -> float:
    """New entries to be expected per hour just now."""
    cells = _load(blob)
    return _usual(cells, now, start) * _factor(cells, _BURST, _BURST_DOUBT)


def watched(blob: bytes | None) -> timedelta:
    """How long a feed has been watched, as far as that is not forgotten: some weeks at most."""
    memory = _MEMORY[_PACE]
    kept = min(_load(blob)[2 * _PACE + 1] / memory, 0.99)
    return _HOUR * memory * -math.log1p(-kept)


def week(blob: bytes | None) -> tuple[float, ...]:
    """New entries to be expected in each hour of a week, the first that of Monday at 0:00 UTC; 168 of them, all 0 if
    nothing is known. What is livelier just now is left out."""
    cells = _load(blob)
    return tuple(_usual(cells, _MONDAY + _HOUR * hour, 0.0) for hour in range(7 * 24))


def _live(cells: list[float], at: datetime, hours: float, *, came: float) -> None:
    """Every cell learns what the others leave unexplained."""
    hour, day = _HOURS + at.hour, _DAYS + at.weekday()
    by_hour, by_day = _factor(cells, hour, _HOUR_DOUBT), _factor(cells, day, _DAY_DOUBT)
    _add(cells, _PACE, came, hours, hours)
    average = cells[0] / cells[1] * hours
    _add(cells, _BURST, came, average * by_hour * by_day, hours)
    _add(cells, hour, came, average * by_day, hours)
    _add(cells, day, came, average * by_hour, hours)


def _add(cells: list[float], place: int, came: float, expected_: float, hours: float) -> None:
    stays = math.exp(-hours / _MEMORY[place])
    cells[2 * place] = cells[2 * place] * stays + came
    cells[2 * place + 1] = cells[2 * place + 1] * stays + expected_


def _usual(cells: list[float], at: datetime, start: float) -> float:
    by_hour = _factor(cells, _HOURS + at.hour, _HOUR_DOUBT)
    return _average(cells, start) * by_hour * _factor(cells, _DAYS + at.weekday(), _DAY_DOUBT)


def _average(cells: list[float], start: float) -> float:
    doubt = min(_PACE_DOUBT, 1 / start) if start > 0 else 0.0  # one entry's worth at most
    watched = cells[1] + doubt
    return (cells[0] + start * doubt) / watched if watched else start


def _factor(cells: list[float], place: int, doubt: float) -> float:
    return (cells[2 * place] + doubt) / (cells[2 * place + 1] + doubt)


def _until(left: float, waiting: float, rate: float) -> float:
    """The root of waiting·t + rate·t²/2 = left, in the form that loses no digits where the rate is near nothing."""
    return 2 * left / (waiting + math.sqrt(waiting * waiting + 2 * rate * left))


def _by_the_hour(since: datetime, until: datetime) -> Iterator[tuple[datetime, float]]:
    """The time between, cut where an hour ends: the beginning of each piece, and its length in hours."""
    at = since.astimezone(UTC)
    while at < until:
        ends = min(until, at.replace(minute=0, second=0, microsecond=0) + _HOUR)
        yield at, (ends - at) / _HOUR
        at = ends


def _load(blob: bytes | None) -> list[float]:
    """What was written by another version, or damaged, counts as nothing known; of cells that are no numbers, the sum
    is none."""
    if blob is None or len(blob) != _LAYOUT.size or blob[0] != _VERSION:
        return [0.0] * 66
    cells = list(_LAYOUT.unpack(blob)[1:])
    return cells if min(cells) >= 0 and sum(cells) <= _MOST else [0.0] * 66


def _dump(cells: list[float]) -> bytes:
    return _LAYOUT.pack(_VERSION, *cells)
