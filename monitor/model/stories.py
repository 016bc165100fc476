"""One event as told by many, and what was decided about each report of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from monitor.model.basics import Severity
from monitor.model.entries import Entry, Match
from monitor.model.evidence import Evidence
from monitor.model.facts import Facts


class Reason(Enum):
    """Why we did, or did not, tell someone. `tells` says which."""

    FIRST_REPORT = "first report"
    CORROBORATED = "told by further independent sources"
    ESCALATED = "escalated"
    UPDATED = "the story changed"
    CORRECTED = "corrected"
    DENIED = "denied"
    BASELINE = "the feed was polled for the first time"
    DUPLICATE = "already alerted"
    STALE = "older than max_age"
    EXPIRED = "the rule has expired"
    MUTED = "muted"
    INHIBITED = "another story stands for it"
    TOO_FEW_SOURCES = "below min_sources"
    THROTTLED = "within the rule's throttle"
    COUNTED = "counted, not told by itself"

    @property
    def tells(self) -> bool:
        return self in _TELLING


_TELLING = frozenset((
    Reason.FIRST_REPORT, Reason.CORROBORATED, Reason.ESCALATED, Reason.UPDATED, Reason.CORRECTED, Reason.DENIED,
))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What an entry version is known by.

    `raw`: hash of the entry as published; equal means nothing changed at all.
    `text`: hash of the normal text of all fields. `headline`: of the title's normal words (of all fields where the
    title has fewer than four). `words`: the normal words of title and summary, for similarity.
    """

    raw: bytes
    text: bytes
    headline: bytes
    words: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """A stored entry that an incoming one may be a version of."""

    id: int
    guid: str
    link: str | None
    published_at: datetime | None
    texts: frozenset[bytes]  # text hashes of every version seen
    words: frozenset[str]  # of the latest version
    matched_rules: frozenset[str]  # rules that any version matched, alerted or not
    story_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """An entry version as stories compare it: small enough to be kept beside each report.

    `grams`: hashes of sampled runs of normal words, for 'the same text'; see `stories.sketch`. `words`: hashes of the
    telling words in order, none twice; the first `title` of them stand in the title. `spots`: hashes of the names that
    the text itself calls a village, a quarter, a street, and of what stands behind 'in' and 'near'. `names`: hashes of
    the consonants of what may be names, the same in all scripts. `marks`: what it says of its time and kind; see
    `stories.marks`. `told_at`: published, or seen where that is not said. `keys` are what a store finds the possibly
    kin by: signed 64 bits, equal in at least one for two reports of one story. `newsroom`: who published it, '' where
    that is not said; what one tells later does not contradict what it told before. All other hashes are unsigned 32
    bits.
    """

    text: bytes
    headline: bytes
    grams: frozenset[int]
    facts: Facts
    told_at: datetime
    language: str = ""
    keys: tuple[int, ...] = ()
    words: tuple[int, ...] = ()
    title: int = 0
    spots: frozenset[int] = frozenset()
    names: frozenset[int] = frozenset()
    marks: frozenset[str] = frozenset()
    newsroom: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whose word a report is. `owner` is who counts as one voice: of the `credited` newsroom, mostly an agency, where
    the text names one as its source."""

    newsroom: str
    owner: str
    credited: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a report said once. `seen_at`: when that was first seen."""

    sketch: Sketch
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One entry in a story, by its latest version.

    `earlier`: what it said before, the oldest first: the first version and the newest few before this one. `seen_at`:
    when the entry was first seen, `edited_at`: when its latest version was, None where that is the first.
    """

    entry_id: int
    feed_id: str
    sketch: Sketch
    origin: Origin
    seen_at: datetime
    title: str = ""
    link: str | None = None
    earlier: tuple[Version, ...] = ()
    edited_at: datetime | None = None

    @property
    def versions(self) -> tuple[Version, ...]:
        """The oldest first, the latest last."""
        return *self.earlier, Version(sketch=self.sketch, seen_at=self.edited_at or self.seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Who tells a story: `owners`, one for each independent source in the order of their first reports; `reports`
    counts the entries."""

    owners: tuple[str, ...]
    reports: int

    @property
    def independent(self) -> int:
        return len(self.owners)


