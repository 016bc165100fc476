"""Which documents a rule looks at at all: told as the reasons why it does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from monitor.language import Rule
from monitor.model import Feed


def reasons_to_skip(rule: Rule, *, feed: Feed | None, language: str, today: date | None) -> Iterator[str]:
    """None at all if the rule looks.

    Without a feed (`monitor match`) its filter is not applied; without a day, no rule has expired. `language` is
    what the text seems to be in, '' if there is no telling.
    """
    if not rule.enabled:
        yield "it is switched off (enabled: false)"
    if today is not None and rule.expires is not None and today > rule.expires:
        yield f"it expired: its last day was {rule.expires.isoformat()}"
    if feed is not None and not _of_its_feeds(rule, feed):
        yield f"it looks at other feeds ({', '.join(rule.feeds)}), not at {feed.id}"
    if not _in_its_languages(rule, feed, language):
        yield f"it looks at other languages ({', '.join(rule.languages)}), not at {language or 'this one'}"


def _of_its_feeds(rule: Rule, feed: Feed) -> bool:
    names = {feed.id, *(f"tag:{tag}" for tag in feed.tags)}
    return not rule.feeds or not names.isdisjoint(rule.feeds)


def _in_its_languages(rule: Rule, feed: Feed | None, language: str) -> bool:
    """What the text seems to be in counts, and what the feed declares: a headline is short for guessing.

    Where neither is known the rule looks, for it cannot be told that it should not.
    """
    declared = feed.languages if feed is not None else ()
    seen = _primary((language, *declared))
    return not rule.languages or not seen or not seen.isdisjoint(_primary(rule.languages))


def _primary(languages: Iterable[str]) -> frozenset[str]:
    """The first subtags (RFC 5646): 'ar' of 'ar-SY'."""
    return frozenset(language.lower().replace("_", "-").split("-")[0] for language in languages if language)
