"""What a changed rules file means for a process that runs: may it be taken over, and what must people hear of it?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from monitor.config import Config
from monitor.model import Feed
from monitor.ports import Sender

if TYPE_CHECKING:
    from monitor.rules.inline_tests import TestResult

Notice = tuple[str, str, str]  # the trouble's key, a title, the text


def objections(old: Config, new: Config) -> str:
    """Why the new file must not replace the old one, a line each; '' if it may."""
    if old.feeds and not new.feeds:
        return f"{new.path} has no feeds any more: nothing would be watched. To stop watching, stop monitor."
    return failed_tests(new)


def failed_tests(config: Config) -> str:
    """The rules' own tests that fail, a line each; '' if none does."""
    from monitor.rules.inline_tests import run_tests

    failed = (result for result in run_tests(config.rules, config.lexicon) if not result.passed)
    return "\n".join(map(_told, failed))


def weak_spots(config: Config, sender: Sender) -> Iterator[Notice]:
    """What is in force but will not do what its author means. Asks the sender about each channel's address."""
    failed = failed_tests(config)
    if failed:
        yield "tests", "Rules in force fail their own tests ('monitor test' explains)", failed
    if config.warnings:
        yield "warnings", "The rules in force have warnings", "\n".join(map(str, config.warnings))
    for channel in config.channels:
        why = sender.problem(channel)
        if why:
            yield f"channel {channel.id}", f"Channel {channel.id} cannot be used", why


def asked_anew(old: Config, new: Config) -> tuple[str, ...]:
    """Ids of the feeds that the operator changed: they are due at once, whatever the old address was up to."""
    known = {feed.id: _how_asked(feed) for feed in old.feeds}
    return tuple(feed.id for feed in new.feeds if known.get(feed.id, _how_asked(feed)) != _how_asked(feed))


def _how_asked(feed: Feed) -> tuple[object, ...]:
    return feed.url, feed.every, feed.auto, feed.headers, feed.proxy, feed.allow_private, feed.pins


def _told(result: TestResult) -> str:
    return f"{result.at.file}:{result.at.line}:{result.at.column}: {result.rule_id}: {result.why.splitlines()[0]}"
