"""Whose word a report is: the newsroom that published it, and the agency that it has it from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from monitor.language import Newsroom
from monitor.lexicon.hosts import host_in, registered, shared_by_path
from monitor.lexicon.newsrooms import UNNAMED, Hosts
from monitor.model import Entry, Feed, Origin
from monitor.stories.credit import credited
from monitor.stories.mentions import Spellings
from monitor.text.document import Document

_PUBLISHER = re.compile(r".*\s[-–—|]\s+(?P<name>[^-–—|]+?)\s*", re.DOTALL)


class Origins:
    """Reads origins. Made once for a set of newsrooms; a report costs as much as reading some two hundred words."""

    def __init__(self, newsrooms: Mapping[str, Newsroom]) -> None:
        self._newsrooms = newsrooms
        self._hosts = Hosts(newsrooms.values())
        self._spellings = Spellings(newsrooms.values())
        self._agencies = frozenset(newsroom.id for newsroom in newsrooms.values() if newsroom.agency)

    def of(self, feed: Feed, document: Document) -> Origin:
        """`owner` is the credited newsroom's where there is one, for the report is that one's word."""
        newsroom = self._newsroom(feed, document.entry)
        source = self._credited(newsroom, document)
        return Origin(newsroom=newsroom, owner=self._owner(source or newsroom), credited=source)

    def _owner(self, newsroom: str) -> str:
        known = self._newsrooms.get(newsroom)
        return known.owner if known else newsroom

    def _newsroom(self, feed: Feed, entry: Entry) -> str:
        """The feed's own. Of a feed that gathers what others publish, the entry's, as far as that can be told."""
        own, linked = host_in(feed.address), host_in(entry.link or "")
        gathered = shared_by_path(own) and feed.source.startswith(re.sub(r"[^a-z0-9]+", "-", own))
        if feed.source in self._newsrooms or not gathered:
            return feed.source  # wherever its links lead: else one feed could speak for as many as it links to
        return (
            self._hosts.newsroom(linked)
            or self._published_by(entry)
            or (feed.source if shared_by_path(linked) else registered(linked) or feed.source)
        )

    def _published_by(self, entry: Entry) -> str | None:
        """The newsroom that a collection of news names behind the headline, or as the author."""
        named = _PUBLISHER.fullmatch(entry.title)
        found = self._spellings.whole(named["name"]) if named else None
        return found or self._spellings.whole(entry.author)

    def _credited(self, newsroom: str, document: Document) -> str | None:
        found = credited(document, self._spellings, self._agencies)
        if found.stated:
            return _one_of(found.stated, newsroom)
        return None if found.quoted[:1] == (newsroom,) else _one_of(found.quoted, newsroom)


def _one_of(named: Sequence[str], newsroom: str) -> str | None:
    """The first that is named besides the newsroom itself. Agencies without a name are nobody beside its own name."""
    others = [each for each in named if each != newsroom]
    known = [each for each in others if each != UNNAMED]
    if known:
        return known[0]
    return UNNAMED if others and newsroom not in named else None
