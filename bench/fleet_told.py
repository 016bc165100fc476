"""A plan of a fleet as tables, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from bench.fleet_costs import Costs
from bench.fleet_hosts import SHARDS, VOICES, Shards
from bench.fleet_sums import Given, Plan, shards_needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All that was found. `shards`: of each plan. `told_by`: by shards and voices, how many alerts one event makes.
    `other`: polls of a feed in an hour, by how often it is asked and how busy its newsroom is."""

    costs: Costs
    plans: Sequence[Plan]
    shards: Sequence[Sequence[Shards]]
    told_by: Sequence[Sequence[float]]
    other: Sequence[tuple[str, float, float]]
    given: Given
    notes: Sequence[str]


def as_json(found: Findings) -> str:
    return json.dumps(asdict(found), ensure_ascii=False, indent=1, default=str)


def tables(found: Findings) -> Iterator[str]:
    yield from found.notes
    yield from _costs(found.costs)
    yield from _figures(found.plans)
    yield from _rhythms(found.other)
    yield from _limits(found.plans)
    yield from _lanes(found.plans)
    yield from _shards(found)


def number(value: float) -> str:
    """Three digits that count, and no more."""
    if value >= 1e9:
        return f"{value / 1e9:.3g}e9"
    if value >= 100:
        return f"{round(value, 3 - len(str(int(value)))):,.0f}"
    return f"{value:.3g}" if value >= 0.001 or not value else f"{value:.1e}"


def _costs(costs: Costs) -> Iterator[str]:
    yield f"\n{'cost of one':<34}{'n':>6}{'median':>10}{'10 %':>10}{'90 %':>10}{'mean':>10}  unit   how it was got"
    for name, each in costs.items():
        if not each.high:  # SQLite has no server
            continue
        spread = "".join(f"{number(value):>10}" for value in (each.median, each.low, each.high, each.mean))
        yield f"{name:<34}{each.n:>6}{spread}  {each.unit:<6} {each.origin}: {each.how}"


def _figures(plans: Sequence[Plan]) -> Iterator[str]:
    yield (
        f"\n{'a fleet of so many feeds':<26}"
        + "".join(f"{plan.feeds:>14,}" for plan in plans)
        + "  unit        got how"
    )
    for row in zip(*(plan.figures for plan in plans), strict=True):
        values = "".join(f"{number(figure.value):>14}" for figure in row)
        yield f"{row[0].name:<26}{values}  {row[0].unit:<11} {row[0].origin}"


def _rhythms(other: Sequence[tuple[str, float, float]]) -> Iterator[str]:
    yield "\nhow often a feed is asked, each lived through by the scheduler (polls an hour; of them with new entries)"
    for how, polls, new in other:
        yield f"  {how:<58}{polls:8.2f}{100 * new:8.1f} %"


def _limits(plans: Sequence[Plan]) -> Iterator[str]:
    yield (
        f"\n{'what breaks, in the busiest hour':<40}{'holds to':>14}"
        + "".join(f"{plan.feeds:>14,}" for plan in plans)
        + "  what then"
    )
    for limit in plans[-1].limits:
        uses = (next(each.use for each in plan.limits if each.name == limit.name) for plan in plans)
        shown = "".join(f"{f'{100 * use:,.0f} %' if use < 100 else f'{number(use)} ×':>14}" for use in uses)
        yield f"{limit.name:<40}{number(limit.holds_to):>14}{shown}  {limit.then}"
    for plan in plans:
        broken = [limit for limit in plan.limits if limit.use > 1]
        first = {limit.mended_by: limit.name for limit in reversed(broken)}
        told = "; ".join(f"mended by {how}: {name}" for how, name in reversed(first.items()))
        yield f"  {plan.feeds:>10,}: first to break, {told}" if told else f"  {plan.feeds:>10,}: nothing breaks"


def _lanes(plans: Sequence[Plan]) -> Iterator[str]:
    yield "\nhosts whose lane (a request a second) cannot carry their feeds in the busiest hour"
    yield f"{'feeds':>12}{'hosts':>12}{'crowded':>9}{'their feeds':>13}{'share':>9}{'largest':>9}   asked there every"
    for plan in plans:
        told = plan.lanes
        share = f"{100 * told.feeds / plan.feeds:.2f} %"
        yield (
            f"{plan.feeds:>12,}{plan.hosts:>12,}{told.hosts:>9,}{told.feeds:>13,}{share:>9}{told.largest:>9,}"
            f"   {told.its_wait / 60:.0f} min"
        )


def _shards(found: Findings) -> Iterator[str]:
    yield "\nshards by a hash of the host: the largest beside the average; feeds that move when there are twice as many"
    for plan, every in zip(found.plans, found.shards, strict=True):
        for each in every:
            yield (
                f"{plan.feeds:>12,} feeds in {each.number:>2} shards: feeds {each.largest:.3f}, polls {each.polls:.3f} "
                f"of the average; {100 * each.moves:.0f} % move"
            )
        needed = shards_needed(plan, every)
        yield f"{plan.feeds:>12,} feeds need {needed or f'more than {every[-1].number}'} of them, by what breaks above"
    yield "\nalerts of one event, told by so many newsrooms, where shards know nothing of each other (one is right)"
    yield f"{'newsrooms':>12}" + "".join(f"{f'{number_} shards':>12}" for number_ in SHARDS)
    for voices, row in zip(VOICES, found.told_by, strict=True):
        yield f"{voices:>12}" + "".join(f"{alerts:>12.1f}" for alerts in row)
