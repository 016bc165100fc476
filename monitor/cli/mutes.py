"""`monitor mute`, `monitor mutes`, `monitor unmute`: what nobody wants to hear of for a while."""

from __future__ import annotations

import getpass
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from monitor.cli.mute_subjects import Rules, read_subject
from monitor.cli.options import config_option, json_option, state_option
from monitor.cli.show import ago, counted, local
from monitor.cli.until import end_of
from monitor.clock import SystemClock
from monitor.errors import UsageError
from monitor.model import Mute
from monitor.store import open_store
from monitor.store.mute_rows import Kept, Mutes
from monitor.store.read import Reader
from monitor.store.which import open_reader
from monitor.text.clean import display

MOST_SHOWN = 50  # of those that are over
_LARGEST_ID = 2**63 - 1  # of SQLite


def whoever() -> str:
    """Who sits at this terminal, as the system calls them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container may have a user without a name
        return "command line"


by_option = click.option("--by", metavar="NAME", help="Who says so; the name of your login if it is not given.")


def reading(state: Path) -> Reader:
    """Raises UsageError where there is nothing yet."""
    reader = open_reader(state)
    if reader is None:
        raise UsageError(f"nothing is recorded in {state} yet: 'monitor check' or 'monitor run' begins it")
    return reader


@click.command(epilog="\b\nmonitor mute rule:harbours 2h --reason 'the drill is known'\nmonitor mute 12.1 until 18:00")
@click.argument("subject", required=False, metavar="SUBJECT")
@click.argument("lasts", nargs=-1, metavar="DURATION")
@click.option("--reason", default="", metavar="TEXT", help="Why; it is kept with everything that the mute swallows.")
@by_option
@config_option
@state_option
@json_option
def mute(
    subject: str | None, lasts: Sequence[str], reason: str, by: str | None, config: Path, state: Path, as_json: bool
) -> None:
    """Tell nobody of a rule, a place, a story or a source for a while.

    SUBJECT is rule:ID, place:ID, story:NUMBER or source:ID. A rule may be named by its id alone; the number of an alert
    is its story. DURATION is 2h, 3d, يومان, or until and a day or time. A place takes with it what lies within.

    It holds at once, beside a running monitor too. What waits to be sent is ended. What the mute swallows is recorded
    (monitor why) and not told later. Without arguments, the mutes that hold are listed.
    """
    rules = Rules(config)
    if subject is None:
        _list(state, rules, over=False, as_json=as_json)
        return
    if not lasts:
        raise UsageError(f"for how long? Write: monitor mute {subject} 2h")
    now = SystemClock().now()
    with reading(state) as reader:
        meant = read_subject(subject, rules=rules, reader=reader)
    until = end_of(" ".join(lasts), now=now, zone=rules.zone)
    store = open_store(state, now=now, check=False)
    try:
        begun = Mutes(store.database).begin(
            meant.kind, meant.id, until=until, reason=reason, by=by or whoever(), now=now, within=rules.within
        )
    finally:
        store.close()
    if as_json:
        click.echo(json.dumps({**_as_json(begun.mute), "ended_deliveries": begun.ended}, ensure_ascii=False))
        return
    click.echo(f"mute {begun.mute.id}: {meant.named}, until {local(until, rules.zone)}")
    if begun.ended:
        click.echo(f"  {counted(begun.ended, 'delivery', 'deliveries')} that waited will not be sent")
    click.echo(f"  to end it sooner: monitor unmute {begun.mute.id}")


@click.command()
@click.option("--all", "over", is_flag=True, help=f"Also those that are over, the newest {MOST_SHOWN}.")
@config_option
@state_option
@json_option
def mutes(over: bool, config: Path, state: Path, as_json: bool) -> None:
    """List the mutes that hold: what, until when, by whom, why, and how much each swallowed."""
    _list(state, Rules(config), over=over, as_json=as_json)


@click.command()
@click.argument("mute_id", type=click.IntRange(1, _LARGEST_ID), metavar="ID")
@config_option
@state_option
def unmute(mute_id: int, config: Path, state: Path) -> None:
    """End a mute. What it swallowed is not told afterwards; the next change is."""
    reading(state).close()
    now = SystemClock().now()
    store = open_store(state, now=now, check=False)
    try:
        found = Mutes(store.database).end(mute_id, now=now)
    finally:
        store.close()
    if found is None:
        raise UsageError(f"there is no mute {mute_id}: 'monitor mutes' lists them")
    if _holds(found, now):
        click.echo(f"ended: {display(found.mute.in_words)}")
    else:
        end = min(found.mute.until, found.ended_at or found.mute.until)
        click.echo(f"mute {mute_id} was over already, since {local(end, Rules(config).zone)}")


def _holds(kept: Kept, now: datetime) -> bool:
    return kept.ended_at is None and kept.mute.until > now


def _list(state: Path, rules: Rules, *, over: bool, as_json: bool) -> None:
    now = SystemClock().now()
    with reading(state) as reader:
        rows = Mutes(reader.database)
        shown = rows.all(limit=MOST_SHOWN) if over else [Kept(each, None) for each in rows.in_force(now)]
        swallowed = {kept.mute.id: rows.verdicts(kept.mute) for kept in shown}
    if as_json:
        told = [
            {**_as_json(kept.mute), "holds": _holds(kept, now), "swallowed": swallowed[kept.mute.id]} for kept in shown
        ]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    if not shown:
        click.echo("nothing is muted")
    for kept in shown:
        _tell(kept, swallowed[kept.mute.id], now, rules.zone)


def _tell(kept: Kept, swallowed: int, now: datetime, zone: ZoneInfo) -> None:
    mute, end = kept.mute, "" if _holds(kept, now) else ", over"
    click.echo(f"{mute.id}  {mute.kind.value} {mute.subject}, until {local(mute.until, zone)}{end}")
    click.echo(f"  by {display(mute.by)}, {ago(mute.begun_at, now)}; {counted(swallowed, 'match', 'matches')} not told")
    if mute.reason:
        click.echo(f"  {display(mute.reason)}")


def _as_json(mute: Mute) -> dict[str, object]:
    return {
        "id": mute.id,
        "kind": mute.kind.value,
        "subject": mute.subject,
        "until": mute.until.isoformat(),
        "reason": mute.reason,
        "by": mute.by,
        "begun_at": mute.begun_at.isoformat(),
    }
