"""What a plot is made of. Minutes count from the day's begin; those before it are negative."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

TOLD = ("first report", "corroborated", "escalated", "updated", "corrected", "denied")
QUIET = ("duplicate", "throttled", "below min_sources", "muted", "stale", "baseline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    id: str
    name: str
    owner: str
    language: str = "ar"
    agency: bool = False

    @property
    def path(self) -> str:
        return f"/{self.id}.xml"


@dataclass(frozen=True, slots=True)
class Town:
    """A town of the shipped gazetteer, by the names that newsrooms write."""

    ar: str
    en: str


class How(Enum):
    """How a beat is told. What is an edit changes an entry that stands in the feed; all else is a new entry."""

    OWN = "in words of its own"
    TICKER = "a ticker: one line without figures"
    COPY = "word for word, without credit"
    LIGHT = "lightly edited, without credit"
    CREDIT = "in other words, crediting the agency"
    CREDIT_COPY = "word for word, crediting the agency"
    REPOST = "the outlet's own headline, published anew"
    DENIAL = "a denial of the event"
    CORRECTION = "a new entry headed as a correction"
    EDIT_TYPO = "edit: a misspelling goes"
    EDIT_FIGURE = "edit: another figure in the same text"
    EDIT_HEADLINE = "edit: a materially new headline"
    EDIT_PLACE = "edit: another town"
    DRILL = "a drill"
    ANNIVERSARY = "an anniversary"

    @property
    def edits(self) -> bool:
        return self.name.startswith("EDIT_")

    @property
    def copies(self) -> bool:
        return self in (How.COPY, How.LIGHT, How.CREDIT_COPY)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a beat calls for under one rule.

    `saying` is what a throttled alert would have been; it is sent when the throttle ends, unless `replaced`: then a
    later one took its place before that.
    """

    reason: str
    because: str
    saying: str = ""
    replaced: bool = False

    @property
    def told(self) -> bool:
        return self.reason in TOLD


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing that happens in the telling of an event."""

    after: int  # minutes after the event's first report
    role: str  # who tells; outlets are cast for roles anew in each event
    how: How
    verdict: Verdict  # under the event's own rule
    toll: int = 0  # which of the event's tolls is told
    of: str = ""  # whose report this copies or credits; its voice counts, not the teller's
    second: Verdict | None = None  # under the other rule that looks at these places


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """How one event is told, from its first report to the last, and why each beat is or is not an alert."""

    id: str
    rule: str
    beats: tuple[Beat, ...]
    second: str = ""  # the other rule
    tolls: tuple[tuple[int, int], ...] = ()  # the range of each toll; none: no figures are told
    window: tuple[int, int] = (20, 1240)  # minutes in which the first report may come
    towns: int = 1  # 2: an edit moves the event to a second one


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    id: str
    arc: Arc
    kind: str  # the class of event in the lexicon
    town: Town
    moved_to: Town | None
    actors: tuple[str, str]
    site: str
    minute: int  # of the first report
    tolls: tuple[int, ...]  # killed, rising unless the arc lowers them
    wounded: int | None
    cast: Mapping[str, Outlet]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An entry as it stands in the feed from `minute` on."""

    minute: int
    title: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    guid: str
    outlet: Outlet
    dated: int  # the minute of its date, which edits leave alone
    versions: tuple[Version, ...]
    rules: frozenset[str] = frozenset()  # whose words it has, figures aside

    @property
    def minute(self) -> int:
        """When it first stood in the feed."""
        return self.versions[0].minute

    def at(self, minute: int) -> Version:
        return [each for each in self.versions if each.minute <= minute][-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A beat as it came about: which version of which entry, when."""

    event: Event
    beat: Beat
    entry: str  # guid
    version: int  # of the entry, from 0
    minute: int
    toll: int | None
    sources: int  # independent voices up to here
    reports: int  # entries of the story up to here


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    seed: int
    begins: datetime
    events: tuple[Event, ...]  # the forty
    echoes: tuple[Event, ...]  # drills and anniversaries beside them
    told: tuple[Told, ...]
    stale: tuple[Entry, ...]
    yesterday: tuple[Entry, ...]  # would match, and stood in the feeds at the first poll
    entries: tuple[Entry, ...]  # all of them, in the order in which they appeared

    def instant(self, minute: int) -> datetime:
        return self.begins + timedelta(minutes=minute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An alert that the plot calls for. Instants are those at which its delivery may become due, both included."""

    event: str
    rule: str
    reason: str
    sources: int
    reports: int
    severity: str
    tags: frozenset[str] = field(default_factory=frozenset)
    earliest: datetime
    latest: datetime
    entry: str
    saying: str = ""  # of a throttled one: what it tells when it is released
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A report that matched a rule, and after which nobody is told at once. `event` is empty outside of the events."""

    event: str
    rule: str
    reason: str
    entry: str
    version: int
    at: datetime
    because: str
