"""Places within themselves, groups that hold themselves, channels that fall back on themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.language import Lexicon
from monitor.rules.names import blocks, members
from monitor.rules.nodes import Block, Scalar
from monitor.rules.problems import Report, shown
from monitor.rules.raw_items import raw_items, scalars
from monitor.rules.yaml_source import Source


def refuse_circles(sources: Sequence[Source], lexicon: Lexicon, report: Report) -> None:
    """Tell each place that lies within itself and each group that holds itself, at the name that closes the circle."""
    written = {str(key): within for key, place in blocks(sources, "places") for within in scalars(place.get("within"))}
    around = {place.id: (place.within,) for place in lexicon.places.values() if place.within}
    around |= {key: (str(within),) for key, within in written.items()}
    for key, within in written.items():
        if _leads_to(key, around):
            what = f"the place '{shown(key)}' lies within itself"
            report.error(within.at, "R313", what, "name a larger place under 'within', or remove the line")
    inner = _groups_in_groups(sources)
    names = {key: tuple(map(str, held)) for key, held in inner.items()}
    for key, held in inner.items():
        if _leads_to(key, names):
            at = next(name.at for name in held if str(name) == key or _leads_to(key, {**names, key: (str(name),)}))
            report.error(at, "R313", f"the group '{shown(key)}' holds itself", "remove it from its own list")


def refuse_circles_of_channels(sources: Sequence[Source], report: Report) -> None:
    """A refusal that comes back to where it began would never end."""
    fallbacks = {
        str(key): name for key, channel in blocks(sources, "channels") for name in scalars(channel.get("fallback"))
    }
    steps = {key: (str(name),) for key, name in fallbacks.items()}
    for key, name in fallbacks.items():
        if _leads_to(key, steps):
            by_way = "" if str(name) == key else f", by way of '{shown(str(name))}'"
            what = f"the channel '{shown(key)}' falls back on itself{by_way}"
            report.error(name.at, "R313", what, "name another channel under 'fallback', or remove the line")


def _groups_in_groups(sources: Sequence[Source]) -> dict[str, list[Scalar]]:
    return {
        str(key): [name for item in raw_items(items) if isinstance(item, Block) for name in scalars(item.get("group"))]
        for key, items in members(sources, "groups")
    }


def _leads_to(start: str, steps: Mapping[str, Sequence[str]]) -> bool:
    """Whether steps from `start` come back to it."""
    seen: set[str] = set()
    waiting = list(steps.get(start, ()))
    while waiting:
        here = waiting.pop()
        if here == start:
            return True
        if here not in seen:
            seen.add(here)
            waiting.extend(steps.get(here, ()))
    return False
