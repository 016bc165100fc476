"""An alert into the outbox, with what its rule wants of it: what it waits for, and who must say that they saw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from monitor.alerts import holding
from monitor.model import Alert, Hold, Recipient, Span, Wait
from monitor.ports import Ingest
from monitor.setup import Setup

MOST_FOUND, LONGEST_FOUND = 3, 200  # words of an article that an alert has, for a clause; characters of one


def tell(
    tx: Ingest,
    setup: Setup,
    entry_id: int,
    alert: Alert,
    told_to: Sequence[Recipient],
    *,
    hold: Hold | None = None,
    due_at: datetime | None = None,
) -> bool:
    """False, and nothing written, if the alert is there already."""
    waits = _waits(setup, alert, told_to) if due_at is None else {}
    if not tx.alert(entry_id, alert, told_to, hold=hold, due_at=due_at, waits=waits):
        return False
    wanted = setup.rules[alert.rule_id].acknowledge
    if wanted is not None:
        first_at = (alert.held_until or alert.decided_at) + wanted.within
        tx.wait_for_acknowledgement(alert.id, wanted.then, every=wanted.within, due_at=first_at)
    return True


def _waits(setup: Setup, alert: Alert, told_to: Sequence[Recipient]) -> Mapping[str, Wait]:
    """What the alert waits for at each channel. One that waits for the end of a throttle is asked then: until it is
    due, a later one may take its place."""
    digest, waits = setup.rules[alert.rule_id].digest, {}
    for channel_id in {recipient.channel_id for recipient in told_to}:
        channel = setup.channels.get(channel_id)
        if channel is not None:
            now = alert.decided_at
            waits[channel_id] = holding.wait(alert.severity, channel, digest, since=now, now=now, zone=setup.zone)
    return {channel_id: wait for channel_id, wait in waits.items() if wait is not None}


def found_in_article(body: str, spans: Sequence[Span]) -> Mapping[str, tuple[str, ...]]:
    """Per clause the different words of the body that it was found by, as published."""
    found: dict[str, tuple[str, ...]] = {}
    for span in spans:
        words, had = body[span.start : span.end][:LONGEST_FOUND], found.get(span.clause, ())
        if span.field == "body" and words not in had and len(had) < MOST_FOUND:
            found[span.clause] = (*had, words)
    return found
