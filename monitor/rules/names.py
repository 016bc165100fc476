"""Every name that files give and rules use: gathered from the raw data, so that a rule's unknown place is told together
with all else that is wrong, also where the place's own block is broken."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationInfo

from monitor.language import Lexicon
from monitor.lexicon.newsrooms import Hosts
from monitor.rules import values
from monitor.rules.addresses import derived_id
from monitor.rules.event_words import events_called
from monitor.rules.nodes import Block, Node, Scalar, Series
from monitor.rules.problems import Refused, Report, shown
from monitor.rules.yaml_source import Source

CONSOLE = "console"
_NEARLY = 0.85  # of difflib: hawarr is meant to be hawar; deirezzor25 may well be another than deirezzor24
_COMMA = re.compile("[،,؛;]")


@dataclass(slots=True)
class Names:
    """What may be named. `channels` None: channels are not looked at, and any name will do."""

    lexicon: Lexicon
    report: Report
    places: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    feeds: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    newsrooms: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    rule_tags: set[str] = field(default_factory=set)
    channels: set[str] | None = field(default_factory=lambda: {CONSOLE})
    operations: set[str] = field(default_factory=set)
    partial: bool = False  # a file could not be read: a name that is not here may stand there
    spellings: dict[str, str] | None = None
    credits: dict[str, str] | None = None

    def place_called(self, name: str) -> str:
        """The id of the place that is spelled so, or ''."""
        if self.spellings is None:
            known = self.lexicon.places.values()
            self.spellings = {
                values.plain_words(term): place.id for place in known for term in (*place.guarded, *place.terms)
            }
        return self.spellings.get(values.plain_words(name), "")

    def newsroom_called(self, name: str) -> str:
        """The id of the shipped newsroom that is named or credited so, or ''."""
        if self.credits is None:
            known = self.lexicon.newsrooms.values()
            self.credits = {values.plain_words(term): n.id for n in known for term in (*n.credits, *n.name.values())}
        return self.credits.get(values.plain_words(name), "")


def gather(sources: Sequence[Source], lexicon: Lexicon, report: Report, *, channels: bool) -> Names:
    """The names of all files together; tells ids and addresses that stand twice."""
    names = Names(lexicon, report, partial=report.failed_to_read)
    names.places |= lexicon.places.keys() | set(_unique(_keys(sources, "places"), "place", report))
    names.groups |= lexicon.groups.keys() | set(_unique(_keys(sources, "groups"), "group", report))
    names.events |= lexicon.events.keys()
    names.newsrooms |= lexicon.newsrooms.keys() | set(_unique(_keys(sources, "sources"), "source", report))
    _unique(_written_hosts(sources), "host", report, shown_as="host")
    names.channels = (
        names.channels | set(_unique(_keys(sources, "channels"), "channel", report))
        if names.channels and channels
        else None
    )
    names.operations |= {str(key) for key, block in blocks(sources, "channels") if block.get("for") == "operations"}
    feeds = list(entries(sources, "feeds"))
    names.feeds |= _feed_ids(feeds, report)
    names.tags |= {str(tag) for feed in feeds for tag in _scalars(feed.get("tags"))}
    rules = list(entries(sources, "rules"))
    names.rules |= set(_unique((id_ for rule in rules if isinstance(id_ := rule.get("id"), Scalar)), "rule", report))
    names.rule_tags |= {str(tag) for rule in rules for tag in _scalars(rule.get("tags"))}
    return names


def _feed_ids(feeds: Sequence[Block], report: Report) -> set[str]:
    """Tells an address that stands twice, and else an id that does."""
    addresses = [url for feed in feeds if isinstance(url := feed.get("url"), Scalar)]
    first = {id(url) for url in _unique(addresses, "feed address", report, shown_as="written").values()}
    once = [feed for feed in feeds if id(feed.get("url")) in first or not isinstance(feed.get("url"), Scalar)]
    return set(_unique(filter(None, map(_feed_id, once)), "feed", report))


def _feed_id(feed: Block) -> Scalar | None:
    """The id that is written, or the one made from the address, at the address's place."""
    written = feed.get("id")
    if isinstance(written, Scalar):
        return written
    url = feed.get("url")
    return Scalar.make(derived_id(url.written), url.at) if isinstance(url, Scalar) and not url.nothing else None


def _unique(found: Iterable[Scalar], kind: str, report: Report, *, shown_as: str = "id") -> dict[str, Scalar]:
    first: dict[str, Scalar] = {}
    for name in found:
        known = first.setdefault(str(name.written), name)
        if known is not name and not name.nothing:
            report.error(name.at, "R308", *_twice(name, known, kind, shown_as))
    return first


def _twice(name: Scalar, known: Scalar, kind: str, shown_as: str) -> tuple[str, str]:
    where = f"line {known.at.line}" if known.at.file == name.at.file else f"{known.at.file}, line {known.at.line}"
    if shown_as == "written":
        return f"this {kind} stands twice (first on {where})", "remove one of the two feeds"
    if shown_as == "host":
        return f"the host '{shown(name)}' stands twice under 'sources' (first on {where})", "leave it to one of the two"
    remedy = "give it an id of its own, with 'id:'" if kind in ("feed", "rule") else "give it another id"
    return f"the {kind} id '{shown(name)}' is used twice (first on {where})", remedy


def _keys(sources: Sequence[Source], section: str) -> Iterator[Scalar]:
    return (key for key, _ in members(sources, section))


def blocks(sources: Sequence[Source], section: str) -> Iterator[tuple[Scalar, Block]]:
    return ((key, value) for key, value in members(sources, section) if isinstance(value, Block))


