"""`monitor status`: does it see, does it run, does it tell?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click

from monitor.cli import EXIT_ERROR
from monitor.cli.options import config_accepted, json_option, state_option
from monitor.cli.show import ago, counted
from monitor.cli.sight import as_json, told
from monitor.clock import SystemClock
from monitor.model import DeliveryStatus, Reason
from monitor.status import Status, is_alive
from monitor.status import status as recorded
from monitor.store.read import open_reader


@click.command()
@state_option
@config_accepted
@click.option("--healthcheck", is_flag=True, help="Say nothing; exit with 1 unless a daemon is alive (for containers).")
@json_option
@click.pass_context
def status(ctx: click.Context, state: Path, healthcheck: bool, as_json: bool) -> None:
    """Show whether the monitor sees, what is wrong and what to do about it; what runs on the state directory, what was
    seen in the last day, and what waits to be delivered.

    Works beside a running daemon. Exit codes: 0, and with --healthcheck 1 unless a daemon beat within the last minute.
    """
    now = SystemClock().now()
    if healthcheck:
        ctx.exit(0 if is_alive(state, now) else EXIT_ERROR)
    reader = open_reader(state)
    if reader is None:
        click.echo(
            json.dumps({"state": None}) if as_json else f"nothing is recorded in {state} yet: run 'monitor check'"
        )
        return
    with reader:
        found = recorded(state, reader, now)
    if as_json:
        click.echo(json.dumps(_as_json(found, now), ensure_ascii=False))
    else:
        _tell(found, now)


def _tell(found: Status, now: datetime) -> None:
    totals = found.totals
    waiting = totals.deliveries[DeliveryStatus.PENDING] + totals.deliveries[DeliveryStatus.RETRYING] - found.held
    dead = totals.deliveries[DeliveryStatus.DEAD]
    for line in told(found.account, now):
        click.echo(line)
    click.echo(f"running      {found.running or 'no (monitor run, or monitor check from cron)'}")
    if found.beat and found.beat.rules_at:
        refused = "; a later file was REFUSED: 'monitor lint' and 'monitor test' say why"
        rules_at = datetime.fromisoformat(found.beat.rules_at)
        click.echo(f"rules        read {ago(rules_at, now)}{refused if found.beat.rules_refused else ''}")
    click.echo(f"last poll    {ago(found.last_polled_at, now)}")
    failing = f": {', '.join(found.failing)}" if found.failing else ""
    click.echo(f"feeds        {totals.feeds} known, {len(found.failing)} failing{failing}")
    click.echo(f"entries      {totals.entries:,}")
    click.echo(f"last day     {_reasons(found.reasons)}")
    if found.mutes:
        click.echo(f"muted        {counted(found.mutes, 'mute holds', 'mutes hold')}: 'monitor mutes' lists them")
    since = f", the oldest made {ago(found.undelivered_since, now)}" if found.undelivered_since else ""
    held = f", {found.held} held" if found.held else ""
    click.echo(
        f"deliveries   {totals.deliveries[DeliveryStatus.SENT]:,} sent, {waiting} waiting{since}{held}, {dead} given up"
    )
    if found.held:
        click.echo("             'monitor deliveries' tells what each of those held waits for, and how long")
    if dead:
        click.echo("             'monitor deliveries' lists them, --resend-dead sends them again")


def _reasons(reasons: Mapping[Reason, int]) -> str:
    told = sum(count for reason, count in reasons.items() if reason.tells)
    quiet = [f"{count} {reason.value}" for reason, count in reasons.items() if not reason.tells]
    return counted(told, "alert", "alerts") + (f"; not announced: {', '.join(quiet)}" if quiet else "")


def _as_json(found: Status, now: datetime) -> dict[str, object]:
    return {
        "running": str(found.running) if found.running else None,
        "healthy": found.healthy,
        **as_json(found.account, now),
        "rules_refused": bool(found.beat and found.beat.rules_refused),
        "last_polled_at": _iso(found.last_polled_at),
        "feeds": {"known": found.totals.feeds, "failing": list(found.failing)},
        "entries": found.totals.entries,
        "alerts": found.totals.alerts,
        "deliveries": {status.value: count for status, count in found.totals.deliveries.items()} | {"held": found.held},
        "mutes": found.mutes,
        "undelivered_since": _iso(found.undelivered_since),
        "last_day": {reason.name.lower(): count for reason, count in found.reasons.items()},
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
