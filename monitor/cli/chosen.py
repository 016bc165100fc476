"""Which alerts a command is about: the options that `history` and `export` share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeVar
from zoneinfo import ZoneInfo

import click

from monitor.cli.in_force import words_in_force
from monitor.cli.named_places import named_place
from monitor.cli.since import moment
from monitor.errors import ConfigError
from monitor.lexicon.tree import Places, below, directly_within
from monitor.model import Severity
from monitor.store.feedback_rows import Opinion
from monitor.store.views.history import Wanted

Command = TypeVar("Command", bound=Callable[..., Any])
_OPINIONS: Final[dict[str, Opinion | Literal["none"]]] = {
    "match": Opinion.MATCH,
    "wrong": Opinion.WRONG,
    "none": "none",
}

_OPTIONS: Final = (
    click.option("--since", metavar="WHEN", help="From then on: 7d, 2026-11-01, '2026-11-01 18:00'."),
    click.option("--until", metavar="WHEN", help="Up to then; of a day, to its end."),
    click.option("--rule", "rules", multiple=True, metavar="ID", help="Only of this rule (repeatable)."),
    click.option(
        "--severity", "severities", multiple=True, type=click.Choice([each.value for each in Severity]),
        help="Only of this severity (repeatable).",
    ),
    click.option("--place", "places", multiple=True, metavar="PLACE", help="Only there, or within; by id or name."),
    click.option("--event", "events", multiple=True, metavar="ID", help="Only of this class of event (repeatable)."),
    click.option("--feed", "feeds", multiple=True, metavar="ID", help="Only from this feed (repeatable)."),
    click.option("--source", "sources", multiple=True, metavar="ID", help="Only of this newsroom or feed."),
    click.option("--story", type=click.IntRange(1, 2**63 - 1), metavar="NUMBER", help="Only of this story."),
    click.option("--seen/--unseen", default=None, help="Only those that somebody has acknowledged, or nobody."),
    click.option("--opinion", type=click.Choice([*_OPINIONS]), help="Only those of which readers said this."),
)  # fmt: skip


def choosing(command: Command) -> Command:
    """The options; the command takes them as **chosen, for `wanted`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Around:
    """What is needed of the rules file to tell of alerts: none of it is lost when the file is broken. `language` is
    that of files; `spoken` is Arabic only where the rules file has no other."""

    zone: ZoneInfo
    language: Literal["ar", "en"]
    spoken: Literal["ar", "en"]
    places: Places


def around(config: Path) -> Around:
    """A broken or missing rules file is no reason not to look at the past: then times are UTC, and places the shipped
    ones."""
    from monitor.lexicon.load import load

    try:
        found = words_in_force(config)
    except ConfigError:
        click.echo(f"{config} cannot be used; times are in UTC. 'monitor lint' says what is wrong", err=True)
        return Around(ZoneInfo("UTC"), "en", "en", load().places)
    language: Literal["ar", "en"] = "en" if found.language == "en" else "ar"
    return Around(found.timezone, language, "ar" if found.language == "ar" else "en", found.lexicon.places)


def spoken_language(config: Path) -> Literal["ar", "en"]:
    """Of a terminal, as `Around.spoken`; a broken file is told of elsewhere."""
    try:
        return "ar" if words_in_force(config).language == "ar" else "en"
    except ConfigError:
        return "en"


def wanted(
    here: Around,
    now: datetime,
    *,
    since: str | None,
    until: str | None,
    rules: Iterable[str],
    severities: Iterable[str],
    places: Iterable[str],
    events: Iterable[str],
    feeds: Iterable[str],
    sources: Iterable[str],
    story: int | None,
    seen: bool | None,
    opinion: str | None,
) -> Wanted:
    """Raises UsageError for a time that is none, and for a place that nobody knows."""
    return Wanted(
        since=moment(since, now=now, zone=here.zone) if since else None,
        until=moment(until, now=now, zone=here.zone, whole_day=True) if until else None,
        rules=frozenset(rules),
        severities=frozenset(map(Severity, severities)),
        places=frozenset(each for place in places for each in within(place, here.places)),
        events=frozenset(events),
        feeds=frozenset(feeds),
        sources=frozenset(sources),
        story=story,
        seen=seen,
        opinion=_OPINIONS[opinion] if opinion else None,
    )


def within(written: str, places: Places) -> Iterable[str]:
    """The id of the place that is named so, and those of all places within it."""
    place, _ = named_place(written, places)
    return (place.id, *(inner.id for _, inner in below(place.id, directly_within(places))))
