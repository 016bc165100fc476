"""A store that is written to as by a poll, and looked over while that is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.model import Alert, Hold, IngestEntry, Recipient, Sent, Verdict, Wait
from monitor.store import SqliteStore
from monitor.store.ingest import SqlIngest
from monitor.store.sql import Connection

_LEASE, _AT_ONCE = timedelta(minutes=1), 500


@dataclass(slots=True)
class Noted:
    """What one entry came to. `story_id` and `alerts` are those of the store."""

    verdicts: tuple[Verdict, ...] = ()
    story_id: int | None = None
    alerts: list[Alert] = field(default_factory=list)


class NotingIngest(SqlIngest):
    """`ports.Ingest`; `noted` is of the entry written last."""

    def __init__(self, db: Connection) -> None:
        super().__init__(db)
        self.noted = Noted()

    def write(self, entry: IngestEntry, *, seen_at: datetime) -> tuple[int, int | None, int]:
        entry_id, story_id, number = super().write(entry, seen_at=seen_at)
        self.noted = Noted(entry.verdicts, story_id)
        return entry_id, story_id, number

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
        added = super().alert(entry_id, alert, recipients, hold=hold, due_at=due_at, waits=waits)
        if added:
            self.noted.alerts.append(alert)
        return added


@contextmanager
def ingest(store: SqliteStore) -> Iterator[NotingIngest]:
    with store.database.write() as db:
        transaction = NotingIngest(db)
        try:
            yield transaction
        finally:
            transaction.end()


def deliver_due(store: SqliteStore, now: datetime) -> None:
    """Whatever is due by now has arrived: no service is asked."""
    while store.channels_due(now):
        for delivery in store.claim_deliveries(now, limit=_AT_ONCE, lease=_LEASE):
            store.record(delivery, Sent(sent_at=now), retry_at=None)
