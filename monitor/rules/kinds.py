"""Settings that belong to a kind of rule: which it needs, and which mean nothing to it. Looks at the data as it was
read, so that it is told together with everything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.rules.names import entries
from monitor.rules.nodes import Block, Scalar
from monitor.rules.problems import Report, shown
from monitor.rules.yaml_source import Source

_OWN: Mapping[str, tuple[str, ...]] = {"volume": ("count", "surge", "within"), "silence": ("for",)}
# What asks about the reports of one story, which neither of them tells.
_OF_STORIES = ("min_sources", "escalate")
_WITHOUT_MEANING: Mapping[str, tuple[str, ...]] = {
    "volume": _OF_STORIES,
    "silence": (*_OF_STORIES, "inhibit", "throttle"),
}
_WANTS = frozenset(("all", "any", "query", "killed", "wounded"))
_EXAMPLES: Mapping[str, str] = {
    "within": "write how long: within: 1h",
    "for": "write how long: for: 6h",
    "feeds": "name the feeds that are expected to bring something: ids, or tag:name",
}


def refuse_mixed_kinds(sources: Sequence[Source], report: Report) -> None:
    for rule in entries(sources, "rules"):
        kind = rule.get("kind")
        told = str(kind) if isinstance(kind, Scalar) else ""
        if kind is not None and told not in _OWN:
            continue  # told where the setting is read
        _refuse_strange(rule, told, report)
        for name in {"volume": ("within",), "silence": ("for", "feeds")}.get(told, ()):
            if name not in rule:
                report.error(rule.key_at("kind"), "R208", f"a {told} wants '{name}'", _EXAMPLES[name])
        if told == "volume":
            _want_one_measure(rule, report)
        if told == "silence" and "tests" in rule and _WANTS.isdisjoint(rule):
            what = "'tests' means nothing to the silence of whole feeds"
            report.error(rule.key_at("tests"), "R209", what, "add 'all:' or 'any:', or remove the tests")


def _refuse_strange(rule: Block, told: str, report: Report) -> None:
    for kind, own in _OWN.items():
        for name in own if kind != told else ():
            if name in rule:
                what = f"'{name}' belongs to rules of kind: {kind}"
                report.error(rule.key_at(name), "R209", what, f"add 'kind: {kind}', or remove the line")
    for name in _WITHOUT_MEANING.get(told, ()):
        if name in rule:
            what = f"'{name}' means nothing to a rule of kind: {told}"
            report.error(rule.key_at(name), "R209", what, "remove the line, or make another rule for it")


def _want_one_measure(rule: Block, report: Report) -> None:
    if "count" in rule and "surge" in rule:
        what = "a volume has either 'count' or 'surge'"
        report.error(rule.key_at("surge"), "R209", what, "make two rules of it")
    elif "count" not in rule and "surge" not in rule:
        called = f" of the rule '{shown(str(rule['id']))}'" if isinstance(rule.get("id"), Scalar) else ""
        what = f"the volume{called} says neither 'count' nor 'surge'"
        report.error(rule.key_at("kind"), "R208", what, "write count: 5 stories, or surge: 3x")
