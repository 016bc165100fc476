"""State that survives: SQLite in the state directory, or PostgreSQL.

`open_store` gives the write side (`ports.Store`), `open_reader` the read side, `PollLock` the right to poll.
"""

from monitor.store.housekeeping import Removed, Retention, back_up, tidy
from monitor.store.lock import Holder, PollLock, holder
from monitor.store.read import DeliveryRecord, Reader, Totals
from monitor.store.sql_store import SqlStore
from monitor.store.sqlite import SqliteStore
from monitor.store.which import open_reader, open_scratch, open_store

__all__ = [
    "DeliveryRecord",
    "Holder",
    "PollLock",
    "Reader",
    "Removed",
    "Retention",
    "SqlStore",
    "SqliteStore",
    "Totals",
    "back_up",
    "holder",
    "open_reader",
    "open_scratch",
    "open_store",
    "tidy",
]
