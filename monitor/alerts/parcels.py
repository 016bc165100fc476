"""What waits for a channel, put into messages: what goes alone, what goes together, what goes later."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.alerts.bursts import Crowd
from monitor.model import Delivery, Hold, Severity, Wait

# What failed so often goes alone from then on: the message as a whole may be what the service does not take.
ALONE_AFTER: Final = 3  # tries
_OF_A_TIME: Final = frozenset((Hold.QUIET_HOURS, Hold.DIGEST))


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message to one recipient. `burst`: many alerts at once are why it has what it has."""

    deliveries: tuple[Delivery, ...]
    critical: bool
    burst: bool = False

    @property
    def key(self) -> str:
        return self.deliveries[0].recipient.key

    @property
    def is_plain(self) -> bool:
        """One alert, that goes its own way."""
        return len(self.deliveries) == 1 and not self.burst


@dataclass(frozen=True, slots=True)
class Plan:
    """The gravest parcels first. What is held goes no sooner than it says."""

    parcels: tuple[Parcel, ...]
    held: tuple[tuple[Delivery, Wait], ...] = ()


def plan(
    waiting: Sequence[Delivery],
    *,
    now: datetime,
    wait: Callable[[Delivery], Wait | None],
    fails: Callable[[str], bool],
    crowd: Callable[[str, bool, int], Crowd | None],
) -> Plan:
    """For what is due at one channel, in the order that it would go alone.

    `wait`: what a delivery waits for still. `fails`: whether the last message to a recipient (by its key) failed; then
    one alert alone finds out whether it is well again. `crowd`: whether so many alerts to a recipient, critical or
    not, go together.
    """
    held = {each.id: found for each in waiting if (found := wait(each)) is not None}
    grave_ids = _grave(each for each in waiting if each.id not in held)
    plans = [Plan((), tuple((each, held[each.id]) for each in waiting if each.id in held))]
    for key in dict.fromkeys(each.recipient.key for each in waiting):
        free = [each for each in waiting if each.recipient.key == key and each.id not in held]
        if fails(key):
            plans.append(Plan(_apart(free, grave_ids)))
            continue
        alone = [each for each in free if each.attempts >= ALONE_AFTER]
        rest = [each for each in free if each.attempts < ALONE_AFTER]
        grave = [each for each in rest if each.id in grave_ids]
        others = [each for each in rest if each.id not in grave_ids]
        plans.append(Plan(_apart(alone, grave_ids)))
        plans.append(_critical(grave, crowd(key, True, len(grave)), now))
        plans.append(_others(others, lambda count, key=key: crowd(key, False, count), now))  # type: ignore[misc]
    return _together(plans)


def _critical(grave: Sequence[Delivery], crowd: Crowd | None, now: datetime) -> Plan:
    if crowd is None:
        return Plan(_apart(grave, frozenset(each.id for each in grave)))
    return _in_a_crowd(grave, crowd, now, critical=True)


def _others(others: Sequence[Delivery], crowd_of: Callable[[int], Crowd | None], now: datetime) -> Plan:
    """What waited for a time goes as one whatever else there is; in a crowd all the others join it."""
    timed = [each for each in others if each.hold in _OF_A_TIME]
    crowded = [each for each in others if each.hold is Hold.BURST]
    single = [each for each in others if each.hold not in (Hold.BURST, *_OF_A_TIME)]
    crowd = crowd_of(len(crowded) + len(single))
    if crowd is None:
        return Plan((*_as_one(timed), *_as_one(crowded, burst=True), *_apart(single, frozenset())))
    if crowd.seconds <= 0:
        return _in_a_crowd(others, crowd, now, critical=False)
    return _together([Plan(_as_one(timed)), _in_a_crowd([*crowded, *single], crowd, now, critical=False)])


def _in_a_crowd(deliveries: Sequence[Delivery], crowd: Crowd, now: datetime, *, critical: bool) -> Plan:
    if crowd.seconds <= 0:
        return Plan(_as_one(deliveries, critical=critical, burst=True))
    until = now + timedelta(seconds=crowd.seconds)
    return Plan((), tuple((each, Wait(hold=Hold.BURST, until=until)) for each in deliveries))


def _apart(deliveries: Iterable[Delivery], grave_ids: Set[int]) -> tuple[Parcel, ...]:
    return tuple(Parcel((each,), each.id in grave_ids) for each in deliveries)


def _as_one(deliveries: Sequence[Delivery], *, critical: bool = False, burst: bool = False) -> tuple[Parcel, ...]:
    return (Parcel(tuple(deliveries), critical, burst),) if deliveries else ()


def _together(plans: Sequence[Plan]) -> Plan:
    parcels = [parcel for each in plans for parcel in each.parcels]
    return Plan(
        tuple(sorted(parcels, key=lambda parcel: not parcel.critical)),
        tuple(held for each in plans for held in each.held),
    )


def _grave(deliveries: Iterable[Delivery]) -> frozenset[int]:
    """Critical ones, and what they follow: whoever is told of what has changed was told before of what there was."""
    told = [(delivery, _thread_of(delivery)) for delivery in deliveries]
    latest: dict[tuple[str, int, str], int] = {}
    for delivery, thread in told:
        if delivery.alert.severity is Severity.CRITICAL:
            latest[thread] = max(delivery.alert.number, latest.get(thread, 0))
    return frozenset(
        delivery.id
        for delivery, thread in told
        if delivery.alert.severity is Severity.CRITICAL or delivery.alert.number < latest.get(thread, 0)
    )


def _thread_of(delivery: Delivery) -> tuple[str, int, str]:
    return delivery.recipient.key, delivery.alert.story_id, delivery.alert.rule_id
