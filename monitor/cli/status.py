"""`monitor status`: does it see, does it run, does it tell?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from monitor.alerts.words import Language
from monitor.cli import EXIT_ERROR
from monitor.cli.chosen import spoken_language
from monitor.cli.history_words import joined, reason
from monitor.cli.options import config_option, json_option, state_option
from monitor.cli.sight import as_json, told
from monitor.cli.status_words import past, who, word
from monitor.clock import SystemClock
from monitor.model import DeliveryStatus, Reason
from monitor.status import Status, is_alive
from monitor.status import status as recorded
from monitor.store.which import database_url, open_reader


@click.command()
@state_option
@config_option
@click.option(
    "--healthcheck", is_flag=True, help="Say nothing; exit with 1 unless a daemon or worker is alive (for containers)."
)
@json_option
@click.pass_context
def status(ctx: click.Context, config: Path, state: Path, healthcheck: bool, as_json: bool) -> None:
    """Show whether the monitor sees, what is wrong and what to do about it; what runs on the state directory, what was
    seen in the last day, and what waits to be delivered.

    In Arabic where the rules file has 'language: ar'. Works beside a running daemon, and while that file is broken.
    Exit codes: 0, and with --healthcheck 1 unless a daemon beat within the last minute.
    """
    now = SystemClock().now()
    if healthcheck:
        ctx.exit(0 if is_alive(state, now) else EXIT_ERROR)
    reader = open_reader(state)
    if reader is None:
        nothing = word(spoken_language(config), "nothing", state=state)
        click.echo(json.dumps({"state": None}) if as_json else nothing)
        return
    with reader:
        found = recorded(state, reader, now)
    if as_json:
        click.echo(json.dumps(_as_json(found, now), ensure_ascii=False))
    else:
        for line in _lines(found, now, spoken_language(config)):
            click.echo(line)


def _lines(found: Status, now: datetime, language: Language) -> Iterator[str]:
    say, totals = partial(word, language), found.totals
    waiting = totals.deliveries[DeliveryStatus.PENDING] + totals.deliveries[DeliveryStatus.RETRYING] - found.held
    dead = totals.deliveries[DeliveryStatus.DEAD]
    yield from told(found.account, now, language)
    yield _running(found, language)
    if found.beat and found.beat.rules_at:
        rules = say("rules", when=past(datetime.fromisoformat(found.beat.rules_at), now, language))
        yield f"{rules}{say('refused') if found.beat.rules_refused else ''}"
    yield say("polled", when=past(found.last_polled_at, now, language))
    failing = f": {', '.join(found.failing)}" if found.failing else ""
    yield f"{say('feeds', known=totals.feeds, failing=len(found.failing))}{failing}"
    yield say("entries", count=f"{totals.entries:,}")
    yield say("day", alerts=_reasons(found.reasons, language))
    if found.mutes:
        yield say("mute" if found.mutes == 1 else "muted", count=found.mutes)
    since = say("since", when=past(found.undelivered_since, now, language)) if found.undelivered_since else ""
    held = say("held", count=found.held) if found.held else ""
    sent = f"{totals.deliveries[DeliveryStatus.SENT]:,}"
    yield say("deliveries", sent=sent, waiting=waiting, since=since, held=held, dead=dead)
    if found.held:
        yield say("of_held")
    if dead:
        yield say("of_dead")


def _running(found: Status, language: Language) -> str:
    if found.running:
        return word(language, "running", who=who(found.running, language))
    workers = found.workers_alive
    if workers:
        return word(language, "worker" if workers == 1 else "workers", count=workers)
    if found.at_work:
        return word(language, "silent", count=len(found.at_work), who=who(found.at_work[0], language))
    return word(language, "idle" if database_url() is None else "idle_shared")


def _reasons(reasons: Mapping[Reason, int], language: Language) -> str:
    number = sum(count for each, count in reasons.items() if each.tells)
    quiet = [
        f"{reason(each, language)}: {count}" if language == "ar" else f"{count} {each.value}"
        for each, count in reasons.items()
        if not each.tells
    ]
    shown = word(language, "alert" if number == 1 else "alerts", count=f"{number:,}")
    return shown + (word(language, "quiet", reasons=joined(quiet, language)) if quiet else "")


def _as_json(found: Status, now: datetime) -> dict[str, object]:
    return {
        "running": str(found.running) if found.running else None,
        "workers": found.workers_alive,
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
