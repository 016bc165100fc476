"""A page of what was found, the newest first.

Every version of an entry is searched, so an edited text is found by its old words too; but an entry is told once, by
the newest of its texts that holds. The work of one request is bounded: what is left is another request's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Literal

from monitor.model import Match, Span
from monitor.search.index_file import IndexFile
from monitor.search.sought import Asked, Sought
from monitor.store.read import Reader
from monitor.store.views import search as views
from monitor.store.views.search import Glimpse, Written

Outcome = Literal["alerted", "matched", "unmatched"]
END: Final = 2**63 - 1  # above every id
_FIRST_LOOK: Final = 64  # candidates at a time; more each time that a look was not enough
_LARGEST_LOOK: Final = 256
_ASKED_AT_ONCE: Final = 2_048  # of the index: the question itself may cost more than its answers
_BEHIND: Final = 256  # versions that a remembered answer may lack: to judge them costs less than to ask again
_AT_LEAST: Final = 64  # texts judged, however long the question took: a request that gets nowhere is asked for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries are looked at. None: any. `since` and `until` are when we first saw the text, half-open."""

    feeds: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What one request may cost: texts judged, candidates looked at, seconds by `clock` from its begin on."""

    judged: int = 1_000
    looked_at: int = 20_000
    seconds: float = 0.2
    clock: Callable[[], float] = lambda: 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`version_id` is that of the text in which it was found, `is_edited_since` whether the entry says something else
    now. `rules` matched the entry, `alerts` name it."""

    entry_id: int
    version_id: int
    feed_id: str
    title: str
    summary: str
    body: str
    link: str | None
    published_at: datetime | None
    seen_at: datetime
    spans: tuple[Span, ...]
    is_edited_since: bool = False
    story_id: int | None = None
    rules: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`go_on` is `before` for the next page, None where nothing is left. `back_to`: the work ended there although the
    page is not full. `unindexed`: about how many versions the index does not have; they are judged one by one."""

    found: tuple[Found, ...]
    go_on: int | None = None
    back_to: datetime | None = None
    unindexed: int = 0


def search(
    reader: Reader,
    index: IndexFile | None,
    sought: Sought,
    *,
    wanted: Wanted | None = None,
    before: int = END,
    limit: int = 50,
    budget: Budget | None = None,
) -> Page:
    """Raises StateError, and sqlite3.Error of the index."""
    if index is None:
        return _Looking(reader, None, sought, wanted or Wanted(), budget or Budget()).page(before, limit)
    with index.one_moment():
        return _Looking(reader, index, sought, wanted or Wanted(), budget or Budget()).page(before, limit)


class _Looking:
    """One search under way."""

    def __init__(self, reader: Reader, index: IndexFile | None, sought: Sought, wanted: Wanted, budget: Budget) -> None:
        self._reader, self._index, self._sought, self._wanted = reader, index, sought, wanted
        self._left, self._looks, self._judging = budget.judged, budget.looked_at, 0
        self._clock, self._ends = budget.clock, budget.clock() + budget.seconds
        self._feeds = views.feed_ids(reader)
        self._lowest = views.first_since(reader, wanted.since) if wanted.since else 0
        self._reached = self._known_until()

    def _known_until(self) -> int:
        """The last version that the index has of this very state; 0 for none."""
        if self._index is None:
            return 0
        about = self._index.about()
        return about.reached if about.reached and views.mark_of(self._reader, about.reached) == about.mark else 0

    def page(self, before: int, limit: int) -> Page:
        if self._wanted.until is not None:
            before = min(before, views.first_since(self._reader, self._wanted.until))
        found: list[_Hit] = []
        for ids in self._candidates(before):
            for glimpse, hit in self._judged(ids):
                if hit is not None:
                    found.append(hit)
                if len(found) > limit:
                    return self._told(found[:limit], go_on=found[limit - 1].glimpse.id)
                if self._is_spent():
                    return self._told(found, go_on=glimpse.id, back_to=glimpse.seen_at)
            self._looks -= len(ids)
            if self._looks <= 0:
                seen = views.glimpses(self._reader, ids[-1:], self._feeds)
                return self._told(found, go_on=ids[-1], back_to=seen[0].seen_at if seen else self._wanted.since)
        return self._told(found)

    # --- where it may be

    def _candidates(self, before: int) -> Iterator[list[int]]:
        """Ids in batches, the newest first: those that the index does not have, then those that it finds."""
        yield from _batches(
            lambda below, limit: self._newest(below, max(self._reached, self._lowest - 1), limit), before
        )
        if self._index is None or not self._reached:
            return
        asked = self._asked(self._index)
        below = min(before, self._reached + 1)
        if asked.reached < self._reached:
            yield from _batches(
                lambda below, limit: self._newest(below, max(asked.reached, self._lowest - 1), limit), below
            )
            below = min(before, asked.reached + 1)
        if asked.expression is None:
            yield from _batches(lambda below, limit: self._newest(below, self._lowest - 1, limit), below)
        elif asked.expression:
            yield from self._found(self._index, asked, asked.expression, below)

    def _asked(self, index: IndexFile) -> Asked:
        """What the index was last asked, if that still holds; else asked anew."""
        kept = self._sought.asked
        if kept is None or not self._holds(kept):
            kept = self._sought.asked = self._asked_anew(index)
        return kept

    def _holds(self, kept: Asked) -> bool:
        """Of this very state, and of nearly all of it."""
        is_near = kept.reached <= self._reached <= kept.reached + _BEHIND
        return is_near and views.mark_of(self._reader, kept.reached) == kept.mark

    def _asked_anew(self, index: IndexFile) -> Asked:
        expression = self._sought.expression(index)
        mark = views.mark_of(self._reader, self._reached)
        if not expression:
            return Asked(self._reached, mark, expression)
        newest = index.ids(expression, below=self._reached + 1, limit=_ASKED_AT_ONCE)
        return Asked(self._reached, mark, expression, tuple(newest), len(newest) < _ASKED_AT_ONCE)

    def _newest(self, below: int, above: int, limit: int) -> list[int]:
        return views.newest(self._reader, below=below, above=above, limit=limit)

    def _found(self, index: IndexFile, asked: Asked, expression: str, below: int) -> Iterator[list[int]]:
        """What was told already, then what else the index finds."""
        yield from _pieces([each for each in asked.newest if self._lowest <= each < below])
        if not asked.is_all:
            last = min(below, asked.newest[-1])
            yield from _batches(partial(self._indexed, index, expression), last, at_first=_ASKED_AT_ONCE)

    def _indexed(self, index: IndexFile, expression: str, below: int, limit: int) -> list[int]:
        found = index.ids(expression, below=below, limit=limit)
        return [each for each in found if each >= self._lowest]

    # --- whether it is there

    def _judged(self, ids: Sequence[int]) -> Iterator[tuple[Glimpse, _Hit | None]]:
        """Those that are wanted, each with what was found in it."""
        glimpses = [each for each in views.glimpses(self._reader, ids, self._feeds) if self._is_wanted(each)]
        glimpses = self._of_outcome(glimpses)
        for start in range(0, len(glimpses), _FIRST_LOOK):
            some = glimpses[start : start + _FIRST_LOOK]
            texts = self._texts([each.id for each in some])
            later = views.later_versions(self._reader, {each.entry_id for each in some})
            for glimpse in some:
                newer = [each for each in later.get(glimpse.entry_id, ()) if each > glimpse.id]
                if (text := texts.get(glimpse.id)) is not None:
                    yield glimpse, self._hit(glimpse, text, newer)

    def _is_wanted(self, glimpse: Glimpse) -> bool:
        wanted = self._wanted
        return (
            (wanted.feeds is None or glimpse.feed_id in wanted.feeds)
            and (wanted.since is None or glimpse.seen_at >= wanted.since)
            and (wanted.until is None or glimpse.seen_at < wanted.until)
        )

    def _of_outcome(self, glimpses: list[Glimpse]) -> list[Glimpse]:
        match self._wanted.outcome:
            case None:
                return glimpses
            case "matched":
                return [each for each in glimpses if each.story_id is not None]
            case "unmatched":
                return [each for each in glimpses if each.story_id is None]
            case "alerted":
                alerted = views.alerts_of(
                    self._reader, {each.entry_id for each in glimpses if each.story_id is not None}
                )
                return [each for each in glimpses if each.entry_id in alerted]

    def _hit(self, glimpse: Glimpse, text: Written, newer: Sequence[int]) -> _Hit | None:
        match = self._match(text)
        if match is None:
            return None
        texts = self._texts(newer)
        if any(self._match(each) is not None for each in texts.values()):
            return None  # told where the newer text stands
        return _Hit(glimpse, text, match, bool(newer))

    def _match(self, text: Written) -> Match | None:
        self._left -= 1
        self._judging += 1
        return self._sought.match(text)

    def _texts(self, ids: Sequence[int]) -> dict[int, Written]:
        return views.texts(self._reader, ids, body=self._sought.reads_body) if ids else {}

    def _is_spent(self) -> bool:
        return self._left <= 0 or (self._judging >= _AT_LEAST and self._clock() > self._ends)

    # --- what is told of it

    def _told(self, hits: Sequence[_Hit], *, go_on: int | None = None, back_to: datetime | None = None) -> Page:
        entry_ids = {hit.glimpse.entry_id for hit in hits if hit.glimpse.story_id is not None}
        rules, alerts = views.rules_of(self._reader, entry_ids), views.alerts_of(self._reader, entry_ids)
        return Page(
            found=tuple(
                hit.told(
                    rules=tuple(rules.get(hit.glimpse.entry_id, ())), alerts=tuple(alerts.get(hit.glimpse.entry_id, ()))
                )
                for hit in hits
            ),
            go_on=go_on,
            back_to=back_to,
            unindexed=max(0, views.highest(self._reader) - self._reached),
        )


@dataclass(frozen=True, slots=True)
class _Hit:
    glimpse: Glimpse
    text: Written
    match: Match
    is_edited_since: bool

    def told(self, *, rules: tuple[str, ...], alerts: tuple[str, ...]) -> Found:
        return Found(
            entry_id=self.glimpse.entry_id,
            version_id=self.glimpse.id,
            feed_id=self.glimpse.feed_id,
            title=self.text.title,
            summary=self.text.summary,
            body=self.text.body,
            link=self.text.link,
            published_at=self.text.published_at,
            seen_at=self.glimpse.seen_at,
            spans=self.match.spans,
            is_edited_since=self.is_edited_since,
            story_id=self.glimpse.story_id,
            rules=rules,
            alerts=alerts,
        )


def _batches(more: Callable[[int, int], list[int]], below: int, at_first: int = _FIRST_LOOK) -> Iterator[list[int]]:
    """Until there are no more, ever larger ones. `more` is given the id that all lie below, and how many."""
    size = at_first
    while ids := more(below, size):
        yield from _pieces(ids)
        if len(ids) < size and at_first > _FIRST_LOOK:
            return  # `more` gave all that it has
        below, size = ids[-1], max(at_first, min(2 * size, _LARGEST_LOOK))


def _pieces(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + _LARGEST_LOOK] for start in range(0, len(ids), _LARGEST_LOOK))
