"""`monitor deliveries`: what was sent, what waits, what was given up."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from monitor.cli.options import config_accepted, json_option, state_option
from monitor.cli.show import ago, counted
from monitor.clock import SystemClock
from monitor.errors import UsageError
from monitor.model import DeliveryStatus
from monitor.store import open_store
from monitor.store.read import DeliveryRecord
from monitor.store.which import open_reader
from monitor.text.clean import display

LARGEST_ID = 2**63 - 1  # of SQLite

_STATUSES = [status.value for status in DeliveryStatus]


@click.command()
@state_option
@config_accepted
@click.option(
    "--status",
    "statuses",
    type=click.Choice(_STATUSES),
    multiple=True,
    default=["dead", "retrying", "pending"],
    show_default=True,
    help="Only these (repeatable).",
)
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Of each status, the newest.")
@click.option(
    "--resend",
    "resend_ids",
    type=click.IntRange(1, LARGEST_ID),
    multiple=True,
    metavar="ID",
    help="Send this one again (repeatable).",
)
@click.option("--resend-dead", is_flag=True, help="Send everything again that was given up and told to no fallback.")
@json_option
def deliveries(
    state: Path, statuses: tuple[str, ...], limit: int, resend_ids: tuple[int, ...], resend_dead: bool, as_json: bool
) -> None:
    """List deliveries: one alert to one recipient each. A dead one was given up after 72 hours of trying. One that is
    held says what for, and how long still.

    --resend and --resend-dead put deliveries back into the outbox; the running monitor, or the next check, sends them.
    """
    if resend_ids or resend_dead:
        _resend(state, None if resend_dead else resend_ids)
        return
    records = _records(state, statuses, limit)
    if as_json:
        click.echo(json.dumps([_as_json(record) for record in records], ensure_ascii=False))
        return
    for record in records:
        _tell(record)
    if not records:
        click.echo(f"no delivery is {' or '.join(sorted(statuses))}")


def _records(state: Path, statuses: tuple[str, ...], limit: int) -> list[DeliveryRecord]:
    reader = open_reader(state)
    if reader is None:
        raise UsageError(f"nothing is recorded in {state} yet: 'monitor check' or 'monitor run' begins it")
    with reader:
        return [record for status in statuses for record in reader.deliveries(DeliveryStatus(status), limit=limit)]


def _resend(state: Path, ids: tuple[int, ...] | None) -> None:
    reader = open_reader(state)
    if reader is None:
        raise UsageError(f"nothing is recorded in {state} yet, so there is nothing to send again")
    reader.close()
    now = SystemClock().now()
    store = open_store(state, now=now, check=False)
    try:
        again = store.resend(ids, now=now)
    finally:
        store.close()
    if ids and not again:
        raise UsageError(f"no such delivery in {state}: 'monitor deliveries' lists them")
    click.echo(f"{counted(again, 'delivery', 'deliveries')} will be sent again")


def _tell(record: DeliveryRecord) -> None:
    now = SystemClock().now()
    tries = counted(record.attempts, "try", "tries")
    about = f"made {ago(record.created_at, now)}, {tries}{_due(record, now)}"
    channel, alert = record.recipient.channel_id, record.alert.id
    if record.stands_in_for:
        channel = f"{channel} (for {record.stands_in_for})"
    if record.unacknowledged_since:
        channel = f"{channel} (not acknowledged since {record.unacknowledged_since:%H:%M} UTC)"
    click.echo(f"{record.id}  {record.status.value}  {channel}  alert {alert}  {about}")
    click.echo(f"  {display(record.alert.title)}")
    click.echo(f"  {record.alert.rule_id}" + (f": {record.last_error}" if record.last_error else ""))


def _due(record: DeliveryRecord, now: datetime) -> str:
    if record.next_try_at is None:
        return ""
    if record.is_held(now):
        assert record.hold is not None
        return f", waits for {record.hold.value}: {ago(record.next_try_at, now)}"
    return f", next {ago(record.next_try_at, now)}" if record.next_try_at > now else ", due now"


def _as_json(record: DeliveryRecord) -> dict[str, object]:
    return {
        "id": record.id,
        "status": record.status.value,
        "channel": record.recipient.channel_id,
        "recipient": record.recipient.key,
        "alert": record.alert.id,
        "rule": record.alert.rule_id,
        "title": record.alert.title,
        "attempts": record.attempts,
        "created_at": record.created_at.isoformat(),
        "next_try_at": record.next_try_at.isoformat() if record.next_try_at else None,
        "sent_at": record.sent_at.isoformat() if record.sent_at else None,
        "last_error": record.last_error,
        "answer": record.answer,
        "stands_in_for": record.stands_in_for,
        "unacknowledged_since": record.unacknowledged_since.isoformat() if record.unacknowledged_since else None,
        "hold": record.hold.name.lower() if record.hold and record.is_held(SystemClock().now()) else None,
    }
