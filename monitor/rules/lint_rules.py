"""Weak spots of rules as a whole, and of what stands beside them in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from monitor import lexicon as shipped
from monitor.language import Item, Lexicon, Regex, Rule
from monitor.model import Feed
from monitor.rules.atoms import atoms
from monitor.rules.items import InPlace, OfGroup, walk
from monitor.rules.linted import Linted, asking, pairs, written_rules
from monitor.rules.names import CONSOLE
from monitor.rules.problems import Report, shown
from monitor.rules.written import RulesFile
from monitor.rules.written_rule import WrittenRule

# The letters of the languages that monitor knows something of; of others it says nothing.
_SCRIPTS: Mapping[str, str] = {
    **dict.fromkeys(("ar", "fa", "ur", "ckb", "ps", "ug"), "Arabic"),
    **dict.fromkeys(("he", "yi"), "Hebrew"),
    **dict.fromkeys(("ru", "uk", "bg", "be", "mk"), "Cyrillic"),
    **dict.fromkeys(("en", "tr", "fr", "de", "es", "it", "pt", "nl", "sv", "pl", "ku", "kmr", "az"), "Latin"),
}
_FIRST_LETTERS = (("Arabic", "\u0600", "\u08ff"), ("Hebrew", "\u0590", "\u05ff"), ("Cyrillic", "\u0400", "\u04ff"))


def check_rules(config: Linted, today: date | None, report: Report) -> None:
    for written in written_rules(config):
        _tests(written, report)
        _place_alone(written, report)
        _near(written, report)
        _asleep(written, today, report)
    for written, rule in pairs(config):
        _languages_of_words(written, rule, config.lexicon, report)
        _languages_of_feeds(written, rule, config.feeds, report)
    _unused_groups(config.written, report)
    _unused_channels(config, report)
    _changed_places(config.written, report)


def _tests(rule: WrittenRule, report: Report) -> None:
    if rule.kind == "silence" and not (rule.all or rule.any or rule.query or rule.killed or rule.wounded):
        return  # of whole feeds: no text can match it
    if not rule.tests:
        remedy = "add 'tests:' with a headline that it must match and one that it must not"
        report.warning(rule.id.at, "R401", f"the rule '{rule.id}' has no tests", remedy)
    elif not any(test.match for test in rule.tests):
        what = f"the rule '{rule.id}' has no test that it must match"
        report.warning(rule.id.at, "R401", what, "add '- match: …': a rule that matches nothing passes all others")


def _place_alone(rule: WrittenRule, report: Report) -> None:
    query = rule.query.inner() if rule.query else ()
    found = [item for item in walk([*(rule.all or ()), *(rule.any or ()), *query]) if not item.inner()]
    if found and all(isinstance(item, InPlace) for item in found):
        what = f"the rule '{rule.id}' matches all news of a place: weather, sport and culture, too"
        report.warning(rule.id.at, "R407", what, "add what must happen there, e.g. - event: clash")


def _near(rule: WrittenRule, report: Report) -> None:
    if rule.near is not None and rule.near != "title" and len(rule.all or ()) < 2:
        what = f"'near' has nothing to bind in the rule '{rule.id}': there are not two items under 'all'"
        report.warning(rule.id.at, "R409", what, "put the words that must stand close together under 'all'")


def _asleep(rule: WrittenRule, today: date | None, report: Report) -> None:
    if not rule.enabled:
        report.warning(rule.id.at, "R408", f"the rule '{rule.id}' is switched off", "remove 'enabled: false' to use it")
    elif rule.expires and today and rule.expires < today:
        what = f"the rule '{rule.id}' has looked at nothing since {rule.expires}"
        report.warning(rule.id.at, "R408", what, "give it a later day under 'expires', or remove the rule")


def _languages_of_words(written: WrittenRule, rule: Rule, lexicon: Lexicon, report: Report) -> None:
    """An item under `all`, or the whole of `any`, that no language of the rule could be written with."""
    wanted = {_SCRIPTS.get(language.split("-")[0], "") for language in rule.languages}
    if not wanted or "" in wanted:
        return
    needed = [(str(_first(item, lexicon)), [item]) for item in rule.all]
    needed += [(str(_first(rule.any[0], lexicon)), list(rule.any))] if rule.any else []
    for example, items in needed:
        scripts = set(_scripts(items, lexicon))
        if scripts and scripts.isdisjoint(wanted):
            languages = ", ".join(rule.languages)
            what = f"no text in {languages} has «{shown(example)}», which the rule '{rule.id}' asks for"
            remedy = "add the words of those languages, or take the right ones under 'languages'"
            report.warning(written.id.at, "R424", what, remedy)


def _first(item: Item, lexicon: Lexicon) -> str:
    return next((atom.text for atom in atoms(item, lexicon)), "")


def _scripts(items: Sequence[Item], lexicon: Lexicon) -> Iterator[str]:
    """Of every search text; a regular expression or a number may stand in any language."""
    for item in items:
        if isinstance(item, Regex):
            yield from _SCRIPTS.values()
        for atom in atoms(item, lexicon):
            letter = next((char for char in atom.text if char.isalpha()), "")
            scripts = (script for script, first, last in _FIRST_LETTERS if first <= letter <= last)
            yield from (next(scripts, "Latin"),) if letter else _SCRIPTS.values()


def _languages_of_feeds(written: WrittenRule, rule: Rule, feeds: Sequence[Feed], report: Report) -> None:
    named = [feed for feed in feeds if not {feed.id, *(f"tag:{tag}" for tag in feed.tags)}.isdisjoint(rule.feeds)]
    if not rule.languages or not named or not all(feed.languages for feed in named):
        return
    told = {language.split("-")[0] for feed in named for language in feed.languages}
    if told.isdisjoint(language.split("-")[0] for language in rule.languages):
        what = f"the rule '{rule.id}' looks at texts in {', '.join(rule.languages)}, and its feeds are in "
        remedy = "name other feeds or languages; without 'languages' it looks at texts in any"
        report.warning(written.id.at, "R425", what + ", ".join(sorted(told)), remedy)


def _unused_groups(files: Sequence[RulesFile], report: Report) -> None:
    used = {
        str(name) for box in asking(files) for item in walk(box) if isinstance(item, OfGroup) for name in item.group
    }
    for key in (key for file in files for key in file.groups if key not in used):
        report.warning(key.at, "R412", f"no rule uses the group '{key}'", f"write '- group: {key}', or remove it")


def _unused_channels(config: Linted, report: Report) -> None:
    used = {name for rule in config.rules for name in rule.notify}
    used |= {channel.fallback for channel in config.channels if channel.fallback is not None}
    there = {channel.id for channel in config.channels if not channel.operations}
    for key in (key for file in config.written for key in file.channels):
        if key in there and key not in used and key != CONSOLE:
            remedy = f"add 'notify: [{key}]' to a rule or under 'defaults'"
            report.warning(key.at, "R410", f"no rule tells the channel '{key}'", remedy)


def _changed_places(files: Sequence[RulesFile], report: Report) -> None:
    known: Mapping[str, object] = shipped.load().places
    for file in files:
        for key, place in file.places.items():
            if key in known and place.terms:
                what = f"'{key}' is a shipped place; its shipped spellings are replaced by yours"
                report.warning(key.at, "R413", what, "check that all spellings you need are in the list")
