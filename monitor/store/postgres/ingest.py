"""The transaction of one poll, where other workers have theirs at the same time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from monitor.model import Alert, Hold, KnownStory, Mute, Recipient, Report, Wait
from monitor.store.ingest import SqlIngest
from monitor.store.sql import Connection
from monitor.store.watch_rows import WatchRows

# Of pg_advisory_xact_lock; see `migrate.UPGRADE`.
DECIDE = 0x6D6F6E69_00000002


class PostgresIngest(SqlIngest):
    """Who decides about stories does so alone, until the transaction ends: what was told, throttled, muted or counted
    cannot change meanwhile. Polls without a match, which are most, wait for nobody.

    Each statement sees what others committed before it (READ COMMITTED), so under the lock nothing is overlooked.
    """

    def __init__(self, db: Connection) -> None:
        super().__init__(db)
        self._is_alone = False

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

    def _alone(self) -> None:
        if not self._is_alone:
            self._db.execute("SELECT pg_advisory_xact_lock(?)", (DECIDE,))
            self._is_alone = True
