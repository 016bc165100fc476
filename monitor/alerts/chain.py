"""Who is told next of an alert that nobody has acknowledged. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from monitor.model import Chain, ChainStep, ChainTold, DeliveryStatus, Recipient

OVER = ChainStep()
_NEEDLESS = frozenset((DeliveryStatus.REPLACED, DeliveryStatus.ENDED))


def step(chain: Chain, recipients: Mapping[str, Sequence[Recipient]], *, now: datetime) -> ChainStep:
    """What is to be done at `now`, when its turn has come.

    `recipients`: who stands behind each channel that can be told; the others are passed over at once, and so are those
    that were told of the alert some other way. The clock begins when somebody was first told, or when the alert was
    decided where nobody could be reached: then the next channel is needed all the more.
    """
    live = [each for each in chain.told if each.status not in _NEEDLESS]
    if chain.told and not live:  # a later alert took its place, or it was muted: that one has a chain of its own
        return OVER
    since = _told_since(chain, live)
    begun = any(each.by_chain for each in live)
    due_at = chain.due_at if begun else max(chain.due_at, _first_told(chain, live, now) + chain.every)
    if due_at > now:
        return ChainStep(left=chain.channels, due_at=due_at)
    known = {each.channel_id for each in live}
    for number, channel_id in enumerate(chain.channels):
        if recipients.get(channel_id) and channel_id not in known:
            left = chain.channels[number + 1 :]
            return ChainStep(
                tell=tuple(recipients[channel_id]), since=since, left=left, due_at=now + chain.every if left else None
            )
    return OVER


def _told_since(chain: Chain, live: Sequence[ChainTold]) -> datetime:
    return min((each.sent_at for each in live if each.sent_at is not None), default=chain.decided_at)


def _first_told(chain: Chain, live: Sequence[ChainTold], now: datetime) -> datetime:
    """When somebody was, or is to be, told; what is held for a later time makes nobody late. What happened later than
    now (the clock was set back) delays nothing."""
    held = [each.due_at for each in live if each.status is DeliveryStatus.PENDING and each.due_at > now]
    if held and len(held) == len(live):
        return min(held)
    told_at = _told_since(chain, live)
    return told_at if told_at <= now else now - chain.every
