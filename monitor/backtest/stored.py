"""The past as it is stored: every text of every entry, when it was seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from monitor.backtest.history import Past, PastMute
from monitor.store import past as rows
from monitor.store.past import JudgedAlert, SeenEntry
from monitor.store.read import Reader


class Stored:
    """`History`, of [since, until); None: without that bound. Reads beside a running daemon."""

    has_feeds = True

    def __init__(self, reader: Reader, *, since: datetime | None = None, until: datetime | None = None) -> None:
        self._reader, self._since, self._until = reader, since, until
        self._read = self._of = 0

    def entries(self, *, run_up: timedelta) -> Iterator[Past]:
        begin = None if self._since is None else self._since - run_up
        self._of, self._read = rows.how_many(self._reader, since=begin, until=self._until), 0
        for each in rows.seen(self._reader, since=begin, until=self._until):
            self._read += 1
            yield self._past(each)

    def share(self) -> float | None:
        return self._read / self._of if self._of else None

    def earlier(self, past: Past) -> Sequence[Past]:
        if past.at is None or past.entry_id is None:
            return ()
        version = SeenEntry(
            id=int(past.document), entry_id=past.entry_id, seen_at=past.at, story_id=past.story_id, entry=past.entry
        )
        return [self._past(each) for each in rows.earlier(self._reader, version)]

    def mutes(self) -> Sequence[PastMute]:
        return [PastMute(each.mute, each.ended_at) for each in rows.mutes(self._reader)]

    def judged(self) -> Sequence[JudgedAlert] | None:
        return rows.judged(self._reader, since=self._since, until=self._until)

    def notes(self) -> Sequence[str]:
        return ()

    @cached_property
    def _first_polls(self) -> Mapping[str, datetime]:
        return rows.first_polls(self._reader)

    def _past(self, seen: SeenEntry) -> Past:
        return Past(
            document=str(seen.id),
            at=seen.seen_at,
            entry=seen.entry,
            entry_id=seen.entry_id,
            story_id=seen.story_id,
            baseline=self._first_polls.get(seen.entry.feed_id) == seen.seen_at,
            completes=seen.completes,
            counts=self._since is None or seen.seen_at >= self._since,
        )
