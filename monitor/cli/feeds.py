"""`monitor feeds`: the feeds that are watched, and how they do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click

from monitor.cli.in_force import rules_in_force
from monitor.cli.options import config_option, json_option, state_accepted, state_option
from monitor.cli.show import ago, counted, span, warn
from monitor.cli.sight import plain_words
from monitor.cli.unset import without_channels
from monitor.clock import SystemClock
from monitor.config import Config
from monitor.errors import UsageError
from monitor.feeds import moves
from monitor.feeds.health import KINDS
from monitor.feeds.opml import export_opml as write_opml
from monitor.feeds.opml import import_opml as read_opml
from monitor.hidden import hide
from monitor.model import ArticlesRead, Feed, FeedState
from monitor.store.which import open_reader
from monitor.text.clean import display
from monitor.trouble import Trouble


@click.group()
def feeds() -> None:
    """List feeds and their health; import and export OPML."""


@feeds.command("list")
@config_option
@state_accepted
@json_option
def list_feeds(config: Path, as_json: bool) -> None:
    """List the feeds of the rules file: id, name, tags, address."""
    known = _configured(config)
    if as_json:
        click.echo(json.dumps([_feed_as_json(feed) for feed in known], ensure_ascii=False))
        return
    for feed in known:
        click.echo(f"{feed.id}  every {span(feed.every)}  {' '.join(sorted(feed.tags))}")
        click.echo(f"  {display(feed.name)}")
        click.echo(f"  {feed.address}")


@feeds.command("sources")
@config_option
@state_accepted
@json_option
def feeds_sources(config: Path, as_json: bool) -> None:
    """Show whose the feeds are: which newsrooms have one owner and are one voice, and which nobody knows."""
    from monitor.cli import feed_sources
    from monitor.lexicon.sources import sources_of

    loaded = _loaded(config)
    sources = sources_of(loaded.feeds, loaded.lexicon.newsrooms)
    if as_json:
        click.echo(json.dumps(feed_sources.as_json(sources), ensure_ascii=False))
        return
    for line in feed_sources.lines(sources):
        click.echo(line)


@feeds.command("status")
@config_option
@state_option
@json_option
def feeds_status(config: Path, state: Path, as_json: bool) -> None:
    """Show for each feed when it was read, when it last had something new, and what is wrong with it."""
    known = _configured(config)
    reader = open_reader(state)
    states: dict[str, FeedState] = {}
    troubles: dict[str, list[Trouble]] = {}
    articles: dict[str, ArticlesRead] = {}
    if reader:
        with reader:
            states = {found.feed_id: found for found in reader.feeds()}
            read = ((feed.id, reader.articles(feed.id)) for feed in known if feed.full_text)
            articles = {feed_id: each for feed_id, each in read if each is not None}
            for trouble in reader.troubles().values():
                if trouble.lasts and trouble.finding.kind in KINDS:
                    troubles.setdefault(trouble.finding.subject, []).append(trouble)
    if as_json:
        told = [
            _status_as_json(feed, states.get(feed.id), troubles.get(feed.id, []), articles.get(feed.id))
            for feed in known
        ]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    now = SystemClock().now()
    for feed in known:
        _tell(feed, states.get(feed.id), troubles.get(feed.id, []), now)
        if feed.id in articles:
            for line in _articles(articles[feed.id], now):
                click.echo(f"  {line}")


@feeds.command("import-opml")
@click.argument("source", type=click.File("rb"))
def import_opml(source: BinaryIO) -> None:
    """Read an OPML file (- is standard input) and print its feeds as a file that a rules file can include.

    \b
    monitor feeds import-opml subscriptions.opml > imported.yaml
    and in rules.yaml:  include: [imported.yaml]

    Folders become tags. Nothing is fetched; what is left out stands in comments.
    """
    found = read_opml(source.read())
    click.echo(f"version: 1\nfeeds:\n{found}" if found.strip() else "version: 1\nfeeds: []")


@feeds.command("export-opml")
@config_option
@state_accepted
@click.option("-o", "--output", type=click.File("wb"), default="-", help="A file; - is standard output.")
def export_opml(config: Path, output: BinaryIO) -> None:
    """Write the feeds of the rules file as OPML 2.0, for a feed reader. Addresses that hold a secret are left out."""
    output.write(write_opml(_configured(config)))


def _configured(config: Path) -> tuple[Feed, ...]:
    return _loaded(config).feeds


def _loaded(config: Path) -> Config:
    loaded = rules_in_force(config)
    hide(loaded.secrets())
    warn(without_channels(loaded.warnings))
    if not loaded.feeds:
        raise UsageError(f"{config} has no feeds: add some under 'feeds:', or run 'monitor init' for a start")
    return loaded


def _tell(feed: Feed, state: FeedState | None, troubles: Sequence[Trouble], now: datetime) -> None:
    if state is None or state.last_polled_at is None:
        click.echo(f"{feed.id}  not polled yet")
        return
    health = "ok" if not state.failures else f"failed {counted(state.failures, 'time', 'times')} in a row"
    shown = [plain_words(trouble, now) for trouble in troubles]
    click.echo(
        f"{feed.id}  {health}  polled {ago(state.last_polled_at, now)}, new entry {ago(state.last_new_at, now)}, "
        f"next {ago(state.next_poll_at, now)}"
    )
    for line in shown:
        click.echo(f"  {line}")
    if state.last_error and not shown:
        click.echo(f"  {state.last_error}")


def _articles(read: ArticlesRead, now: datetime) -> Iterator[str]:
    waiting = f", {read.waiting} waiting" if read.waiting else ""
    if read.unread:
        yield f"articles: {read.unread} of the last {read.of} not read{waiting}; the last: {read.error}"
    else:
        yield f"articles: the newest {read.of} read{waiting}" if read.of else f"articles: {read.waiting} waiting"
    if read.again:
        due = ago(read.again.at, now) if read.again.at > now else "now"
        yield f"  of those waiting {read.again.count} could not be read: {read.again.error}; tried again {due}"


def _feed_as_json(feed: Feed) -> dict[str, object]:
    return {
        "id": feed.id,
        "name": feed.name,
        "source": feed.source,
        "url": feed.address,
        "every_seconds": int(feed.every.total_seconds()),
        "tags": sorted(feed.tags),
        "languages": list(feed.languages),
    }


def _status_as_json(
    feed: Feed, state: FeedState | None, troubles: Sequence[Trouble], articles: ArticlesRead | None
) -> dict[str, object]:
    if state is None:
        return {"id": feed.id, "polled_at": None}
    instants = {
        "polled_at": state.last_polled_at,
        "succeeded_at": state.last_success_at,
        "new_at": state.last_new_at,
        "next_at": state.next_poll_at,
    }
    return {
        "id": feed.id,
        "failures": state.failures,
        "last_error": state.last_error,
        "moved_to": moves.shown(state),
        "troubles": [trouble.finding.kind.value for trouble in troubles],
        "articles": _articles_as_json(articles) if articles is not None else None,
        **{name: at.isoformat() if at else None for name, at in instants.items()},
    }


def _articles_as_json(read: ArticlesRead) -> dict[str, object]:
    again = read.again
    return asdict(read) | {
        "again": {"count": again.count, "error": again.error, "at": again.at.isoformat()} if again else None
    }
