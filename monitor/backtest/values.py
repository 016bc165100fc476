"""What a trial of rules on the past is told in. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from monitor.language import Lexicon
from monitor.model import Entry, Hold, Reason, Severity, Span
from monitor.rules.explanation import Obstacle
from monitor.rules.matcher import Matcher

Key = tuple[str, str]
"""A document (in the form it had) and a rule: at most one alert comes of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What an alert waits for at one channel once it is due, and until when."""

    channel: str
    hold: Hold
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldSend:
    """An alert that would have been sent.

    `document` names the entry in the form in which it was told: of stored ones the id of that version, of an archive
    the document's id or its line. `entry_id` is the stored entry's, None for an archive. `at` is when it would have
    been due: later than `decided_at` where the rule's throttle held it. `held` are those of the channels, which are
    never empty, that would have kept it for the end of quiet hours or a digest. `story` counts the stories of this
    trial alone. `title` and `spans` are as published.
    """

    document: str
    entry_id: int | None
    rule_id: str
    severity: Severity
    reason: Reason
    why: str
    at: datetime
    decided_at: datetime
    title: str
    link: str | None
    source: str
    feed_id: str
    published_at: datetime | None
    spans: tuple[Span, ...]
    story: int
    sources: int
    reports: int
    channels: tuple[str, ...]
    held: tuple[Held, ...] = ()

    @property
    def key(self) -> Key:
        return self.document, self.rule_id


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a match that was not sent: as in `Verdict`, and where nothing else is known, in words."""

    reason: Reason
    why: str = ""


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many documents both rules matched, and how many each matched: in the order of their ids."""

    one: str
    other: str
    both: int
    of_one: int
    of_other: int


@dataclass(frozen=True, slots=True)
class Judged:
    """Stored alerts that readers judged: how many were called a match, and how many wrong. One of which both was said
    is in both."""

    alerts: int = 0
    right: int = 0
    wrong: int = 0

    @property
    def share(self) -> float | None:
        """Of what was said, how much was 'a match'; None where nobody said anything."""
        said = self.right + self.wrong
        return self.right / said if said else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """What readers said of stored alerts, split by whether this trial would send them. `by_rule`: of those that it
    would."""

    sent: Judged = Judged()
    not_sent: Judged = Judged()
    by_rule: Mapping[str, Judged] = field(default_factory=dict)

    @property
    def anything(self) -> bool:
        return bool(self.sent.alerts or self.not_sent.alerts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Seconds by the wall."""

    matching: float
    deciding: float
    entries: int

    @property
    def entries_a_second(self) -> float:
        return self.entries / max(self.matching + self.deciding, 1e-9)


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The rules of a trial, compiled, to explain with."""

    matcher: Matcher
    lexicon: Lexicon


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one set of rules would have sent.

    `alerts` are sorted by `at`. `rules` are the ids that were asked about, in the order of the file. `days` has every
    day of the span in the rules' time zone, those without an alert too; `hits` counts by rule the documents that it
    matched, also those that nobody would have been told of; `quiet` says of these what became of them. `samples` are
    alerts spread over the span. `first_at` and `last_at`: between which times entries were read, None where none was.
    `left_out`: what a trial cannot tell, and why, in sentences for people. `problems`: of rules that may have missed
    something. `complete` is False where somebody broke it off: then it tells of what was read until then.
    `precision` is None where nothing is stored to compare with. `documents` has each alert's, as published.
    """

    rules: tuple[str, ...]
    alerts: tuple[WouldSend, ...]
    quiet: Mapping[Key, Decided]
    hits: Mapping[str, int]
    days: Mapping[date, int]
    by_source: Mapping[str, int]
    by_rule: Mapping[str, int]
    overlaps: tuple[Overlap, ...]
    samples: tuple[WouldSend, ...]
    entries: int
    first_at: datetime | None
    last_at: datetime | None
    speed: Speed
    left_out: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    precision: Precision | None = None
    complete: bool = True
    documents: Mapping[str, Entry] = field(default_factory=dict, repr=False, compare=False)
    ruleset: Ruleset | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A line of what makes a difference: `text` in English, whole; with it what a page says it with in the reader's
    language. `when` is '' where the text says all."""

    text: str
    when: Literal["", "before", "now", "held before", "now holds"] = ""
    obstacles: tuple[Obstacle, ...] = ()
    problems: tuple[str, ...] = ()
    title: str = ""  # of a clause that holds in one of the two
    surfaces: tuple[str, ...] = ()  # the words that it was found by


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An alert that one set of rules sends and the other does not; what was `said` is the difference: the clauses that
    hold no longer, or now; or what the other set decided instead."""

    alert: WouldSend
    said: tuple[Said, ...]

    @property
    def why(self) -> tuple[str, ...]:
        return tuple(each.text for each in self.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """An alert that both send, but not as the same: another severity, reason, or hour, at a channel too."""

    old: WouldSend
    new: WouldSend


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Of two trials over the same documents. `gained` and `kept` are all of the new one's alerts, `lost` and `kept` all
    of the old one's; `altered` are among those that are kept. Each in the order of the trial it is from."""

    gained: tuple[Change, ...]
    lost: tuple[Change, ...]
    kept: tuple[WouldSend, ...]
    altered: tuple[Altered, ...] = ()
