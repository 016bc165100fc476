"""Places within themselves, groups that hold themselves, channels that fall back on themselves, rules that keep
themselves quiet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.language import Lexicon
from monitor.rules.names import blocks, entries, members
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


def refuse_circles_of_rules(sources: Sequence[Source], report: Report) -> None:
    """Of two rules that keep each other quiet, chance would tell which is heard. A rule whose own tag is named among
    those that it keeps quiet is not meant."""
    rules = [rule for rule in entries(sources, "rules") if isinstance(rule.get("id"), Scalar)]
    named = {str(rule["id"]): _inhibited_by(rule) for rule in rules}
    tagged: dict[str, list[str]] = {}
    for rule in rules:
        for tag in scalars(rule.get("tags")):
            tagged.setdefault(f"tag:{tag}", []).append(str(rule["id"]))

    def meant(rule_id: str, name: Scalar) -> list[str]:
        return [each for each in tagged.get(str(name), ()) if each != rule_id] or [str(name)]

    steps = {rule_id: tuple(one for name in names for one in meant(rule_id, name)) for rule_id, names in named.items()}
    for rule_id, names in named.items():
        if not _leads_to(rule_id, steps):
            continue
        at = next(name for name in names if _leads_to(rule_id, {**steps, rule_id: tuple(meant(rule_id, name))}))
        by_way = "" if str(at) == rule_id else f", by way of '{shown(str(at))}'"
        what = f"the rule '{shown(rule_id)}' keeps itself quiet{by_way}"
        report.error(at.at, "R313", what, "name other rules under 'inhibit'; of two, only one may stand for the other")


def _inhibited_by(rule: Block) -> Sequence[Scalar]:
    inhibit = rule.get("inhibit")
    return scalars(inhibit.get("rules")) if isinstance(inhibit, Block) else ()


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