class KinshipKind(Enum):
    SAME_TEXT = "same text"
    SAME_EVENT = "same event"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinship:
    """How two entries are related. `score`, 0 to 1, orders kin of one kind; `why` is for people, the weightiest
    first."""

    kind: KinshipKind
    score: float = 0.0
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAlert:
    """What was told of a story under a rule so far: the newest alert, and what those before it leave to know.

    `first_id` is the first alert. `told_at`: when the newest was told, or is to be: the end of the throttle where it is
    held, its decision otherwise. `sources` is the most that was told by who did not deny the event: 0 where
    only denials were told. `killed` and `wounded` are the least numbers told
    last, None for none; `figures` all that ever were; `withdrawn` are those that a correction took back ('killed 30').
    `denied`, `corrected`, `corroborated`, `escalated`: whether that was ever told.
    """

    rule_id: str
    alert_id: str
    first_id: str
    number: int
    alerted_at: datetime
    told_at: datetime
    feed_id: str
    severity: Severity
    reason: Reason
    title: str = ""
    sources: int = 1
    killed: int | None = None
    wounded: int | None = None
    places: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    figures: frozenset[tuple[str, int]] = frozenset()
    withdrawn: frozenset[str] = frozenset()
    denied: bool = False
    corrected: bool = False
    corroborated: bool = False
    escalated: bool = False
    shown: LastAlert | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownStory:
    """A stored story. `reports` are the first and at most the newest hundred, in the order seen; `alerts` has one a
    rule."""

    id: int
    begun_at: datetime
    reports: tuple[Report, ...]
    alerts: tuple[LastAlert, ...]


class MuteKind(Enum):
    RULE = "rule"
    PLACE = "place"
    STORY = "story"
    SOURCE = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """What people do not want to hear of for a while. `subject`: the id of a rule, place, story or newsroom; a place
    takes with it what lies within."""

    id: int
    kind: MuteKind
    subject: str
    until: datetime
    reason: str
    by: str
    begun_at: datetime

    def covers(
        self,
        *,
        rule_id: str,
        story_id: int | None,
        sources: Sequence[str],
        places: Sequence[str],
        within: Callable[[str], Sequence[str]],
    ) -> bool:
        """Whether a report is what this mute names. `sources` are the report's newsroom and feed, `within` tells what
        lies around a place."""
        match self.kind:
            case MuteKind.RULE:
                return self.subject == rule_id
            case MuteKind.STORY:
                return story_id is not None and self.subject == str(story_id)
            case MuteKind.SOURCE:
                return self.subject in sources
            case MuteKind.PLACE:  # all of them: what happens elsewhere too is heard
                return bool(places) and all(self.subject in (each, *within(each)) for each in places)

    @property
    def in_words(self) -> str:
        """`mute 3 (rule harbours, until 2026-11-22 14:05 UTC): the drill is known`."""
        because = f": {self.reason}" if self.reason else ""
        return f"mute {self.id} ({self.kind.value} {self.subject}, until {self.until:%Y-%m-%d %H:%M} UTC){because}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was decided about one match: stored also when nobody is told. `why` is the case in hand, for people
    ('mute 3: rebuilding works', 'rule national-truce was told at …'); '' where the reason says all.

    `tells` is the reason of the alert that follows: `reason` itself, or what waits where that is THROTTLED; None for no
    alert. `due_at`: when it is told, None for at once. `severity` is the alert's where it differs from the match's.
    `before`: see `Alert.before`.
    """

    match: Match
    reason: Reason
    why: str = ""
    tells: Reason | None = None
    due_at: datetime | None = None
    severity: Severity | None = None
    before: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestEntry:
    """One entry to write.

    `known_id` is the stored entry that this is a version of, None for a new one. `story_id` is the stored story
    that it joins, None to begin one (needed only if there is a verdict). `sketch` and `origin` are there where there is
    a verdict; `earlier` and `edited_at`: see `Report`.
    """

    entry: Entry
    fingerprint: Fingerprint
    known_id: int | None
    story_id: int | None
    verdicts: tuple[Verdict, ...] = ()
    sketch: Sketch | None = None
    origin: Origin | None = None
    earlier: tuple[Version, ...] = ()
    edited_at: datetime | None = None
    kinship: Kinship = field(default_factory=lambda: Kinship(kind=KinshipKind.DIFFERENT))
    evidence: Evidence | None = None  # kept where there is a verdict, or the article is still to be read
