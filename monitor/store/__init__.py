"""State that survives: SQLite in the state directory.

`open_store` gives the write side (`ports.Store`), `open_reader` the read side, `PollLock` the right to poll.
"""

from monitor.store.housekeeping import Removed, Retention, back_up, tidy
from monitor.store.lock import Holder, PollLock, holder
from monitor.store.opening import open_store
from monitor.store.read import DeliveryRecord, Reader, Totals, open_reader
from monitor.store.sqlite import SqliteStore

__all__ = [
    "DeliveryRecord",
    "Holder",
    "PollLock",
    "Reader",
    "Removed",
    "Retention",
    "SqliteStore",
    "Totals",
    "back_up",
    "holder",
    "open_reader",
    "open_store",
    "tidy",
]
