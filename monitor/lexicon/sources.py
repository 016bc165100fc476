"""Whose the feeds are: feeds by newsroom, newsrooms by owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.language import Newsroom
from monitor.lexicon.hosts import host_in, shared_by_path
from monitor.model import Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A newsroom with its feeds. `name` is '' where nobody knows it; it is then its own owner."""

    owner: str
    newsroom: str
    name: str
    feeds: tuple[Feed, ...]

    @property
    def gathers(self) -> bool:
        """Whether its entries come from many newsrooms, and each is told by its own link or heading."""
        return not self.name and any(shared_by_path(host_in(feed.address)) for feed in self.feeds)


def sources_of(feeds: Sequence[Feed], newsrooms: Mapping[str, Newsroom]) -> tuple[Source, ...]:
    """By owner, then by newsroom."""
    by_newsroom: dict[str, list[Feed]] = {}
    for feed in feeds:
        by_newsroom.setdefault(feed.source, []).append(feed)
    found = [_source(newsroom, tuple(own), newsrooms.get(newsroom)) for newsroom, own in by_newsroom.items()]
    return tuple(sorted(found, key=lambda source: (source.owner, source.newsroom)))


def _source(newsroom: str, feeds: tuple[Feed, ...], known: Newsroom | None) -> Source:
    owner, name = (known.owner, known.name.get("en") or known.id) if known else (newsroom, "")
    return Source(owner=owner, newsroom=newsroom, name=name, feeds=feeds)
