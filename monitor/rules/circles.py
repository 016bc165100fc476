"""Places within themselves, and groups that hold themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.language import Lexicon
from monitor.rules.items import OfGroup, walk
from monitor.rules.nodes import Scalar
from monitor.rules.problems import Report
from monitor.rules.written import RulesFile


def refuse_circles(files: Sequence[RulesFile], lexicon: Lexicon, report: Report) -> None:
    """Tell each place that lies within itself and each group that holds itself, at the name that closes the circle."""
    written = {
        str(key): place.within for file in files for key, place in file.places.items() if place.within is not None
    }
    around = {place.id: (place.within,) for place in lexicon.places.values() if place.within}
    around |= {key: (str(within),) for key, within in written.items()}
    for key, within in written.items():
        if _leads_to(key, around):
            what = f"the place '{key}' lies within itself"
            report.error(within.at, "R313", what, "name a larger place under 'within', or remove the line")
    inner = _groups_in_groups(files)
    names = {key: tuple(map(str, held)) for key, held in inner.items()}
    for key, held in inner.items():
        if _leads_to(key, names):
            at = next(name.at for name in held if str(name) == key or _leads_to(key, {**names, key: (str(name),)}))
            report.error(at, "R313", f"the group '{key}' holds itself", "remove it from its own list")


def _groups_in_groups(files: Sequence[RulesFile]) -> dict[str, list[Scalar]]:
    return {
        str(key): [name for item in walk(items) if isinstance(item, OfGroup) for name in item.group]
        for file in files
        for key, items in file.groups.items()
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
