"""`monitor status`: does it see, does it run, does it tell?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import click

from monitor import heartbeat
from monitor.cli import EXIT_ERROR
from monitor.cli.options import config_accepted, json_option, state_option
from monitor.cli.show import ago, counted
from monitor.cli.sight import Account, account, as_json, told
from monitor.clock import SystemClock
from monitor.model import DeliveryStatus, Reason
from monitor.store import ballast
from monitor.store.lock import holder
from monitor.store.mute_rows import Mutes
from monitor.store.read import Reader, Totals, open_reader

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """`held`: deliveries that wait for the end of quiet hours, a digest or a throttle. `undelivered_since`: when the
    oldest delivery was made that is still to be sent. Counts of reasons are of the last day."""

    running: str | None
    healthy: bool
    beat: heartbeat.Heartbeat | None
    last_polled_at: datetime | None
    failing: tuple[str, ...]
    totals: Totals
    held: int
    undelivered_since: datetime | None
    reasons: dict[Reason, int]
    account: Account
    mutes: int


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
        ctx.exit(0 if _alive(state, now) else EXIT_ERROR)
    reader = open_reader(state)
    if reader is None:
        click.echo(
            json.dumps({"state": None}) if as_json else f"nothing is recorded in {state} yet: run 'monitor check'"
        )
        return
    with reader:
        found = _status(state, reader, now)
    if as_json:
        click.echo(json.dumps(_as_json(found, now), ensure_ascii=False))
    else:
        _tell(found, now)


def _alive(state: Path, now: datetime) -> bool:
    beat = heartbeat.read(state)
    return beat is not None and abs(heartbeat.age(beat, now=now)) <= heartbeat.FRESH


def _status(state: Path, reader: Reader, now: datetime) -> Status:
    running = holder(state)
    healthy = _alive(state, now)
    hangs = running is not None and running.command == "monitor run" and not healthy
    return Status(
        running=str(running) if running else None,
        healthy=healthy,
        beat=heartbeat.read(state),
        last_polled_at=reader.last_polled_at(),
        failing=_failing(reader),
        totals=reader.totals(),
        held=reader.held(now),
        undelivered_since=reader.undelivered_since(now),
        reasons=reader.verdicts(since=now - DAY),
        mutes=len(Mutes(reader.database).in_force(now)),
        account=account(
            reader.troubles().values(),
            last_polled_at=reader.last_polled_at(),
            hangs=hangs,
            not_kept=_not_kept(state, stays=running is not None and running.command == "monitor run"),
            now=now,
        ),
    )


def _not_kept(state: Path, *, stays: bool) -> str:
    """`stays`: a daemon runs, which lays the ballast anew as soon as there is room for it."""
    short = ballast.shortage(state)
    if not short and stays and not ballast.is_laid(state):
        return f"the room kept in {state} for a full disk is used up: make room on its disk"
    return short


def _failing(reader: Reader) -> tuple[str, ...]:
    """Feeds that fail now. Each feed is asked once a day at least: one left out longer is no longer in the rules."""
    latest = reader.last_polled_at()
    asked = ((feed, feed.last_polled_at) for feed in reader.feeds() if feed.failures)
    return tuple(feed.feed_id for feed, at in asked if latest and at and latest - at < 2 * DAY)


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


def _reasons(reasons: dict[Reason, int]) -> str:
    told = sum(count for reason, count in reasons.items() if reason.tells)
    quiet = [f"{count} {reason.value}" for reason, count in reasons.items() if not reason.tells]
    return counted(told, "alert", "alerts") + (f"; not announced: {', '.join(quiet)}" if quiet else "")


def _as_json(found: Status, now: datetime) -> dict[str, object]:
    return {
        "running": found.running,
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
