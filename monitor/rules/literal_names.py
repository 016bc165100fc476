"""Ids written where a search text stands: `- airport` looks for the word 'airport', not for the group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.rules.names import Names, entries
from monitor.rules.nodes import Scalar
from monitor.rules.problems import Report, shown
from monitor.rules.raw_items import raw_items
from monitor.rules.yaml_source import Source


def warn_of_names_as_words(sources: Sequence[Source], names: Names, report: Report) -> None:
    for term in _terms(sources):
        warn_of_name_as_word(term, names, report)


def warn_of_name_as_word(term: Scalar, names: Names, report: Report, *, colon: str = ": ") -> None:
    """Groups by any id; places and events by ids with a hyphen alone: `idlib` and `clash` are words, too. `colon`: what
    stands between the kind of a name and the name, where it is written."""
    name = term.strip().casefold().replace(" ", "-") if "-" not in term else term.strip().casefold()
    kind = _kind(name, written_so=term == name, names=names)
    if kind:
        what = f"'{shown(term)}' is the name of a {kind}; here the word itself is searched for"
        report.warning(term.at, "R302", what, f"write {kind}{colon}{name}, or put the word into the {kind}'s list")


def _kind(name: str, *, written_so: bool, names: Names) -> str:
    if name in names.groups:
        return "group"
    if written_so and "-" in name:
        return "place" if name in names.places else "event" if name in names.events else ""
    return ""


def _terms(sources: Sequence[Source]) -> Iterator[Scalar]:
    for rule in entries(sources, "rules"):
        for box in ("all", "any", "none"):
            yield from (item for item in raw_items(rule.get(box)) if isinstance(item, Scalar) and not item.unset)
