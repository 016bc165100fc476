"""Which alerts a page shows: what its address asks for, and addresses that ask for a little more or less."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Final, Literal
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from monitor.model import Severity
from monitor.store.feedback_rows import Opinion
from monitor.store.views.history import Wanted

Seen = Literal["yes", "no", ""]
OPINIONS: Final[Mapping[str, Opinion | Literal["none"]]] = {
    "match": Opinion.MATCH, "wrong": Opinion.WRONG, "none": "none",
}  # fmt: skip
_SEVERITIES: Final = {each.value: each for each in Severity}
_SEEN: Final[Mapping[str, Seen]] = {"yes": "yes", "no": "no"}
_MOST: Final = 20  # values of one name
_LONGEST: Final = 200  # code points of one value; no id is longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Each field is a parameter of the address, by its name; a tuple is one that may stand there several times. What
    an address asks for that nobody can mean is passed over.

    `day` is one, in the reader's zone; `since` and `until` are days too, both within.
    """

    rule: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    event: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    day: date | None = None
    since: date | None = None
    until: date | None = None
    seen: Seen = ""
    opinion: str = ""

    @classmethod
    def read(cls, query: QueryParams) -> Filters:
        return cls(
            rule=_ids(query.getlist("rule")),
            severity=tuple(each.value for each in reversed(Severity) if each.value in query.getlist("severity")),
            place=_ids(query.getlist("place")),
            event=_ids(query.getlist("event")),
            source=_ids(query.getlist("source")),
            day=_day(query.get("day")),
            since=_day(query.get("since")),
            until=_day(query.get("until")),
            seen=_SEEN.get(query.get("seen", ""), ""),
            opinion=query.get("opinion", "") if query.get("opinion") in OPINIONS else "",
        )

    def __bool__(self) -> bool:
        return any(True for _ in self.pairs())

    def pairs(self) -> Iterator[tuple[str, str]]:
        """As they stand in an address."""
        for each in fields(self):
            told = getattr(self, each.name)
            for value in told if isinstance(told, tuple) else (told,):
                if value:
                    yield each.name, value.isoformat() if isinstance(value, date) else value

    def query(self, **more: object) -> str:
        """'?rule=strikes&seen=no', '' for nothing; with what else the address is to say."""
        also = [(name, str(value)) for name, value in more.items() if value not in (None, "")]
        return f"?{told}" if (told := urlencode([*self.pairs(), *also])) else ""

    def without(self, name: str, value: str) -> Filters:
        told = getattr(self, name)
        left: Any = tuple(each for each in told if each != value) if isinstance(told, tuple) else _NOTHING[name]
        return replace(self, **{name: left})

    def wanted(self, zone: tzinfo, expanded: Callable[[Sequence[str]], frozenset[str]]) -> Wanted:
        """`expanded` tells the places meant with all that lies within them."""
        since, until = self.day or self.since, self.day or self.until
        return Wanted(
            rules=frozenset(self.rule),
            severities=frozenset(_SEVERITIES[each] for each in self.severity),
            places=expanded(self.place) if self.place else frozenset(),
            events=frozenset(self.event),
            sources=frozenset(self.source),
            since=start_of(since, zone) if since else None,
            until=start_of(until + timedelta(days=1), zone) if until else None,
            seen={"yes": True, "no": False}.get(self.seen),
            opinion=OPINIONS.get(self.opinion),
        )


_NOTHING: Final = {"day": None, "since": None, "until": None, "seen": "", "opinion": ""}


def start_of(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _ids(written: Sequence[str]) -> tuple[str, ...]:
    told = (each.strip() for each in written)
    return tuple(dict.fromkeys(each for each in told if each and len(each) <= _LONGEST))[:_MOST]


def _day(written: str | None) -> date | None:
    """Of years that every zone has."""
    try:
        day = date.fromisoformat(written or "")
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None
