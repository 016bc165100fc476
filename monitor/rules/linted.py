"""What the checks of lint look at, and how they walk through it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from monitor.language import Lexicon, Rule
from monitor.model import Channel, Feed
from monitor.rules.items import Alternatives, AnyOf, walk
from monitor.rules.problems import Report
from monitor.rules.query_items import Either
from monitor.rules.written import RulesFile
from monitor.rules.written_rule import WrittenRule


class Linted(Protocol):
    """A `Config`."""

    @property
    def written(self) -> tuple[RulesFile, ...]: ...
    @property
    def rules(self) -> tuple[Rule, ...]: ...
    @property
    def feeds(self) -> tuple[Feed, ...]: ...
    @property
    def channels(self) -> tuple[Channel, ...]: ...
    @property
    def lexicon(self) -> Lexicon: ...
    @property
    def report(self) -> Report: ...


class ItemList(NamedTuple):
    """Items that stand in one list. `choice`: any one of them is enough, so that one may cover another."""

    items: Sequence[Any]
    choice: bool


def written_rules(config: Linted) -> list[WrittenRule]:
    return [rule for file in config.written for rule in file.rules]


def pairs(config: Linted) -> list[tuple[WrittenRule, Rule]]:
    """Each rule as it was written, and the value that was made of it."""
    by_id = {rule.id: rule for rule in config.rules}
    return [(rule, by_id[str(rule.id)]) for rule in written_rules(config) if str(rule.id) in by_id]


def item_lists(files: Sequence[RulesFile]) -> Iterator[ItemList]:
    """Every list of items, the inner ones too."""
    for file in files:
        tops = [ItemList(items, choice=True) for items in file.groups.values()]
        for rule in file.rules:
            at_once = rule.at_least > 1 or rule.min_score is not None  # two forms of one word count twice
            tops += [ItemList(rule.all, choice=False)] if rule.all else []
            tops += [ItemList(rule.any, choice=not at_once)] if rule.any else []
            tops += [ItemList(rule.none, choice=True)] if rule.none else []
            tops += [ItemList(rule.query.inner(), choice=False)] if rule.query else []
        for top in tops:
            yield top
            yield from (ItemList(item.inner(), _is_choice(item)) for item in walk(top.items) if item.inner())


def _is_choice(item: Any) -> bool:
    return isinstance(item, Alternatives | Either) or (
        isinstance(item, AnyOf) and item.at_least == 1 and item.min_score is None
    )


def asking(files: Sequence[RulesFile]) -> Iterator[Sequence[Any]]:
    """Every list that may name a group, exclusions too."""
    yield from searching(files)
    for rule in (rule for file in files for rule in file.rules):
        yield from (rule.none or (), rule.query.excluded() if rule.query else ())


def searching(files: Sequence[RulesFile]) -> Iterator[Sequence[Any]]:
    """The lists that find something: groups, `all` and `any`. Exclusions may be as wide as they like."""
    for file in files:
        yield from file.groups.values()
        yield from (box for rule in file.rules for box in (rule.all, rule.any) if box)
        yield from (rule.query.inner() for rule in file.rules if rule.query)
