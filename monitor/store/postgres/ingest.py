"""The transaction of one poll, where other workers have theirs at the same time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from monitor.model import Alert, Hold, KnownStory, Mute, Recipient, Report, Wait, WantedArticle
from monitor.store import entry_rows
from monitor.store.ingest import SqlIngest
from monitor.store.sql import Connection, decide_alone
from monitor.store.watch_rows import WatchRows


class PostgresIngest(SqlIngest):
    """Who decides about stories does so alone, until the transaction ends: what was told, throttled, muted or counted
    cannot change meanwhile. Polls without a match, which are most, wait for nobody.

    Before that, and whether it decides or not, it has the feed to itself: what is known of the feed's entries stays so
    until it ends, whoever else polls the feed (a lease may run out) or tidies it.

    Each statement sees what others committed before it (READ COMMITTED), so under the locks nothing is overlooked.
    """

    def __init__(self, db: Connection, clock: Callable[[], datetime] | None = None) -> None:
        """`clock`: of those who decide, where they share one."""
        super().__init__(db)
        self._is_alone, self._clock = False, clock

    def decides(self, own: Callable[[], datetime]) -> datetime | None:
        self._alone()
        return (self._clock or own)()

    def stories(self, keys: Sequence[int], *, since: datetime) -> tuple[KnownStory, ...]:
        self._alone()
        return super().stories(keys, since=since)

    def story(self, story_id: int) -> KnownStory | None:
        self._alone()
        return super().story(story_id)

    def report(self, entry_id: int) -> Report | None:
        self._alone()
        return super().report(entry_id)

    def mutes(self, now: datetime) -> tuple[Mute, ...]:
        self._alone()
        return super().mutes(now)

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
        """Alerts are numbered (`alert.rowid`) in the order in which others come to see them: who asks what is new
        overlooks none."""
        self._alone()
        return super().alert(entry_id, alert, recipients, hold=hold, due_at=due_at, waits=waits)

    @property
    def watches(self) -> WatchRows:
        self._alone()
        return super().watches

    def still_there(self, feed_id: str, raws: Sequence[bytes], *, seen_at: datetime) -> None:
        if raws:
            self._number(feed_id)
            super().still_there(feed_id, raws, seen_at=seen_at)

    def article_is_wanted(self, wanted: WantedArticle) -> bool:
        self._number(wanted.feed_id)
        return super().article_is_wanted(wanted)

    def _number(self, feed_id: str) -> int:
        """A feed of which nothing is stored gets its number now: whoever comes with the same feed waits for that."""
        while feed_id not in self._numbers:
            found = entry_rows.hold_feed(self._db, feed_id)
            if found is None and (found := entry_rows.number_feed(self._db, feed_id)) is not None:
                self._first.begin(feed_id)
            if found is not None:
                self._numbers[feed_id] = found
        return self._numbers[feed_id]

    def _alone(self) -> None:
        if not self._is_alone:
            decide_alone(self._db)
            self._is_alone = True
