"""One report, and everything that a decision about it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from monitor.model import (
    Counted,
    Entry,
    Facts,
    KnownEntry,
    KnownStory,
    LastAlert,
    Mute,
    Report,
    Tag,
    ToldStory,
    Voices,
)

_BELIEVED = timedelta(minutes=30)  # by how much a story may be older than when it was first seen
Within = Callable[[str], tuple[str, ...]]  # what lies around a place, the nearest first


def _nowhere(_place_id: str) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Case:
    """A report and its story.

    `known` is the entry's stored self if this is a new version of it, and `before` what that one reported (None also
    where an older monitor stored it). `story` is the stored one that it joins, `report` the report itself. `count`
    tells the voices of reports. `baseline`: the feed is read for the first time and its entries are only recorded.
    `completes`: the version is the entry's article, which its feed did not carry: nobody edited anything, and what an
    article names besides is no news.
    `copied`: the report is the text of another of the story's.
    `today` is the day in the rules' time zone. `standing`: what rules that stand for others told lately, by their id,
    the newest first. `volumes`: what each rule that counts has counted, by its id.
    """

    entry: Entry
    report: Report
    known: KnownEntry | None = None
    before: Report | None = None
    story: KnownStory | None = None
    count: Callable[[Sequence[Report]], Voices]
    within: Within = _nowhere
    mutes: tuple[Mute, ...] = ()
    standing: Mapping[str, tuple[ToldStory, ...]] = field(default_factory=dict)
    volumes: Mapping[str, Counted] = field(default_factory=dict)
    baseline: bool = False
    completes: bool = False
    copied: bool = False
    now: datetime
    today: date

    @property
    def facts(self) -> Facts:
        return self.report.sketch.facts

    @cached_property
    def others(self) -> tuple[Report, ...]:
        """The story's other entries."""
        own = self.known.id if self.known is not None else None
        return tuple(each for each in (self.story.reports if self.story else ()) if each.entry_id != own)

    @cached_property
    def voices(self) -> Voices:
        return self._confirming((*self.others, self.report))

    @cached_property
    def adds_a_voice(self) -> bool:
        return self.voices.independent > self._confirming(self.others).independent

    @property
    def first_told_at(self) -> datetime:
        """The story's; never later than now, whatever a feed says. What was seen later makes it older by no more than
        half an hour: else one newsroom could date a story back, out of all that counts."""
        dated = min(each.sketch.told_at for each in (*self.others, self.report))
        return min(self.now, max(dated, self._seen_first.sketch.told_at - _BELIEVED))

    @cached_property
    def _seen_first(self) -> Report:
        return min((*self.others, self.report), key=lambda each: (each.seen_at, each.sketch.told_at, each.sketch.text))

    def voices_within(self, span: timedelta) -> int:
        """How many spoke by so long after the first report, by the date of the one that was seen first, and no more
        than half an hour before that: else one newsroom could keep all others from being in time."""
        first = self._seen_first
        end = max(first.sketch.told_at, first.seen_at - _BELIEVED) + span
        reports = (*self.others, self.report)
        return self._confirming([each for each in reports if each.sketch.told_at <= end]).independent

    def _confirming(self, reports: Sequence[Report]) -> Voices:
        """Who denies an event is no source for it, unless nobody has told it."""
        told = [each for each in reports if Tag.DENIED not in each.sketch.facts.tags]
        return replace(self.count(told or reports), reports=len(reports))

    def told(self, rule_id: str) -> LastAlert | None:
        """What was told of the story under the rule."""
        return next((each for each in (self.story.alerts if self.story else ()) if each.rule_id == rule_id), None)
