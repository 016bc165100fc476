"""Ids written where a search text stands: `- airport` looks for the word 'airport', not for the group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.rules.items import Term, walk
from monitor.rules.names import Names
from monitor.rules.nodes import Scalar
from monitor.rules.problems import Report, shown
from monitor.rules.written import RulesFile, WrittenRule


def warn_of_names_as_words(files: Sequence[RulesFile], names: Names, report: Report) -> None:
    """Groups by any id; places and events by ids with a hyphen alone: `idlib` and `clash` are words, too."""
    for term in (term for file in files for rule in file.rules for term in _terms(rule)):
        name = term.strip().casefold().replace(" ", "-") if "-" not in term else term.strip().casefold()
        kind = _kind(name, written_so=term == name, names=names)
        if kind:
            what = f"'{shown(term)}' is the name of a {kind}; here the word itself is searched for"
            report.warning(term.at, "R302", what, f"write {kind}: {name}, or put the word into the {kind}'s list")


def _kind(name: str, *, written_so: bool, names: Names) -> str:
    if name in names.groups:
        return "group"
    if written_so and "-" in name:
        return "place" if name in names.places else "event" if name in names.events else ""
    return ""


def _terms(rule: WrittenRule) -> Iterator[Scalar]:
    for box in (rule.all, rule.any, rule.none):
        yield from (item.root for item in walk(box or ()) if isinstance(item, Term))
