"""From files as data to what they say: feeds, channels, rules and the words they may use. Pure: what a `${…}` stands
for is asked of the caller."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from monitor.language import Lexicon, Location, Rule
from monitor.lexicon.newsrooms import Hosts
from monitor.model import Access, Beacon, Channel, Feed
from monitor.rules import build
from monitor.rules.build import Language, Standard
from monitor.rules.circles import refuse_circles, refuse_circles_of_channels, refuse_circles_of_rules
from monitor.rules.filling import LeftOut, fill_in, passed_over
from monitor.rules.full_texts import refuse_unreadable_articles
from monitor.rules.judge import judge
from monitor.rules.kinds import refuse_mixed_kinds
from monitor.rules.literal_names import warn_of_names_as_words
from monitor.rules.names import CONSOLE, gather
from monitor.rules.nodes import Scalar
from monitor.rules.overall import (
    refuse_console_address,
    refuse_fallbacks_of_operations,
    refuse_nameless_places,
    refuse_nothing_to_find,
)
from monitor.rules.problems import Report
from monitor.rules.scores import refuse_idle_scores
from monitor.rules.secrets import Lookup
from monitor.rules.written import RulesFile
from monitor.rules.yaml_source import Source


@dataclass(frozen=True, slots=True)
class Part:
    """One file among those that make a configuration. `within` names the file that includes it."""

    source: Source
    within: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset:
    """What all files say together. `written` are the files as their authors wrote them, for `lint`."""

    timezone: ZoneInfo
    language: Language
    feeds: tuple[Feed, ...]
    channels: tuple[Channel, ...]  # the console first
    beacon: Beacon | None
    web: str | None  # where people reach us, without a '/' at its end
    access: Access
    templates: tuple[tuple[str, Scalar], ...]  # a format and the file of its template, as written
    rules: tuple[Rule, ...]
    lexicon: Lexicon
    written: tuple[RulesFile, ...] = field(repr=False, compare=False)


def read(parts: Sequence[Part], shipped: Lexicon, lookup: Lookup | None, report: Report) -> Ruleset | None:
    """The configuration, or None when any error was told. The first part is the main file.

    Without a `lookup` rules alone are looked at: channels are passed over, and the ruleset has no feeds.
    """
    sources, left_out = _filled([part.source for part in parts], lookup, report)
    names = gather(sources, shipped, report, channels=lookup is not None)
    judged = [judge(source, names, report) for source in sources]
    files = [file for file in judged if file is not None]
    if not names.partial:
        _refuse_no_rules(sources, report)
    _refuse_main_settings(sources[1:], report)
    refuse_nothing_to_find(sources, report)
    refuse_circles(sources, shipped, report)
    refuse_circles_of_channels(sources, report)
    refuse_circles_of_rules(sources, report)
    refuse_mixed_kinds(sources, report)
    refuse_console_address(sources, report)
    refuse_fallbacks_of_operations(sources, report)
    refuse_nameless_places(sources, shipped, report)
    refuse_idle_scores(sources, report)
    refuse_unreadable_articles(sources, report)
    warn_of_names_as_words(sources, names, report)
    if report.failed or len(files) < len(judged):
        return None
    return _assemble(parts, files, shipped, left_out if lookup is not None else None, report)


def _filled(sources: Sequence[Source], lookup: Lookup | None, report: Report) -> tuple[list[Source], LeftOut]:
    if lookup is None:
        return [passed_over(source) for source in sources], frozenset()
    filled = [fill_in(source, lookup, report) for source in sources]
    return [source for source, _ in filled], frozenset().union(*(left_out for _, left_out in filled))


def _refuse_no_rules(sources: Sequence[Source], report: Report) -> None:
    def holds_none(section: object) -> bool:
        return not section or (isinstance(section, Scalar) and section.nothing)

    if all(holds_none(source.data.get("rules")) for source in sources):
        main = sources[0].data
        at = main.key_at("rules")
        report.error(
            at, "R208", "there are no rules", "write at least one rule under 'rules:', or include a file with some"
        )


def _refuse_main_settings(included: Sequence[Source], report: Report) -> None:
    for source in included:
        for key in ("timezone", "language", "heartbeat", "web", "templates"):
            if key in source.data:
                what = f"'{key}' belongs into the main file, not into one that is included"
                report.error(source.data.key_at(key), "R209", what, "move it there")


# --- putting together -----------------------------------------------------------------------------


def _assemble(
    parts: Sequence[Part], files: Sequence[RulesFile], shipped: Lexicon, left_out: LeftOut | None, report: Report
) -> Ruleset:
    main = files[0]
    language: Language = main.language or "both"  # type: ignore[assignment]
    standards = _standards(parts, files)
    lexicon = _lexicon(files, shipped)
    feeds = list(_feeds(files, standards, left_out, lexicon)) if left_out is not None else []
    rules = tuple(
        build.rule(rule, standard) for file, standard in zip(files, standards, strict=True) for rule in file.rules
    )
    if left_out:
        _warn_of_rules_without_feeds(rules, feeds, report)
    return Ruleset(
        timezone=main.timezone or ZoneInfo("UTC"),
        language=language,
        feeds=tuple(feeds),
        channels=_channels(files, language, left_out or frozenset()),
        beacon=build.beacon(main.heartbeat) if main.heartbeat is not None else None,
        web=build.web(main.web) if main.web is not None else None,
        access=build.access(main.web) if main.web is not None else Access(),
        templates=build.templates(main.templates) if main.templates is not None else (),
        rules=rules,
        lexicon=lexicon,
        written=tuple(files),
    )


def _standards(parts: Sequence[Part], files: Sequence[RulesFile]) -> list[Standard]:
    """Each file's defaults over those of the file that includes it."""
    known: dict[str, Standard] = {"": Standard()}
    for part, file in zip(parts, files, strict=True):
        known[part.source.file] = known[part.within].changed_by(file.defaults)
    return [known[part.source.file] for part in parts]


