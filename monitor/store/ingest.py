"""The transaction of one poll, on any of the databases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from monitor.model import (
    Alert,
    Entry,
    FeedState,
    Fingerprint,
    Hold,
    IngestEntry,
    KnownEntry,
    KnownStory,
    Mute,
    Recipient,
    Report,
    Wait,
    WantedArticle,
)
from monitor.store import article_rows, chain_rows, entry_rows, feed_rows, outbox, story_reports, story_rows
from monitor.store.first_poll import FirstPolls
from monitor.store.sql import Connection
from monitor.store.watch_rows import WatchRows


class SqlIngest:
    """`ports.Ingest`; of use only inside the block of `SqlStore.ingest`."""

    def __init__(self, db: Connection) -> None:
        self._open: Connection | None = db
        self._first = FirstPolls()
        self._numbers: dict[str, int] = {}

    @property
    def _db(self) -> Connection:
        # Also SQLite ends one, when the disk is full. Each further statement would be a transaction of its own.
        if self._open is None or not self._open.in_transaction:
            raise RuntimeError("this transaction is over")
        return self._open

    def end(self) -> None:
        self._open = None

    def known_entries(
        self, feed_id: str, *, guids: Sequence[str], links: Sequence[str], texts: Sequence[bytes]
    ) -> tuple[KnownEntry, ...]:
        """By the guid and link of the latest version; at most the newest `entry_rows.NEWEST` for each key."""
        if self._first.miss(feed_id, guids, links, texts):
            return ()
        feed = self._number(feed_id)
        if feed is None:
            self._first.begin(feed_id)
            return ()
        return entry_rows.known(self._db, feed, guids=guids, links=links, texts=texts)

    def stories(self, keys: Sequence[int], *, since: datetime) -> tuple[KnownStory, ...]:
        return story_rows.kin(self._db, keys, since=since)

    def story(self, story_id: int) -> KnownStory | None:
        return story_rows.load(self._db, story_id)

    def report(self, entry_id: int) -> Report | None:
        return story_reports.report(self._db, entry_id)

    def decides(self, own: Callable[[], datetime]) -> datetime | None:  # noqa: ARG002 - who waits for nobody
        return None

    def mutes(self, now: datetime) -> tuple[Mute, ...]:
        return story_rows.mutes(self._db, now)

    @property
    def watches(self) -> WatchRows:
        return WatchRows(self._db)

    def write(self, entry: IngestEntry, *, seen_at: datetime) -> tuple[int, int | None, int]:
        feed = self._number(entry.entry.feed_id)
        if feed is None:
            feed = entry_rows.number_feed(self._db, entry.entry.feed_id)
            assert feed is not None, "it had none just now, and nobody else writes"
            self._numbers[entry.entry.feed_id] = feed
        self._first.note(entry)
        return entry_rows.write(self._db, entry, feed, seen_at=seen_at)

    def still_there(self, feed_id: str, raws: Sequence[bytes], *, seen_at: datetime) -> None:
        entry_rows.still_there(self._db, feed_id, raws, seen_at=seen_at)

    def alert(
        self,
        entry_id: int,
        alert: Alert,
        recipients: Sequence[Recipient],
        *,
        hold: Hold | None = None,
        due_at: datetime | None = None,
        waits: Mapping[str, Wait] | None = None,
    ) -> bool:
        return outbox.add_alert(self._db, entry_id, alert, recipients, hold=hold, due_at=due_at, waits=waits)

    def wait_for_acknowledgement(
        self, alert_id: str, channels: Sequence[str], *, every: timedelta, due_at: datetime
    ) -> None:
        chain_rows.begin(self._db, alert_id, channels, every=every, due_at=due_at)

    def want_article(self, entry_id: int, entry: Entry, raw: bytes, *, now: datetime) -> None:
        feed = self._number(entry.feed_id)
        assert feed is not None, "its entry was written just now"
        article_rows.want(self._db, feed, entry_id, link=entry.link or "", raw=raw, now=now)

    def want_article_again(self, entry_id: int, *, now: datetime) -> None:
        article_rows.want_again(self._db, entry_id, now=now)

    def article_shown(self, entry_id: int, entry: Entry, mark: Fingerprint) -> None:
        article_rows.shown(self._db, entry_id, mark, link=entry.link or "")

    def has_article_body(self, entry_id: int, text: bytes, *, completed: bool) -> None:
        article_rows.has_body(self._db, entry_id, text, completed=completed)

    def article_is_wanted(self, wanted: WantedArticle) -> bool:
        return article_rows.is_wanted(self._db, wanted)

    def article_read(self, entry_id: int, page: str, *, now: datetime) -> None:
        article_rows.read(self._db, entry_id, page, now=now)

    def _number(self, feed_id: str) -> int | None:
        if feed_id not in self._numbers:
            found = entry_rows.feed_number(self._db, feed_id)
            if found is None:
                return None
            self._numbers[feed_id] = found
        return self._numbers[feed_id]

    def feed_state(self, state: FeedState) -> None:
        feed_rows.write(self._db, state)
