"""What was taken while nobody heard of it any more: recorded at the start, before anything is sent."""

from __future__ import annotations

import logging
from typing import Final

from monitor.alerts.receipts import LAST_MESSAGE, Receipts, remove
from monitor.errors import StateError
from monitor.model import Receipt
from monitor.store.sql_store import SqlStore

log = logging.getLogger(__name__)

WITHIN: Final = LAST_MESSAGE + 3.0  # seconds for the processes of a monitor that is gone; they end before (`forking`)


def record_unheard(receipts: Receipts, store: SqlStore, *, within: float = WITHIN) -> None:
    """Raises StateError; what could not be recorded is left for the next start."""
    for path, receipt in receipts.left(within=within):
        if _record(store, receipt):
            remove(path)


def _record(store: SqlStore, receipt: Receipt) -> bool:
    """False where that may have to be done again."""
    try:
        sent = store.record_receipt(receipt)
    except StateError:
        raise
    except Exception:  # a message that comes twice is no reason never to start again
        log.exception("deliveries.unheard")
        return False
    if sent:
        log.info("deliveries.unheard", extra={"sent": sent, "at": receipt.sent.sent_at.isoformat()})
    return not store.holds
