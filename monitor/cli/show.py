"""How things look on a terminal. Feed text is cleaned, and Arabic stands on lines of its own, at their beginning."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

import click

from monitor.alerts.clean import safe_link
from monitor.errors import Problem
from monitor.model import Alert, Severity

COLOURS = {"critical": "bright_red", "high": "red", "medium": "yellow", "low": "cyan", "info": "white"}


def warn(problems: Iterable[Problem]) -> None:
    """On standard error, each once."""
    for problem in problems:
        click.echo(problem, err=True)


def counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def local(instant: datetime | None, zone: tzinfo) -> str:
    """`2026-11-22 14:05 (11:05Z)`; a dash for None."""
    if instant is None:
        return "–"
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M} ({instant:%H:%MZ})"


def ago(instant: datetime | None, now: datetime) -> str:
    """`5m ago`, `in 2h`; `never` for None."""
    if instant is None:
        return "never"
    passed = now - instant
    return f"{span(passed)} ago" if passed >= timedelta(0) else f"in {span(-passed)}"


def span(length: timedelta) -> str:
    """The largest unit only: `40s`, `12m`, `3h`, `5d`."""
    seconds = int(length.total_seconds())
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def loud(severity: Severity) -> str:
    """`CRITICAL`, in its colour."""
    return click.style(severity.value.upper(), fg=COLOURS[severity.value], bold=True)


def alert_lines(alert: Alert, zone: tzinfo) -> list[str]:
    """One alert as a stacked record."""
    from monitor.text.clean import display  # most passes raise none

    when = local(alert.published_at or alert.decided_at, zone)
    lines = [
        f"{when}  {loud(alert.severity)}  {alert.rule_id}  {alert.reason.value}",
        f"  {display(alert.title) or display(alert.summary)}",
        f"  {display(alert.feed_name)}",
    ]
    link = safe_link(alert.link)
    return [*lines, f"  {link}"] if link else lines


def on_terminal() -> bool:
    """Whether a person looks on."""
    return sys.stderr.isatty()
