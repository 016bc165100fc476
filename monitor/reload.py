"""What a changed rules file means for a process that runs: may it be taken over, and what must people hear of it?"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monitor.config import Config
from monitor.errors import ConfigError
from monitor.model import Feed
from monitor.ports import Sender
from monitor.setup import Setup

if TYPE_CHECKING:
    from monitor.rules.inline_tests import TestResult
    from monitor.rules.matcher import Matcher

log = logging.getLogger(__name__)

Notice = tuple[str, str, str]  # the trouble's key, a title, the text


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """Rules that may take the place of others. `asked_anew`: ids of feeds that are due at once."""

    config: Config
    setup: Setup
    asked_anew: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """`digests` of the files that were read, as they were."""

    why: str
    digests: Mapping[Path, str]


def renew(old: Config | None, load: Callable[[], Config], compile_: Callable[[Config], Setup]) -> Renewal | Refusal:
    """Read rules, compile them, and judge them as successors of the old ones. None: there are none yet, so they are as
    good as those that a start finds, which rather watches by rules that fail a test than not at all."""
    try:
        new = load()
    except ConfigError as error:
        return Refusal(why=str(error), digests={**(old.digests if old else {}), **error.digests})
    try:
        setup = compile_(new)
        why = objections(old, new, setup.matcher.compiled()) if old else ""
    except Exception as error:  # a bug that a rule brings out must not leave its author in the dark
        log.exception("rules.broke")
        why = f"They cannot be compiled ({type(error).__name__}): see the log, and report it."
    if why:
        return Refusal(why=why, digests=new.digests)
    return Renewal(config=new, setup=setup, asked_anew=asked_anew(old, new) if old else ())


def objections(old: Config, new: Config, matcher: Matcher | None = None) -> str:
    """Why the new file must not replace the old one, a line each; '' if it may. `matcher` of the new rules, where they
    are compiled: that takes longer than all their tests."""
    if old.feeds and not new.feeds:
        return f"{new.path} has no feeds any more: nothing would be watched. To stop watching, stop monitor."
    return failed_tests(new, matcher)


def failed_tests(config: Config, matcher: Matcher | None = None) -> str:
    """The rules' own tests that fail, a line each; '' if none does."""
    from monitor.rules.inline_tests import run_tests

    failed = (result for result in run_tests(config.rules, config.lexicon, matcher=matcher) if not result.passed)
    return "\n".join(map(_told, failed))


# Names of the weak spots that depend on the rules alone, and on no value of this machine.
OF_THE_RULES: Final = frozenset({"tests", "warnings"})


def weak_spots(
    config: Config, sender: Sender, matcher: Matcher | None = None, *, tested: bool = False
) -> Iterator[Notice]:
    """What is in force but will not do what its author means. Asks the sender about each channel's address. `tested`:
    the rules have passed their tests just now."""
    failed = "" if tested else failed_tests(config, matcher)
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
