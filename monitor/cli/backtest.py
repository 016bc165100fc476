"""`monitor backtest`: what rules would have sent in the past, and what others would send instead."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from zoneinfo import ZoneInfo

import click

from monitor import config as configuration
from monitor.backtest import Archive, Asked, Stored, Trial, compare, content_of, run
from monitor.backtest.history import History
from monitor.backtest.revision import load_revision
from monitor.cli import EXIT_INTERRUPTED
from monitor.cli.backtest_json import as_json as trial_as_json
from monitor.cli.backtest_text import difference_lines, picture, trial_lines
from monitor.cli.mutes import reading
from monitor.cli.options import config_option, json_option, state_option
from monitor.cli.progress import Progress, progress
from monitor.cli.show import warn
from monitor.clock import SystemClock
from monitor.compiled import Shelf
from monitor.config import Config
from monitor.errors import UsageError
from monitor.feeds.dates import EARLIEST_YEAR
from monitor.prepared import OnDemand
from monitor.rules.problems import Refused
from monitor.rules.values import some_duration

_SINCE = timedelta(days=30)
_REMEDY = "write 30d, 12h, 2026-11-01 or '2026-11-01 18:00'"


@click.command(
    epilog="\b\nmonitor backtest --since 7d\nmonitor backtest harbours --rules new.yaml --against rules.yaml\n"
    "monitor backtest --against HEAD~3\nmonitor backtest --data archive.jsonl.gz --plot days.svg"
)
@click.argument("rule_ids", nargs=-1, metavar="[RULE]...")
@click.option("--since", metavar="TIME", help="From when on: a length of time ago, or a day. Of the state: 30d.")
@click.option("--until", metavar="TIME", help="Up to when; now if it is not given.")
@click.option("--rules", type=click.Path(path_type=Path), metavar="FILE", help="Try this rules file, not --config.")
@click.option("--against", metavar="FILE|GITREF", help="Compare with another rules file, or with that of a commit.")
@click.option("--data", metavar="FILE", help="Try them on documents as JSON, one a line (also .gz); - is stdin.")
@click.option("--mutes", is_flag=True, help="Keep quiet what was muted then.")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.svg", help="Draw the days.")
@click.option("--samples", type=click.IntRange(min=0), default=10, show_default=True, help="Show so many alerts.")
@config_option
@state_option
@json_option
@click.pass_context
def backtest(
    ctx: click.Context,
    rule_ids: Sequence[str],
    since: str | None,
    until: str | None,
    rules: Path | None,
    against: str | None,
    data: str | None,
    mutes: bool,
    plot: Path | None,
    samples: int,
    config: Path,
    state: Path,
    as_json: bool,
) -> None:
    """Show what the rules would have sent in the past; with RULE, what these of them would have.

    Tried on what is stored, or on an archive (--data), with the decisions of a running monitor: stories, sources,
    throttles, rules that stand for others. With --against, what another set of rules would send instead is shown, each
    alert with the reason. Nothing is sent, and nothing is written down. Ctrl-C shows what was found until then.

    Exit codes: 0; 2 usage; 3 configuration; 130 broken off.
    """
    tried = configuration.load(rules or config, environ=os.environ)
    warn(tried.warnings)
    other = _other(against, rules or config, tried) if against is not None else None
    _known(rule_ids, tried, other)
    now = SystemClock().now()
    bounds = [_moment(each, name, now, tried.timezone) for each, name in ((since, "--since"), (until, "--until"))]
    asked = Asked(rules=rule_ids, mutes=mutes, samples=samples)
    shelf = Shelf(state) if state.is_dir() and rules is None else None
    with ExitStack() as stack:
        history = stack.enter_context(_history(data, state, bounds, now))
        shown = stack.enter_context(progress())
        content = content_of(tried, shelf=shelf)
        old = _trial(other, content_of(other, like=(tried, content)), history, asked, shown) if other else None
        new = _trial(tried, content, history, asked, shown)
        shown.over()
        difference = compare(old, new) if old is not None else None
        if plot is not None:
            _draw(plot, new, tried)
        if as_json:
            click.echo(json.dumps(trial_as_json(new, old, difference), ensure_ascii=False))
        else:
            for line in trial_lines(new, tried.timezone):
                click.echo(line)
            if difference is not None and old is not None:
                for line in difference_lines(difference, old, against or "", tried.timezone):
                    click.echo(line)
    complete = new.complete and (old is None or old.complete)
    ctx.exit(0 if complete else EXIT_INTERRUPTED)


def _trial(config: Config, content: OnDemand, history: History, asked: Asked, shown: Progress) -> Trial:
    return run(config, history, clock=SystemClock(), asked=asked, content=content, progress=shown)


def _other(against: str, path: Path, tried: Config) -> Config:
    """A name that is a file is a file. Rules of a commit tell the channels of today, of the feeds of today."""
    if Path(against).is_file():
        return configuration.load(Path(against), environ=os.environ)
    if against.endswith((".yaml", ".yml")):
        raise UsageError(f"--against {against}: there is no such file")
    old = load_revision(path, against, environ=os.environ)
    return replace(old, feeds=tried.feeds, channels=tried.channels)


def _known(rule_ids: Sequence[str], *configs: Config | None) -> None:
    known = {rule.id for config in configs if config is not None for rule in config.rules}
    for rule_id in rule_ids:
        if rule_id not in known:
            near = get_close_matches(rule_id, known, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(sorted(known))}"
            raise UsageError(f"no rule has the id '{rule_id}': {hint}")


def _moment(written: str | None, option: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """A length of time before now, or a day, perhaps with an hour, in the rules' time zone."""
    if written is None:
        return None
    day, _, hour = written.strip().replace("T", " ").partition(" ")
    try:
        at = datetime.combine(date.fromisoformat(day), time.fromisoformat(hour or "00:00"), zone)
    except ValueError:
        at = None
    if at is not None and at.year >= EARLIEST_YEAR:
        return at
    try:
        return now - some_duration(written)
    except Refused as error:
        raise UsageError(f"{option}: {error.what}: {_REMEDY}") from None


@contextmanager
def _history(
    data: str | None, state: Path, bounds: Sequence[datetime | None], now: datetime
) -> Iterator[Stored | Archive]:
    since, until = bounds
    if since is not None and until is not None and since >= until:
        raise UsageError("--since is not before --until: nothing lies between them")
    if data is not None:
        with ExitStack() as stack:
            yield _archive(data, since, until, stack)
        return
    with reading(state) as reader:
        yield Stored(reader, since=since or (until or now) - _SINCE, until=until)


def _archive(data: str, since: datetime | None, until: datetime | None, stack: ExitStack) -> Archive:
    """Standard input is read once, and may be wanted twice."""
    if data != "-":
        path = Path(data)
        try:
            path.open("rb").close()
        except OSError as error:
            raise UsageError(f"--data {data} cannot be read: {error.strerror or error}") from None
        return Archive(lambda: path.open("rb"), size=path.stat().st_size or None, since=since, until=until)
    kept = stack.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes it
    shutil.copyfileobj(sys.stdin.buffer, kept)
    size = kept.tell()

    def anew() -> IO[bytes]:
        kept.flush()
        again = os.fdopen(os.dup(kept.fileno()), "rb")
        again.seek(0)
        return again

    return Archive(anew, size=size or None, since=since, until=until)


def _draw(path: Path, trial: Trial, config: Config) -> None:
    try:
        path.write_text(picture(trial, config.timezone), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--plot {path} cannot be written: {error.strerror or error}") from None
