"""Feeds that moved for good (301, 308): what is remembered of it, and when the new address is believed. Pure.

One permanent redirect may be a mishap, or somebody on the way. After `BELIEVED` polls in a row that all were led to the
same place, that place is asked first; the rules file keeps the old address until its author changes it. Where the new
address fails, the old one is asked in the same poll, and now and then it is asked all the same: a move that was taken
back is noticed.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from monitor.model import Feed, FeedState

BELIEVED = 3  # polls in a row
ASK_THE_OLD_ONE = 50  # polls: so often the address as written is asked again
UNTOLD = "…"  # a move of a feed whose address holds a secret: the new address may repeat it, so it is not kept
_OF = "#of-"  # what follows tells for which address a move was noted; a fragment is never sent to a server


def noted(feed: Feed, state: FeedState, moved_to: str | None) -> FeedState:
    """`state` after a poll that was answered, by way of a permanent move to `moved_to` (None: of none)."""
    if moved_to is None:
        return replace(state, moved_to=None, moved_times=0)
    kept = moved_to + _mark(feed)
    again = kept == state.moved_to
    return replace(state, moved_to=kept, moved_times=state.moved_times + 1 if again else 1)


def believed(feed: Feed, state: FeedState) -> str | None:
    """The address to ask first instead of the one that the operator wrote; None for that one.

    A move that was noted for another address, which the operator has changed since, does not count.
    """
    known, mark = state.moved_to or "", _mark(feed)
    if state.moved_times < BELIEVED or state.moved_times % ASK_THE_OLD_ONE == 0 or not known.endswith(mark):
        return None
    address = known.removesuffix(mark)
    return None if address == UNTOLD else address


def shown(state: FeedState) -> str | None:
    """Where the feed moved, for people: None if it did not, `UNTOLD` where that is not kept."""
    return None if state.moved_to is None else state.moved_to.partition(_OF)[0]


def _mark(feed: Feed) -> str:
    return _OF + hashlib.blake2b(feed.url.reveal().encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
