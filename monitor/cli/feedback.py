"""`monitor feedback`: was an alert what its rule is for?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import click

from monitor.cli.ack import alert_called
from monitor.cli.mutes import by_option, reading, whoever
from monitor.cli.options import config_accepted, json_option, state_option
from monitor.cli.show import ago
from monitor.clock import SystemClock
from monitor.errors import UsageError
from monitor.model import Alert
from monitor.store import open_store
from monitor.store.feedback_rows import Feedback, Opinion, Said
from monitor.text.clean import display

COUNTED_OVER: Final = timedelta(days=90)
_OPINIONS: Final = {"match": Opinion.MATCH, "right": Opinion.MATCH, "wrong": Opinion.WRONG}


@click.command(epilog="\b\nmonitor feedback 12.1 wrong --note 'a drill'\nmonitor feedback --rule harbours")
@click.argument("alert_id", required=False, metavar="ALERT")
@click.argument("opinion", required=False, type=click.Choice(sorted(_OPINIONS)), metavar="match|wrong")
@click.option("--note", default="", metavar="TEXT", help="What was wrong with it, for whoever looks after the rule.")
@by_option
@click.option("--rule", "rule_id", metavar="ID", help="List what was said of this rule's alerts only.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="List so many, the newest.")
@config_accepted
@state_option
@json_option
def feedback(
    alert_id: str | None,
    opinion: str | None,
    note: str,
    by: str | None,
    rule_id: str | None,
    limit: int,
    state: Path,
    as_json: bool,
) -> None:
    """Say whether an alert was what its rule is for: match, or wrong.

    Nothing else follows from it: the rule goes on as it is. It is counted by rule, and 'monitor doctor' names rules
    that are often wrong. Without arguments, what was said is listed.
    """
    if alert_id is None:
        _list(state, rule_id, limit, as_json=as_json)
        return
    if opinion is None:
        raise UsageError(
            f"was it right? Write: monitor feedback {alert_id} match, or: monitor feedback {alert_id} wrong"
        )
    alert = alert_called(alert_id, state)
    said = _say(state, alert, _OPINIONS[opinion], note, by or whoever())
    if as_json:
        click.echo(json.dumps(_as_json(said), ensure_ascii=False))
        return
    click.echo(f"noted: alert {alert.id} was {_in_words(said.opinion)}, for rule {alert.rule_id}")
    click.echo(f"  {display(alert.title)}")
    if said.opinion is Opinion.WRONG:
        click.echo(f"  why it matched: monitor why {alert.id}")


def _say(state: Path, alert: Alert, opinion: Opinion, note: str, by: str) -> Said:
    now = SystemClock().now()
    said = Said(alert_id=alert.id, rule_id=alert.rule_id, opinion=opinion, note=note, by=by, at=now, title=alert.title)
    store = open_store(state, now=now, check=False)
    try:
        Feedback(store.database).say(said)
    finally:
        store.close()
    return said


def _in_words(opinion: Opinion) -> str:
    return "a match" if opinion is Opinion.MATCH else "no match"


def _list(state: Path, rule_id: str | None, limit: int, *, as_json: bool) -> None:
    now = SystemClock().now()
    with reading(state) as reader:
        rows = Feedback(reader.database)
        said = rows.latest(limit=limit, rule_id=rule_id)
        counts = rows.counts(since=now - COUNTED_OVER)
    if as_json:
        click.echo(json.dumps([_as_json(each) for each in said], ensure_ascii=False))
        return
    for name, count in counts.items():
        if rule_id in (None, name):
            click.echo(f"{name}: {count.right} right, {count.wrong} wrong within {COUNTED_OVER.days} days")
    click.echo("\n".join(_lines(said, now)) if said else "nothing was said yet: monitor feedback ALERT match, or wrong")


def _lines(said: Sequence[Said], now: datetime) -> Iterator[str]:
    for each in said:
        yield f"{each.alert_id}  {_in_words(each.opinion)}  {each.rule_id}, by {display(each.by)}, {ago(each.at, now)}"
        yield f"  {display(each.title)}"
        if each.note:
            yield f"  {display(each.note)}"


def _as_json(said: Said) -> dict[str, object]:
    return {
        "alert": said.alert_id,
        "rule": said.rule_id,
        "match": said.opinion is Opinion.MATCH,
        "note": said.note,
        "by": said.by,
        "at": said.at.isoformat(),
        "title": said.title,
    }
