"""What a service took, though nobody was left to record it: recorded from the receipt of the process that sent it."""

from __future__ import annotations

import json

from monitor.model import Receipt
from monitor.store.outbox import DELIVERY_COLUMNS, delivery, record
from monitor.store.sql import Connection

# What was begun anew by hand was not tried since.
_UNRECORDED = f"""
    SELECT {DELIVERY_COLUMNS} FROM delivery JOIN alert ON alert.id = delivery.alert_id
    WHERE delivery.status <> 'sent' AND delivery.last_try_us IS NOT NULL
        AND delivery.id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))
"""  # noqa: S608 - the columns are ours


def record_receipt(db: Connection, receipt: Receipt) -> int:
    """How many deliveries are sent by it."""
    rows = db.execute(_UNRECORDED, (json.dumps(list(receipt.marks)),)).fetchall()
    sent = [each for each in map(delivery, rows) if receipt.is_of(each)]
    for each in sent:
        record(db, each, receipt.sent, retry_at=None)
    return len(sent)
