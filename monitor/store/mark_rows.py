"""What alerts are looked for by: the places and classes of event that one names, and who told it."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.store.sql import Connection

# Written with the alert, and not by a trigger: a backup that holds one is somebody else's, and refused.
_MARK = """
    INSERT OR IGNORE INTO alert_mark (kind, value, decided_us, story_id, number)
    SELECT 'place', value, :decided_us, :story_id, :number FROM json_each(:told, '$.facts.places')
    UNION ALL SELECT 'event', value, :decided_us, :story_id, :number FROM json_each(:told, '$.facts.events')
    UNION ALL SELECT 'source', :feed_id, :decided_us, :story_id, :number
    UNION ALL SELECT 'source', newsroom, :decided_us, :story_id, :number FROM report
        WHERE entry_id = :entry_id AND newsroom <> ''
"""


def mark(db: Connection, alert: Mapping[str, object], entry_id: int) -> None:
    """`alert`: its columns, as `alert_codec` has them. Its entry's report is written already, where there is one."""
    db.execute(_MARK, {**alert, "entry_id": entry_id})
