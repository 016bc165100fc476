"""Weak spots between feeds whose articles are read and rules that look into articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.language import AllOf, AnyOf, InField, Item, Lexicon, OfEvent, OfGroup, Rule, Without
from monitor.model import Feed
from monitor.rules.linted import Linted, pairs
from monitor.rules.problems import Report

_BODY = "body"


def check_articles(config: Linted, report: Report) -> None:
    """Feeds are told only where there are rules: who has none yet is told of other things."""
    looking = [rule for rule in config.rules if rule.enabled and rule.seeks and _into_articles(rule, config.lexicon)]
    if config.rules:
        _read_in_vain(config, looking, report)
    if looking and not any(feed.full_text for feed in config.feeds):
        _looking_in_vain(config, looking, report)


def _read_in_vain(config: Linted, looking: Iterable[Rule], report: Report) -> None:
    """By where the rules files name their feeds; they come in the same order."""
    written = [feed for file in config.written for feed in file.feeds]
    for told, feed in zip(written, config.feeds, strict=False):
        if told.full_text and not any(_looks_at(rule, feed) for rule in looking):
            what = f"the articles of the feed '{feed.id}' are read, and no rule looks into them"
            remedy = "write 'search_in: [title, summary, body]' in a rule or under 'defaults', or remove 'full_text'"
            report.warning(told.at, "R429", what, remedy)


def _looking_in_vain(config: Linted, looking: Iterable[Rule], report: Report) -> None:
    """Told once, and only of a rule that looks at nothing else: many feeds carry whole articles themselves."""
    ids = {rule.id for rule in looking if rule.search_in == (_BODY,)}
    for written, rule in pairs(config):
        if rule.id in ids:
            what = f"the rule '{rule.id}' looks only into articles, and no feed has its articles read"
            remedy = "write 'full_text: true' under the feeds that carry headlines only, or add 'title' to 'search_in'"
            report.warning(written.id.at, "R430", what, remedy)
            return


def _looks_at(rule: Rule, feed: Feed) -> bool:
    return not rule.feeds or not {feed.id, *(f"tag:{tag}" for tag in feed.tags)}.isdisjoint(rule.feeds)


def _into_articles(rule: Rule, lexicon: Lexicon) -> bool:
    query = (rule.query,) if rule.query is not None else ()
    return _BODY in rule.search_in or any(_of_body((*rule.all, *rule.any, *query), lexicon, set()))


def _of_body(items: Iterable[Item], lexicon: Lexicon, met: set[str]) -> Iterator[bool]:
    """`met`: the groups that were walked through already."""
    for item in items:
        match item:
            case InField():
                yield item.field == _BODY
                yield from _of_body((item.item,), lexicon, met)
            case AnyOf() | AllOf():
                yield from _of_body(item.items, lexicon, met)
            case Without():
                yield from _of_body((item.item,), lexicon, met)
            case OfGroup():
                for group in [each for each in item.ids if each not in met]:
                    met.add(group)
                    yield from _of_body(lexicon.groups[group].items, lexicon, met)
            case OfEvent():
                for event in item.ids:
                    yield from _of_body(lexicon.events[event].items, lexicon, met)
            case _:
                pass