def members(sources: Sequence[Source], section: str) -> Iterator[tuple[Scalar, Node]]:
    for source in sources:
        block = source.data.get(section)
        if isinstance(block, Block):
            yield from ((key, value) for key, value in block.items() if isinstance(key, Scalar))


def entries(sources: Sequence[Source], section: str) -> Iterator[Block]:
    for source in sources:
        series = source.data.get(section)
        if isinstance(series, Series):
            yield from (entry for entry in series if isinstance(entry, Block))


def _written_hosts(sources: Sequence[Source]) -> Iterator[Scalar]:
    return (host for _, source in blocks(sources, "sources") for host in _scalars(source.get("hosts")))


def _scalars(node: Node) -> Sequence[Scalar]:
    if isinstance(node, Scalar):
        return (node,)
    return [one for one in node if isinstance(one, Scalar)] if isinstance(node, Series) else ()


# --- looking names up while a file is validated ---------------------------------------------------

Check = Callable[[Scalar, Names], None]


def looked_up(check: Check) -> Callable[[object, ValidationInfo], Scalar]:
    """A validator that asks the names given as context; without any (a single model in a test), every name will do."""

    def validate(written: object, info: ValidationInfo) -> Scalar:
        name = values.text(written)
        if isinstance(info.context, Names) and not name.unset:
            check(name, info.context)
        return name

    return validate


def check_place(name: Scalar, names: Names) -> None:
    if name in names.places or names.partial:
        return
    called = names.place_called(name)
    several = _several(name, names.places)
    if several:
        raise Refused("R305", f"there is no place '{shown(name.written)}'", several)
    otherwise = "'monitor places search' finds ids by any name; or add your own under 'places'"
    close = names.report.suggest(name, names.places, "")
    remedy = f"did you mean '{called}'?" if called else f"{close} If not, add it under 'places'" if close else otherwise
    raise Refused("R305", f"there is no place '{shown(name.written)}'", remedy)


def check_group(name: Scalar, names: Names) -> None:
    if name in names.groups:
        return
    if name in names.events and not names.partial:
        raise Refused("R306", f"there is no group '{shown(name)}'", f"it is a shipped event: write event: {name}")
    if names.partial:
        return
    remedy = names.report.suggest(name, names.groups, "add it under 'groups'")
    raise Refused("R306", f"there is no group '{shown(name.written)}'", remedy)


def check_event(name: Scalar, names: Names) -> None:
    if name in names.events:
        return
    if name in names.groups:
        raise Refused("R312", f"there is no event '{shown(name)}'", f"it is a group: write group: {name}")
    otherwise = f"events are: {', '.join(sorted(names.events))}"
    remedy = _several(name, names.events) or names.report.suggest(
        name, names.events, otherwise, called=lambda word: events_called(word, names.lexicon.events)
    )
    raise Refused("R312", f"there is no event '{shown(name.written)}'", remedy)


def _several(name: Scalar, known: Container[str]) -> str:
    """A remedy where names that are known stand in one text, with commas between them; else ''."""
    parts = [part.strip() for part in _COMMA.split(name)]
    return f"several are a list: [{', '.join(parts)}]" if len(parts) > 1 and all(p in known for p in parts) else ""


def check_channel(name: Scalar, names: Names) -> None:
    if names.channels is None:
        return
    if name not in names.channels:
        if names.partial:
            return
        remedy = names.report.suggest(name, names.channels, "add it under 'channels', or use 'console'")
        raise Refused("R310", f"there is no channel '{shown(name.written)}'", remedy)
    if name in names.operations:
        what = f"the channel '{shown(name)}' takes the monitor's own trouble, no alerts"
        raise Refused("R318", what, "name another channel, or remove 'for: operations' from it")


def warn_of_near_source(name: Scalar, names: Names) -> None:
    """Any name is a newsroom; one that is nearly a known one is most likely meant to be that."""
    if name in names.newsrooms or names.partial or Hosts(names.lexicon.newsrooms.values()).newsroom(name):
        return
    close = difflib.get_close_matches(name[:80].casefold(), names.newsrooms, n=1, cutoff=_NEARLY)
    meant = names.newsroom_called(name) or "".join(close)
    if meant:
        what = f"'{shown(name.written)}' is nearly the newsroom '{meant}', and counts as another voice"
        names.report.warning(name.at, "R325", what, f"write source: {meant}, or add yours under 'sources'")


def check_feed(name: Scalar, names: Names) -> None:
    if names.partial:
        return
    if name.startswith("tag:"):
        tag = name.removeprefix("tag:").strip()
        if tag not in names.tags:
            remedy = names.report.suggest(tag, names.tags, "add it under the 'tags' of a feed")
            raise Refused("R311", f"no feed has the tag '{shown(tag)}'", remedy)
    elif name not in names.feeds:
        if name in names.tags:
            raise Refused("R311", f"there is no feed '{shown(name)}'", f"it is a tag: write tag:{name}")
        remedy = names.report.suggest(name, names.feeds, "feeds are named by their id; 'monitor feeds list' shows them")
        raise Refused("R311", f"there is no feed '{shown(name.written)}'", remedy)


def check_rule(name: Scalar, names: Names) -> None:
    if names.partial:
        return
    if name.startswith("tag:"):
        tag = name.removeprefix("tag:").strip()
        if tag not in names.rule_tags:
            remedy = names.report.suggest(tag, names.rule_tags, "add it under the 'tags' of a rule")
            raise Refused("R326", f"no rule has the tag '{shown(tag)}'", remedy)
    elif name not in names.rules:
        if name in names.rule_tags:
            raise Refused("R326", f"there is no rule '{shown(name)}'", f"it is a tag: write tag:{name}")
        remedy = names.report.suggest(name, names.rules, "rules are named by their id")
        raise Refused("R326", f"there is no rule '{shown(name.written)}'", remedy)
