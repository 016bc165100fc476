"""What can be wrong with monitor itself, as values: found at a look, remembered as long as it lasts, told in words.

Every kind says how much of our sight it takes (`Kind.sight`), so that a person can be told plainly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class Sight(Enum):
    """What is left of what monitor is for. `SEES` also where there is something to mend that takes nothing yet."""

    SEES = "sees"
    HALF_BLIND = "half blind"
    BLIND = "blind"

    @property
    def rank(self) -> int:
        return tuple(Sight).index(self)


class Kind(Enum):
    """What is wrong. A finding's `subject` is the id of the feed, rule or channel that it is wrong with."""

    NETWORK = "network"  # most feeds fail at once; no subject
    FEED_FAILING = "feed failing"
    FEED_GONE = "feed gone"
    FEED_SILENT = "feed silent"
    FEED_EMPTY = "feed empty"
    FEED_GARBLED = "feed garbled"
    FEED_OVERFLOWS = "feed overflows"
    FEED_MOVED = "feed moved"
    FEED_ARTICLES = "feed articles"  # the pages that its entries link to
    RULE_BLIND = "rule blind"
    CHANNEL_REFUSES = "channel refuses"
    CHANNEL_LATE = "channel late"
    CANARY_LOST = "canary lost"
    CLOCK = "clock"  # what is stored lies in the future; no subject
    REPORTED = "reported"  # by a part of monitor, in its own words

    @property
    def sight(self) -> Sight:
        """The least that is taken by one such trouble."""
        if self is Kind.NETWORK:
            return Sight.BLIND
        return Sight.SEES if self in ADVICE else Sight.HALF_BLIND


ADVICE = frozenset({Kind.FEED_MOVED, Kind.FEED_OVERFLOWS, Kind.FEED_ARTICLES})
"""What works still, and is better mended: told again once a week only."""

Facts = Mapping[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wrong now.

    `since` is None where nobody can tell; `facts` are what words about it need. `patience`: how long it must have
    lasted before it is worth a word. `passes`: it is a thing that happened, and its end is no news.
    """

    kind: Kind
    subject: str = ""
    since: datetime | None = None
    facts: Facts
    patience: timedelta = timedelta(0)
    passes: bool = False

    @property
    def key(self) -> str:
        return f"{self.kind.value} {self.subject}".strip()

    @property
    def text(self) -> str:
        """What makes it another trouble when it changes; '' where a change of facts is no news."""
        return f"{self.facts.get('title', '')}\n{self.facts.get('text', '')}" if self.kind is Kind.REPORTED else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A finding as it is remembered; one row.

    `times` counts how often it came within a day. `told` is what the operators believe: that it lasts. They heard the
    last word about it at `said_at`.
    """

    finding: Finding
    begun_at: datetime
    over_at: datetime | None = None  # None: it lasts
    times: int = 1
    told: bool = False
    said_at: datetime | None = None

    @property
    def key(self) -> str:
        return self.finding.key

    @property
    def lasts(self) -> bool:
        return self.over_at is None


class Turn(Enum):
    """Why there is a word to say about a trouble."""

    BEGAN = "began"
    LASTS = "lasts"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Something to say about a trouble, once."""

    turn: Turn
    trouble: Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Sends:
    """How a channel's deliveries go. `waiting_since`: when the oldest was made that is still to be sent.

    `given_up` counts the dead ones of late, after the last that arrived; `tries` is the most that one which waits has
    had since.
    `canaries` are the daily tests among those that wait.
    """

    waiting_since: datetime | None = None
    waiting: int = 0
    tries: int = 0
    given_up: int = 0
    given_up_at: datetime | None = None
    error: str = ""
    canaries: int = 0


def sight(troubles: Iterable[Trouble]) -> Sight:
    """What is left in spite of these, of which those that are over do not count.

    Nothing is, where no rule sees: a blind rule's `rules` is how many look at all.
    """
    lasting = [trouble.finding for trouble in troubles if trouble.lasts]
    blind = [finding for finding in lasting if finding.kind is Kind.RULE_BLIND]
    if blind and len(blind) >= max(int(finding.facts.get("rules", 0)) for finding in blind):
        return Sight.BLIND
    return max((finding.kind.sight for finding in lasting), key=lambda each: each.rank, default=Sight.SEES)
