"""Weights and scores that cannot mean what their author thinks. Looks at the data as it was read, so that it is told
together with everything else."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.rules import values
from monitor.rules.items import KINDS
from monitor.rules.names import entries, members
from monitor.rules.nodes import Block, Node, Scalar, Series
from monitor.rules.problems import Refused, Report
from monitor.rules.yaml_source import Source

_BOXES = frozenset(("all", "any", "sentence", "title", "summary", "body"))


def refuse_idle_scores(sources: Sequence[Source], report: Report) -> None:
    """Tell each weight that nothing adds up, and each score that cannot be reached or has nothing to count."""
    for rule in entries(sources, "rules"):
        _score(rule, report)
        for box in ("all", "any", "none"):
            _weights(rule.get(box), report, scored=box == "any" and "min_score" in rule)
    for _, items in members(sources, "groups"):
        _weights(items, report)
    for _, place in members(sources, "places"):
        _weights(place.get("context") if isinstance(place, Block) else None, report)


def _weights(node: Node, report: Report, *, scored: bool = False) -> None:
    """Those of a list or of one item, and of all that is in them."""
    for item in node if isinstance(node, Series) else (node,):
        if isinstance(item, Series):
            _weights(item, report)
        if not isinstance(item, Block):
            continue
        if "weight" in item and not scored:
            remedy = "weights are added up in an 'any' with 'min_score': write one there, or remove the weight"
            report.error(item.key_at("weight"), "R209", "this weight counts for nothing", remedy)
        kind = next((kind for kind in KINDS if kind in item), "")
        if kind in _BOXES:
            _weights(item[kind], report, scored=kind == "any" and "min_score" in item)
        if kind == "any":
            _score(item, report)


def _score(block: Block, report: Report) -> None:
    if "min_score" not in block:
        return
    at, items, score = block.key_at("min_score"), block.get("any"), _number(block["min_score"])
    if "any" not in block:
        report.error(
            at, "R209", "'min_score' counts what is found of 'any', and there is none", "add 'any:' with items"
        )
    elif "at_least" in block:
        remedy = "keep one of them: at_least: 2 counts items, min_score: 2 adds their weights up"
        report.error(at, "R209", "'min_score' and 'at_least' cannot stand together", remedy)
    elif isinstance(items, Series) and score > (most := sum(map(_weight, items))):
        what = f"a score of {score} is never reached: all items of 'any' together have {most}"
        report.error(at, "R206", what, "lower 'min_score', or give items a 'weight'")


def _weight(item: Node) -> int:
    """As long as one cannot be read, that is told and nothing else."""
    return (_number(item["weight"]) or values.MAX_WEIGHT) if isinstance(item, Block) and "weight" in item else 1


def _number(written: Node) -> int:
    """0 for what is none."""
    try:
        return values.whole_number(written) if isinstance(written, Scalar) else 0
    except Refused:
        return 0
