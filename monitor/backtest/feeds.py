"""The feed that an entry of the past is taken to be of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from monitor.language import Newsroom
from monitor.lexicon.hosts import host_in
from monitor.lexicon.newsrooms import Hosts
from monitor.model import Feed, Secret


class Feeds(dict[str, Feed]):
    """By id those of a configuration; for any other name, asked by `[]`, one that stands for it: of the newsroom that
    has this id or host, or of one by itself."""

    def __init__(self, feeds: Sequence[Feed], newsrooms: Mapping[str, Newsroom]) -> None:
        super().__init__((feed.id, feed) for feed in feeds)
        self._newsrooms, self._hosts = newsrooms, Hosts(newsrooms.values())

    def __missing__(self, feed_id: str) -> Feed:
        feed = Feed(
            id=feed_id,
            url=Secret(""),
            address="",
            name=feed_id,
            source=self._newsroom(feed_id),
            every=timedelta(minutes=5),
        )
        self[feed_id] = feed
        return feed

    def _newsroom(self, name: str) -> str:
        if name in self._newsrooms:
            return name
        host = host_in(f"https://{name}")
        return (self._hosts.newsroom(host) if host else None) or name