def _feeds(
    files: Sequence[RulesFile], standards: Sequence[Standard], left_out: LeftOut, lexicon: Lexicon
) -> Iterator[Feed]:
    newsrooms = lexicon.newsrooms
    hosts = Hosts(newsrooms.values())
    for file, standard in zip(files, standards, strict=True):
        yield from (build.feed(feed, standard, newsrooms, hosts) for feed in file.feeds if feed.at not in left_out)


def _channels(files: Sequence[RulesFile], language: Language, left_out: LeftOut) -> tuple[Channel, ...]:
    console = Channel(id=CONSOLE, url=None, language=language)
    written = {
        str(key): build.channel(str(key), channel, language)
        for file in files
        for key, channel in file.channels.items()
        if channel.at not in left_out
    }
    return tuple(({CONSOLE: console} | written).values())


def _lexicon(files: Sequence[RulesFile], shipped: Lexicon) -> Lexicon:
    places = {
        str(key): build.place(str(key), place, shipped.places.get(str(key)), _at(key))
        for file in files
        for key, place in file.places.items()
    }
    newsrooms = {
        str(key): build.newsroom(str(key), source, shipped.newsrooms.get(str(key)), _at(key))
        for file in files
        for key, source in file.sources.items()
    }
    groups = {str(key): build.group(str(key), items, _at(key)) for file in files for key, items in file.groups.items()}
    return replace(
        shipped,
        places={**shipped.places, **places},
        groups={**shipped.groups, **groups},
        newsrooms={**shipped.newsrooms, **newsrooms},
    )


def _at(key: Scalar) -> Location:
    return key.at


def _warn_of_rules_without_feeds(rules: Sequence[Rule], feeds: Sequence[Feed], report: Report) -> None:
    known = {feed.id for feed in feeds} | {f"tag:{tag}" for feed in feeds for tag in feed.tags}
    for rule in rules:
        if rule.feeds and not known.intersection(rule.feeds):
            what = f"the rule '{rule.id}' looks at nothing: all its feeds are left out"
            report.warning(rule.at, "R317", what, "give their ${…} a value, or name other feeds")
