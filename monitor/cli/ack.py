"""`monitor ack`: somebody has seen it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from monitor.cli.mute_subjects import ALERT_ID, no_such_alert
from monitor.cli.mutes import by_option, reading, whoever
from monitor.cli.options import config_accepted, json_option, state_option
from monitor.cli.show import ago
from monitor.clock import SystemClock
from monitor.errors import UsageError
from monitor.model import Alert
from monitor.store import open_store
from monitor.store.wish_rows import Wishes
from monitor.text.clean import display


def alert_called(written: str, state: Path) -> Alert:
    """Raises UsageError, with the alerts that there are."""
    with reading(state) as reader:
        alert = reader.alert(written) if ALERT_ID.fullmatch(written) else None
        if alert is None:
            raise UsageError(no_such_alert(written, reader))
        return alert


@click.command()
@click.argument("alert_id", metavar="ALERT")
@by_option
@config_accepted
@state_option
@json_option
def ack(alert_id: str, by: str | None, state: Path, as_json: bool) -> None:
    """Say that somebody has seen an alert and looks after it.

    Nobody further in the chain of its rule ('acknowledge') is told of it, nor of what else the rule found in its story
    so far. Works beside a running monitor, and holds at once.
    """
    alert = alert_called(alert_id, state)
    now = SystemClock().now()
    store = open_store(state, now=now, check=False)
    try:
        wishes = Wishes(store.database)
        before = wishes.acknowledged(alert.id)
        seen = wishes.acknowledge(alert.id, by=by or whoever(), now=now)
    finally:
        store.close()
    if as_json:
        click.echo(json.dumps({"alert": alert.id, "by": seen.by, "at": seen.at.isoformat()}, ensure_ascii=False))
        return
    if before is not None:
        click.echo(f"alert {alert.id} was acknowledged already: by {display(before.by)}, {ago(before.at, now)}")
    else:
        click.echo(f"acknowledged: alert {alert.id}, rule {alert.rule_id}, by {display(seen.by)}")
    click.echo(f"  {display(alert.title)}")
