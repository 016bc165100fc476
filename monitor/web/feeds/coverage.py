"""What the feeds cover: newsrooms and their owners, languages, places that alerts told of, rules that look at none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from monitor.alerts.words import Language
from monitor.config import Config
from monitor.language import Rule
from monitor.lexicon.sources import Source, sources_of
from monitor.model import Feed
from monitor.rules.filters import reasons_to_skip
from monitor.web.names import Names

MOST_PLACES: Final = 30


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    alerts: int
    feeds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """`voices`: owners, each of whom counts once. `languages`: a code ('' where a feed declares none) and how many
    feeds. `blind`: rules that are on and look at no feed."""

    sources: tuple[Source, ...]
    voices: int
    languages: tuple[tuple[str, int], ...]
    places: tuple[Place, ...]
    blind: tuple[Rule, ...]


def coverage(config: Config, places: Sequence[tuple[str, int, int]], *, language: Language, today: date) -> Coverage:
    """`places`: as `store.views.feeds.places` tells them."""
    sources = sources_of(config.feeds, config.lexicon.newsrooms)
    declared = Counter(code for feed in config.feeds for code in (feed.languages or ("",)))
    names = Names(config, language)
    return Coverage(
        sources=sources,
        voices=len({source.owner for source in sources}),
        languages=tuple(declared.most_common()),
        places=tuple(Place(names.place(place), alerts, feeds) for place, alerts, feeds in places[:MOST_PLACES]),
        blind=tuple(rule for rule in config.rules if _looks_at_none(rule, config.feeds, today)),
    )


def _looks_at_none(rule: Rule, feeds: Sequence[Feed], today: date) -> bool:
    """What is switched off or has expired is meant to see nothing."""
    if not rule.enabled or (rule.expires is not None and today > rule.expires):
        return False
    return all(any(reasons_to_skip(rule, feed=feed, language="", today=today)) for feed in feeds)
