"""Explanations as data for `--json`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from monitor.rules.explanation import Clause, Explanation, Obstacle


def as_json(explanation: Explanation) -> dict[str, Any]:
    """Everything an explanation holds; offsets are code points of the field as given, half-open."""
    boxes = explanation.boxes
    return {
        "rule": explanation.rule_id,
        "matches": explanation.matched,
        "near_miss": explanation.near_miss,
        "in_the_way": [{"kind": each.kind, "what": each.what} for each in explanation.obstacles],
        "all": next((_clause(clause) for box, clause in boxes if box == "all"), None),
        "any": next((_clause(clause) for box, clause in boxes if box == "any"), None),
        "query": next((_clause(clause) for box, clause in boxes if box == "query"), None),
        "killed": next((_clause(clause) for box, clause in boxes if box == "killed"), None),
        "wounded": next((_clause(clause) for box, clause in boxes if box == "wounded"), None),
        "none": [_clause(clause) for box, clause in boxes if box == "none"],
        "skipped": list(explanation.skipped),
        "notes": list(explanation.notes),
        "problems": list(explanation.problems),
    }


def obstacles_as_json(obstacles: Sequence[Obstacle]) -> list[dict[str, Any]]:
    """With what their sentences are made of, for who says them in another language."""
    return [asdict(obstacle) for obstacle in obstacles]


def _clause(clause: Clause) -> dict[str, Any]:
    return {
        "title": clause.title,
        "found": clause.held,
        "excludes": clause.excludes,
        "sightings": [asdict(one) for one in clause.sightings],
        "parts": [_clause(part) for part in clause.parts],
        "distance": asdict(clause.distance) if clause.distance else None,
        "note": clause.note,
        "almost": [asdict(one) for one in clause.almost],
    }
