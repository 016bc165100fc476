"""What things are called in a reader's language: rules, places, classes of event, newsrooms and feeds by id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from monitor.alerts.clean import flat
from monitor.alerts.content import rule_title
from monitor.alerts.words import Language
from monitor.config import Config
from monitor.lexicon.tree import around
from monitor.web.group_names import group_name


class Names:
    """What has no name by now, for it was removed from the rules, is called by its id."""

    def __init__(self, config: Config, language: Language) -> None:
        self._language, self._lexicon = language, config.lexicon
        self._rules = {rule.id: rule_title(rule.title, language) or rule.id for rule in config.rules}
        self._feeds = {feed.id: flat(feed.name) for feed in config.feeds}
        shared = Counter(feed.source for feed in config.feeds)
        self._alone = {feed.source: flat(feed.name) for feed in config.feeds if shared[feed.source] == 1}

    @property
    def rules(self) -> Sequence[str]:
        """Ids of those in force."""
        return tuple(self._rules)

    def rule(self, rule_id: str) -> str:
        return self._rules.get(rule_id, rule_id)

    def place(self, place_id: str) -> str:
        place = self._lexicon.places.get(place_id)
        return self._of(place.name, place_id) if place else place_id

    def around(self, place_id: str) -> tuple[str, ...]:
        places = self._lexicon.places
        place = places.get(place_id)
        return tuple(each.id for each in around(place, places)) if place else ()

    def event(self, event_id: str) -> str:
        event = self._lexicon.events.get(event_id)
        return self._of(event.title, event_id) if event else event_id

    def group(self, group_id: str) -> str:
        return group_name(group_id, self._lexicon, self._language)

    def source(self, source_id: str) -> str:
        """A feed, or else a newsroom; one that is not known by name is called as its only feed is."""
        if source_id in self._feeds:
            return self._feeds[source_id] or source_id
        if source_id in self._lexicon.newsrooms:
            return self.newsroom(source_id)
        return self._alone.get(source_id) or source_id

    def newsroom(self, newsroom_id: str) -> str:
        newsroom = self._lexicon.newsrooms.get(newsroom_id)
        return self._of(newsroom.name, newsroom_id) if newsroom else newsroom_id

    def called(self, name: Mapping[str, str], otherwise: str) -> str:
        return self._of(name, otherwise)

    def _of(self, name: Mapping[str, str], otherwise: str) -> str:
        for language in (self._language, "", "en", "ar", *name):
            if told := flat(name.get(language, "")):
                return told
        return otherwise
