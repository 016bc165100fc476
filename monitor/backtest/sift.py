"""The first pass: every entry is matched, and what no rule matches is forgotten again."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from typing import Final

from monitor.backtest.history import History, Past
from monitor.backtest.spool import Spool
from monitor.model import Feed
from monitor.rules.matcher import Matches, RuleProblem
from monitor.setup import Setup
from monitor.text.document import Document, read

log = logging.getLogger(__name__)

Progress = Callable[[int, "float | None"], bool]
"""Hears how many entries were read, and how much of all that is (0 to 1; None where nobody knows). False: break off."""

EVERY: Final = 200  # entries between two reports of progress


@dataclass(slots=True, kw_only=True)
class Sifted:
    """What was read, and what of it matched: `matched` are numbers in `spool`. Of what `counts`: `entries` how many
    were read, `hits` documents by rule, `pairs` documents by two rules, in the order of their ids."""

    spool: Spool
    matched: list[int] = field(default_factory=list)
    entries: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    hits: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    problems: dict[str, None] = field(default_factory=dict)
    complete: bool = True


def sift(setup: Setup, history: History, *, feeds: Mapping[str, Feed], run_up: timedelta, progress: Progress) -> Sifted:
    """`feeds` has one for every name."""
    found, read_ = Sifted(spool=Spool()), 0
    for past in history.entries(run_up=run_up):
        _, matches = match(setup, past, feeds[past.entry.feed_id] if history.has_feeds else None)
        _note(found, past, matches)
        if matches.matches:
            found.matched.append(found.spool.add(past))
        read_ += 1
        if read_ % EVERY == 0 and not progress(read_, history.share()):
            found.complete = False
            break
    progress(read_, history.share())
    _add_earlier_texts(found, history)
    return found


def match(setup: Setup, past: Past, feed: Feed | None) -> tuple[Document, Matches]:
    """Without a feed rules for certain feeds look all the same. That a rule has expired is a verdict, not for the
    matcher to say."""
    document = read(past.entry)
    return document, setup.matcher.match(document, feed=feed, today=None)


def _note(found: Sifted, past: Past, matches: Matches) -> None:
    found.problems.update(dict.fromkeys(map(_problem, matches.problems)))
    if not past.counts:
        return
    found.entries += 1
    if past.at is not None:
        found.first_at = past.at if found.first_at is None else min(found.first_at, past.at)
        found.last_at = past.at if found.last_at is None else max(found.last_at, past.at)
    if matches.matches:
        ids = sorted({each.rule_id for each in matches.matches})
        found.hits.update(ids)
        if len(ids) > 1:
            found.pairs.update(combinations(ids, 2))


def _problem(problem: RuleProblem) -> str:
    return f"{problem.rule_id}: {problem.text}"


def _add_earlier_texts(found: Sifted, history: History) -> None:
    """What an entry said before counts when a later text of it is decided, whenever that was, and whether it matched or
    not."""
    known = {past.document for past in _versions(found)}
    for past in list(_versions(found)):
        for before in history.earlier(past):
            if before.document not in known:
                known.add(before.document)
                found.matched.append(found.spool.add(before))


def _versions(found: Sifted) -> Iterator[Past]:
    return (found.spool.read(number) for number in found.matched)
