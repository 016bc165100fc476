"""What somebody wants muted, as they name it: a rule, a place, a story, a source, or an alert for its story."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click

from monitor.cli.in_force import rules_in_force
from monitor.cli.named_places import named_place
from monitor.config import Config
from monitor.errors import ConfigError, UsageError
from monitor.model import MuteKind
from monitor.rules.problems import did_you_mean
from monitor.store.read import Reader

ALERT_ID: Final = re.compile(r"\d{1,18}\.\d{1,9}")
_KINDS: Final[Mapping[str, MuteKind]] = {kind.value: kind for kind in MuteKind} | {
    "قاعدة": MuteKind.RULE, "مكان": MuteKind.PLACE, "قصة": MuteKind.STORY, "مصدر": MuteKind.SOURCE,
    "feed": MuteKind.SOURCE, "newsroom": MuteKind.SOURCE,
}  # fmt: skip
_HOW: Final = "write rule:ID, place:ID, story:NUMBER, source:ID, or the number of an alert"


@dataclass(frozen=True, slots=True)
class Subject:
    """`named`: for people."""

    kind: MuteKind
    id: str
    named: str


class Rules:
    """What the rules file says, read when it is asked for. One that is broken is told of once, and then any name will
    do: whoever is flooded must be able to mute, whatever the file looks like by now."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def config(self) -> Config | None:
        try:
            return rules_in_force(self._path)
        except ConfigError:
            what = f"{self._path} cannot be used ('monitor lint' says why): names are not looked at, times are UTC"
            click.echo(f"monitor: {what}", err=True)
            return None

    @property
    def zone(self) -> ZoneInfo:
        return self.config.timezone if self.config else ZoneInfo("UTC")

    def within(self, place_id: str) -> Sequence[str]:
        """What lies around a place."""
        from monitor import lexicon as shipped
        from monitor.lexicon.tree import around

        places = self.config.lexicon.places if self.config else shipped.load().places
        place = places.get(place_id)
        return tuple(each.id for each in around(place, places)) if place is not None else ()


def read_subject(written: str, *, rules: Rules, reader: Reader) -> Subject:
    """Raises UsageError, with what may have been meant."""
    if ALERT_ID.fullmatch(written):
        return _of_alert(written, reader)
    kind_name, colon, name = (part.strip() for part in written.partition(":"))
    if not colon:
        return _rule(kind_name, rules, alone=True)
    kind = _KINDS.get(kind_name.casefold())
    if kind is None or not name:
        raise UsageError(f"'{written}' names nothing to mute: {did_you_mean(kind_name, _KINDS)} {_HOW}")
    match kind:
        case MuteKind.RULE:
            return _rule(name, rules)
        case MuteKind.PLACE:
            return _place(name, rules)
        case MuteKind.STORY:
            return _story(name, reader)
        case MuteKind.SOURCE:
            return _source(name, rules)


def _of_alert(alert_id: str, reader: Reader) -> Subject:
    alert = reader.alert(alert_id)
    if alert is None:
        raise UsageError(no_such_alert(alert_id, reader))
    return Subject(MuteKind.STORY, str(alert.story_id), f"story {alert.story_id}, of alert {alert_id}")


def no_such_alert(written: str, reader: Reader) -> str:
    """What to tell whoever names an alert that is not there."""
    story = written.partition(".")[0]
    others = reader.alerts_of(int(story)) if story.isascii() and story.isdigit() and len(story) < 19 else []
    remedy = f"story {story} has {', '.join(others)}" if others else "messages say which is theirs, as in 'alert: 12.1'"
    return f"there is no alert '{written}': {remedy}"


def _rule(name: str, rules: Rules, *, alone: bool = False) -> Subject:
    known = {rule.id for rule in rules.config.rules} if rules.config else {name}
    if name in known:
        return Subject(MuteKind.RULE, name, f"rule {name}")
    raise UsageError(f"there is no rule '{name}': {did_you_mean(name, known) or (_HOW if alone else _all(known))}")


def _all(known: Iterable[str]) -> str:
    return f"rules are {', '.join(sorted(known)[:12])}"


def _place(name: str, rules: Rules) -> Subject:
    """By its id, or by any spelling. A city and what is named after it around it are one name: the city is meant, of
    which less is muted."""
    if rules.config is None:
        return Subject(MuteKind.PLACE, name, f"place {name} and what lies within it")
    place, others = named_place(name, rules.config.lexicon.places)
    beyond = f"; not {' or '.join(f'place:{each}' for each in others)}" if others else ""
    return Subject(MuteKind.PLACE, place.id, f"place {place.id} and what lies within it{beyond}")


def _story(name: str, reader: Reader) -> Subject:
    if ALERT_ID.fullmatch(name):
        return _of_alert(name, reader)
    if not (name.isascii() and name.isdigit() and len(name) < 19 and reader.has_story(int(name))):
        raise UsageError(f"there is no story '{name}': it is the number before the dot in an alert's, 12 of 12.1")
    return Subject(MuteKind.STORY, str(int(name)), f"story {int(name)}")


def _source(name: str, rules: Rules) -> Subject:
    known = {name}
    if rules.config:
        feeds = rules.config.feeds
        known = {feed.id for feed in feeds} | {feed.source for feed in feeds} | set(rules.config.lexicon.newsrooms)
    if name in known:
        return Subject(MuteKind.SOURCE, name, f"source {name}")
    raise UsageError(f"there is no source '{name}': {did_you_mean(name, known) or 'see: monitor feeds list'}")
