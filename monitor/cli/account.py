"""What a pass came to: for a person, for a machine, and as an exit code."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import tzinfo

import click

from monitor.app import App
from monitor.cli import EXIT_ALERTS, EXIT_FEEDS, EXIT_UNDELIVERED
from monitor.cli.show import alert_lines, counted
from monitor.cli.tally import Tally
from monitor.model import Alert, Reason

SHOWN = 3  # feeds named when all fail

_OUTCOMES = ("polled", "unchanged", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`pending` and `dead` count all deliveries, not only this pass's. `unseen` are alerts that no console shows."""

    tally: Tally
    warnings: tuple[str, ...]
    zone: tzinfo
    dry_run: bool
    pending: int
    dead: int
    unseen: tuple[Alert, ...]

    @classmethod
    def of(cls, app: App, tally: Tally, *, dry_run: bool) -> Outcome:
        pending, dead = app.undelivered()
        return cls(
            tally=tally,
            warnings=tuple(map(str, app.config.warnings)),
            zone=app.config.timezone,
            dry_run=dry_run,
            pending=pending,
            dead=dead,
            unseen=tuple(alert for alert in tally.alerts if dry_run or not app.on_console(alert)),
        )


def exit_code(outcome: Outcome, *, alerts_count: bool) -> int:
    """What is undelivered goes before alerts (if they count), and these before feeds that failed.

    Undelivered is what could not be sent in this pass, and what still waits from earlier ones.
    """
    if outcome.tally.not_sent or (outcome.pending and not outcome.dry_run):
        return EXIT_UNDELIVERED
    if alerts_count and outcome.tally.alerts:
        return EXIT_ALERTS
    return EXIT_FEEDS if outcome.tally.failures else 0


def as_json(outcome: Outcome) -> dict[str, object]:
    tally = outcome.tally
    return {
        "feeds": {name: tally.outcomes[name] for name in _OUTCOMES},
        "entries": {"new": tally.new},
        "articles": {"read": tally.articles, "unread": len(tally.unread)},
        "alerts": [_alert_as_json(alert) for alert in tally.alerts],
        "deliveries": {"sent": tally.sent, "pending": outcome.pending, "dead": outcome.dead},
        "failures": [{"feed": report.feed_id, "detail": report.detail} for report in tally.failures],
        "problems": list(tally.problems),
        "warnings": list(outcome.warnings),
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


def tell(outcome: Outcome, *, verbose: bool) -> None:
    """On a terminal the whole account; elsewhere only what is wrong enough for a mail."""
    tally, person = outcome.tally, verbose or outcome.dry_run or sys.stderr.isatty()
    if outcome.dry_run or person:
        for alert in outcome.unseen:
            click.echo("\n".join(alert_lines(alert, outcome.zone)))
    for line in _failures(tally, person=person):
        click.echo(line, err=True)
    for problem in tally.problems:
        click.echo(f"rule {problem}", err=True)
    for channel, trouble in tally.not_sent.items():
        click.echo(f"channel {channel}: not delivered, {trouble}", err=True)
    if person:
        click.echo("\n".join(_summary(outcome)), err=True)


def _failures(tally: Tally, *, person: bool) -> list[str]:
    """For a person each feed that failed; elsewhere only if all did, for then nothing watches."""
    told = [f"feed {report.feed_id} failed: {report.detail}" for report in tally.failures]
    blind = len(tally.failures) == tally.polled
    if blind and len(told) > SHOWN:
        told = [*told[:SHOWN], f"… and all the other {len(told) - SHOWN} feeds: is there a network?"]
    return told if person or blind else []


def _summary(outcome: Outcome) -> list[str]:
    tally = outcome.tally
    delivered = f"{tally.sent} sent, {outcome.pending} pending, {outcome.dead} dead"
    parts = [
        "feeds: " + ", ".join(f"{tally.outcomes[name]} {name}" for name in _OUTCOMES),
        counted(tally.new, "new entry", "new entries"),
        *([counted(tally.articles, "article read", "articles read")] if tally.articles else []),
        counted(len(tally.alerts), "alert", "alerts"),
        "dry run: nothing sent, nothing recorded" if outcome.dry_run else delivered,
    ]
    return [" · ".join(parts), *_hints(tally)]


def _hints(tally: Tally) -> list[str]:
    hints = []
    quiet = tally.reasons[Reason.BASELINE]
    if quiet:
        first = "in feeds that were read for the first time: recorded, not announced"
        hints.append(f"{counted(quiet, 'match', 'matches')} {first} (--no-baseline announces them)")
    for report in tally.unread:
        again = f", tried again at {report.again_at:%H:%M} UTC" if report.again_at else ", given up"
        hints.append(f"feed {report.feed_id}: article {report.link} not read{again}: {report.error}")
    if not tally.polled:
        hints.append("no feed was due (--all polls every feed now)")
    return hints
