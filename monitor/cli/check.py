"""`monitor check`: one pass over the feeds."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from types import FrameType

import click

from monitor.app import App
from monitor.cli import EXIT_ALERTS, EXIT_FEEDS, EXIT_INTERRUPTED, EXIT_UNDELIVERED, logs
from monitor.cli.options import config_option, json_option, state_option
from monitor.cli.show import alert_lines, counted, warn
from monitor.cli.tally import Tally
from monitor.config import Config
from monitor.errors import UsageError
from monitor.model import Alert, Feed, Reason


@click.command(epilog="Quiet where there is nothing to say, so that cron sends mail only when there is.")
@config_option
@state_option
@click.option("--all", "every", is_flag=True, help="Poll every feed now, due or not.")
@click.option("--feed", "only", multiple=True, metavar="ID", help="Poll only this feed, due or not (repeatable).")
@click.option("-n", "--dry-run", is_flag=True, help="Show what would be alerted; send nothing, record nothing.")
@click.option("--no-baseline", is_flag=True, help="Announce also what a feed holds when it is read for the first time.")
@json_option
@click.option("--exit-code", is_flag=True, help="Exit with 10 if alerts were raised.")
@click.option("-v", "--verbose", is_flag=True, help="Log what happens; list every failed feed.")
@click.pass_context
def check(
    ctx: click.Context,
    config: Path,
    state: Path,
    every: bool,
    only: tuple[str, ...],
    dry_run: bool,
    no_baseline: bool,
    as_json: bool,
    exit_code: bool,
    verbose: bool,
) -> None:
    """Poll once what is due, raise alerts, deliver what is pending, and exit.

    A feed that is read for the first time is a baseline: its entries are recorded, not announced, unless
    --no-baseline is given.

    Exit codes: 0 ok, 3 configuration, 4 feeds failed, 5 undelivered, 6 another instance polls, 10 alerts (only with
    --exit-code). Of several, 5 goes before 10, and 10 before 4.
    """
    logs.set_up(20 if verbose else 50, "text")
    tally = Tally()
    app = App(
        config,
        state,
        command="monitor check",
        baseline=not no_baseline,
        dry_run=dry_run,
        console=sys.stderr if as_json else None,
        on_poll=tally.polled_feed,
        on_delivery=tally.tried_delivery,
    )
    with _interruptible() as interrupted, _closing(app):
        logs.hide(app.config.secrets())
        warn(app.config.warnings)
        feeds = _chosen(app.config, only)
        _poll(app, feeds, tally, every=every or bool(only), interrupted=interrupted)
        if not dry_run:
            _deliver(app, interrupted)
        pending, dead = app.undelivered()
    if as_json:
        click.echo(json.dumps(_as_json(tally, app.config, pending, dead), ensure_ascii=False))
    else:
        _tell(tally, app, dry_run=dry_run, verbose=verbose, baseline=not no_baseline, pending=pending, dead=dead)
    ctx.exit(_exit_code(tally, undelivered=bool(tally.not_sent), asked=exit_code, interrupted=bool(interrupted)))


# --- the pass


@contextmanager
def _closing(app: App) -> Iterator[None]:
    try:
        yield
    finally:
        app.close()


@contextmanager
def _interruptible() -> Iterator[list[int]]:
    """Ctrl-C and SIGTERM end the pass in order: the list holds the signal once it came."""
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        if came:
            raise KeyboardInterrupt
        came.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _chosen(config: Config, only: Collection[str]) -> tuple[Feed, ...]:
    known = {feed.id: feed for feed in config.feeds}
    if not known:
        raise UsageError(f"{config.path} has no feeds: add some under 'feeds:', or run 'monitor init' for a start")
    for unknown in (wanted for wanted in only if wanted not in known):
        close = get_close_matches(unknown, known, 1)
        raise UsageError(
            f"no feed '{unknown}' in {config.path}"
            + (f": did you mean '{close[0]}'?" if close else ": 'monitor feeds list' names them")
        )
    return tuple(known[wanted] for wanted in dict.fromkeys(only)) if only else tuple(known.values())


def _poll(app: App, feeds: Sequence[Feed], tally: Tally, *, every: bool, interrupted: list[int]) -> None:
    """Every feed at most once: those that are due, or all of `feeds`."""
    waiting = {feed.id: feed for feed in feeds}
    with _progress(len(waiting)) as bar:
        shown = 0
        while waiting and not interrupted:
            begun = app.polls.tick(app.setup, list(waiting.values()), every=every)
            for feed_id in begun:
                del waiting[feed_id]
            if not begun and not app.polls.busy:
                break
            app.polls.wait_for_any(0.2)
            bar.update(tally.polled - shown)
            shown = tally.polled
        while not interrupted and not app.polls.wait(0.2):
            bar.update(tally.polled - shown)
            shown = tally.polled
        bar.update(bar.length - shown if bar.length and not interrupted else 0)


@contextmanager
def _progress(length: int) -> Iterator[click.progressbar]:  # type: ignore[valid-type]
    with click.progressbar(
        length=length, label="Polling feeds", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        yield bar


def _deliver(app: App, interrupted: list[int]) -> None:
    """Try each delivery that is due, until none is: what failed is due later and waits for the next pass."""
    while not interrupted:
        begun = app.deliveries.tick(app.setup)
        if not begun and not app.deliveries.busy:
            return
        app.deliveries.wait_for_any(0.2)


# --- the account


def _exit_code(tally: Tally, *, undelivered: bool, asked: bool, interrupted: bool) -> int:
    if interrupted:
        return EXIT_INTERRUPTED
    if undelivered:
        return EXIT_UNDELIVERED
    if asked and tally.alerts:
        return EXIT_ALERTS
    return EXIT_FEEDS if tally.failures else 0


def _as_json(tally: Tally, config: Config, pending: int, dead: int) -> dict[str, object]:
    return {
        "feeds": {outcome: tally.outcomes[outcome] for outcome in ("polled", "unchanged", "failed")},
        "entries": {"new": tally.new},
        "alerts": [_alert_as_json(alert) for alert in tally.alerts],
        "deliveries": {"sent": tally.sent, "pending": pending, "dead": dead},
        "failures": [{"feed": report.feed_id, "detail": report.detail} for report in tally.failures],
        "warnings": [str(problem) for problem in config.warnings],
    }


def _alert_as_json(alert: Alert) -> dict[str, object]:
    return {
        "id": alert.id,
        "rule": alert.rule_id,
        "severity": alert.severity.value,
        "title": alert.title,
        "url": alert.link,
        "reason": alert.reason.value,
        "feed": alert.feed_id,
        "published": alert.published_at.isoformat() if alert.published_at else None,
    }


def _tell(tally: Tally, app: App, *, dry_run: bool, verbose: bool, baseline: bool, pending: int, dead: int) -> None:
    """On a terminal the whole account; elsewhere only what is wrong enough for a mail."""
    person = sys.stderr.isatty() or verbose
    shown = [alert for alert in tally.alerts if dry_run or (person and not app.on_console(alert))]
    for alert in shown:
        click.echo("\n".join(alert_lines(alert, app.config.timezone)))
    blind = tally.failures and len(tally.failures) == tally.polled
    if person or blind:
        for report in tally.failures:
            click.echo(f"feed {report.feed_id} failed: {report.detail}", err=True)
    for channel, trouble in tally.not_sent.items():
        click.echo(f"channel {channel}: not delivered, will be tried again: {trouble}", err=True)
    if person:
        click.echo(_summary(tally, dry_run=dry_run, baseline=baseline, pending=pending, dead=dead), err=True)


def _summary(tally: Tally, *, dry_run: bool, baseline: bool, pending: int, dead: int) -> str:
    outcomes = ", ".join(f"{tally.outcomes[name]} {name}" for name in ("polled", "unchanged", "failed"))
    parts = [
        f"feeds: {outcomes}",
        counted(tally.new, "new entry", "new entries"),
        counted(len(tally.alerts), "alert", "alerts"),
        "dry run: nothing sent, nothing recorded" if dry_run else f"{tally.sent} sent, {pending} pending, {dead} dead",
    ]
    lines = [" · ".join(parts)]
    quiet = tally.reasons[Reason.BASELINE]
    if baseline and quiet:
        lines.append(
            f"{counted(quiet, 'match', 'matches')} in feeds that were read for the first time: recorded, not announced "
            "(--no-baseline would announce them)"
        )
    if not tally.polled:
        lines.append("no feed was due (--all polls every feed now)")
    return "\n".join(lines)
