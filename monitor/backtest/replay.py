"""The second pass: what matched is decided as a poll decides it, with the clock at each entry's own time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Final

from monitor.backtest.history import Past, PastMute
from monitor.backtest.noting import Noted, deliver_due, ingest
from monitor.backtest.sift import Progress, Sifted, match
from monitor.intake import Intake, as_report, recipients
from monitor.language import Volume
from monitor.model import Alert, Feed, Mute, MuteKind, Verdict
from monitor.setup import Setup
from monitor.store import SqliteStore
from monitor.store.mute_rows import Mutes
from monitor.stories.identity import reused
from monitor.stories.watching import looks

EVERY: Final = 50  # entries between two reports of progress
_AT_ONCE: Final = 200  # entries of one feed and time that are in memory together


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one entry that matched, and which number it has in the spool. Without `verdicts` its text was
    known."""

    number: int
    past: Past
    matched: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    outcomes: tuple[Outcome, ...]
    complete: bool = True


class Replay:
    """`feeds` has the feed that each entry is taken to be of, by the entry's `feed_id`."""

    def __init__(
        self, setup: Setup, store: SqliteStore, *, feeds: Mapping[str, Feed], has_feeds: bool,
        mutes: Sequence[PastMute] = (),
    ) -> None:  # fmt: skip
        self._setup, self._store = setup, store
        self._feeds, self._has_feeds = feeds, has_feeds
        self._mutes = Mutes(store.database)
        self._to_begin = sorted(mutes, key=lambda each: each.mute.begun_at)
        self._to_end: list[tuple[datetime, int]] = []
        self._stories: dict[int, int] = {}  # of the state -> of this replay

    def run(self, sifted: Sifted, *, unknown: datetime, progress: Progress) -> Replayed:
        """`unknown`: when entries of unknown time were seen."""
        outcomes: list[Outcome] = []
        in_order = sifted.spool.in_order(unknown=unknown)
        pasts = ((at, number, sifted.spool.read(number)) for at, number in in_order)
        self._begin_counting(unknown if sifted.first_at is None else sifted.first_at)
        reported = 0
        for (at, _), poll in groupby(pasts, key=lambda each: (each[0], each[2].entry.feed_id)):
            self._settle(at)
            while some := [(number, past) for _, number, past in islice(poll, _AT_ONCE)]:
                outcomes += self._poll(at, some)
            if len(outcomes) - reported >= EVERY:
                reported = len(outcomes)
                if not progress(reported, reported / len(sifted.spool)):
                    return Replayed(outcomes=tuple(outcomes), complete=False)
        return Replayed(outcomes=tuple(outcomes))

    def _poll(self, at: datetime, pasts: Sequence[tuple[int, Past]]) -> Iterator[Outcome]:
        """What one feed showed at a time, in the order in which it was stored: that is how it was decided."""
        first = pasts[0][1]
        feed = self._feeds[first.entry.feed_id]
        asked = feed if self._has_feeds else None
        judged = [
            replace(as_report(self._setup, feed, *match(self._setup, past, asked), now=at), completes=past.completes)
            for _, past in pasts
        ]
        intake = Intake(
            setup=self._setup,
            feed=feed,
            recipients=recipients(self._setup, judged),
            baseline=first.baseline,
            reused=reused([past.entry for _, past in pasts]),
            now=at,
        )
        with ingest(self._store) as tx:
            for (number, past), each in zip(pasts, judged, strict=True):
                intake.write(tx, [each])
                yield self._outcome(number, past, [match.rule_id for match in each.matches.matches], tx.noted)

    def _outcome(self, number: int, past: Past, matched: Sequence[str], noted: Noted) -> Outcome:
        if past.story_id is not None and noted.story_id is not None:
            self._stories.setdefault(past.story_id, noted.story_id)
        return Outcome(number, past, tuple(matched), noted.verdicts, tuple(noted.alerts))

    def _settle(self, now: datetime) -> None:
        """What happens by then beside the polls: what was held goes out, mutes begin and end."""
        while self._to_begin and _has_begun(self._to_begin[0].mute, now):
            self._begin(self._to_begin.pop(0))
        for at, mute_id in [each for each in self._to_end if each[0] < now]:
            deliver_due(self._store, at)
            self._mutes.end(mute_id, now=at)
            self._to_end.remove((at, mute_id))
        deliver_due(self._store, now)

    def _begin(self, past: PastMute) -> None:
        mute = past.mute
        deliver_due(self._store, mute.begun_at)
        subject = mute.subject
        if mute.kind is MuteKind.STORY:
            subject = str(self._stories.get(int(mute.subject), 0))
        begun = self._mutes.begin(
            mute.kind, subject, until=mute.until, reason=mute.reason, by=mute.by, now=mute.begun_at,
            within=self._setup.reading.within,
        )  # fmt: skip
        if past.ended_at is not None:
            self._to_end.append((past.ended_at, begun.mute.id))

    def _begin_counting(self, at: datetime) -> None:
        """Rules that count know all that is replayed, from its beginning."""
        with ingest(self._store) as tx:
            for rule in self._setup.rules.values():
                if isinstance(rule.kind, Volume) and rule.enabled:
                    tx.watches.watch(rule.id, looks(rule), now=at)


def _has_begun(mute: Mute, now: datetime) -> bool:
    """Of one that began in the very moment of a poll: a story is muted by who has heard of it."""
    return mute.begun_at < now or (mute.begun_at == now and mute.kind is not MuteKind.STORY)


def run_up(setup: Setup) -> timedelta:
    """How long before the time asked about what happened there still counts."""
    from monitor.stories.decide import STORY_WINDOW
    from monitor.stories.volume import WEEKS_BACK

    wanted = [STORY_WINDOW]
    for rule in setup.rules.values():
        wanted += [STORY_WINDOW + rule.throttle]
        if rule.inhibit is not None:
            wanted.append(rule.inhibit.lasts)
        if isinstance(rule.kind, Volume):
            wanted.append(WEEKS_BACK if rule.kind.surge is not None else 2 * rule.kind.within)
    return max(wanted)
