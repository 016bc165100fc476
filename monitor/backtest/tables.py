"""From alerts to what people look at: by day, by source, side by side. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo

from monitor.backtest.values import Judged, Overlap, Precision, WouldSend
from monitor.store.past import JudgedAlert

_DAY = timedelta(days=1)
MOST_DAYS = 3_660  # ten years; one wrong date must not make a table of centuries


def days(
    alerts: Sequence[WouldSend], first_at: datetime | None, last_at: datetime | None, *, zone: tzinfo
) -> Mapping[date, int]:
    """Every day between the two, and those of alerts that lie beyond. Of more than ten years only days with alerts."""
    counted = Counter(each.at.astimezone(zone).date() for each in alerts)
    known = [at.astimezone(zone).date() for at in (first_at, last_at) if at is not None]
    all_days = {*counted, *known}
    if not all_days:
        return {}
    first, last = min(all_days), max(all_days)
    if (last - first).days >= MOST_DAYS:
        return dict(sorted(counted.items()))
    return {day: counted[day] for day in (first + number * _DAY for number in range((last - first).days + 1))}


def by(alerts: Iterable[WouldSend], key: Callable[[WouldSend], str]) -> Mapping[str, int]:
    """The most first, then by name."""
    counted = Counter(map(key, alerts))
    return dict(sorted(counted.items(), key=lambda each: (-each[1], each[0])))


def overlaps(
    pairs: Mapping[tuple[str, str], int], hits: Mapping[str, int], wanted: Sequence[str]
) -> tuple[Overlap, ...]:
    """Of pairs in which one is asked about; the most first."""
    asked = set(wanted)
    found = [
        Overlap(one, other, both, hits[one], hits[other])
        for (one, other), both in pairs.items()
        if one in asked or other in asked
    ]
    return tuple(sorted(found, key=lambda each: (-each.both, each.one, each.other)))


def samples(alerts: Sequence[WouldSend], count: int) -> tuple[WouldSend, ...]:
    """So many of them at most, evenly spread over their order, the first and the last among them."""
    if count <= 0 or len(alerts) <= count:
        return tuple(alerts[: max(count, 0)])
    if count == 1:
        return (alerts[len(alerts) // 2],)
    return tuple(alerts[number * (len(alerts) - 1) // (count - 1)] for number in range(count))


def precision(
    alerts: Iterable[WouldSend], judged: Sequence[JudgedAlert] | None, wanted: Sequence[str]
) -> Precision | None:
    """An alert is known again by its entry and its rule, whatever text of the entry brought it."""
    if judged is None:
        return None
    sent = {(each.entry_id, each.rule_id) for each in alerts}
    asked = set(wanted)
    about = [each for each in judged if each.rule_id in asked]
    would = [each for each in about if (each.entry_id, each.rule_id) in sent]
    rules = sorted({each.rule_id for each in would})
    return Precision(
        sent=_counted(would),
        not_sent=_counted([each for each in about if (each.entry_id, each.rule_id) not in sent]),
        by_rule={rule_id: _counted([each for each in would if each.rule_id == rule_id]) for rule_id in rules},
    )


def _counted(judged: Sequence[JudgedAlert]) -> Judged:
    return Judged(len(judged), sum(each.right for each in judged), sum(each.wrong for each in judged))
