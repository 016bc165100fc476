"""Rules files given as text, read with a small lexicon of our own, so that no test hangs on the shipped data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.errors import Problem
from monitor.language import EventClass, KnownPlace, Lexicon, Newsroom, Term
from monitor.rules.nodes import Scalar
from monitor.rules.problems import Report
from monitor.rules.read import Part, Ruleset, read
from monitor.rules.secrets import Reference
from monitor.rules.yaml_source import read_yaml


def _place(place_id: str, ar: str, en: str, within: str | None = None) -> KnownPlace:
    return KnownPlace(id=place_id, name={"ar": ar, "en": en}, terms=(ar, en), within=within, kind="city")


LEXICON = Lexicon(
    places={
        place.id: place
        for place in (
            _place("syria", "سوريا", "Syria"),
            _place("deir-ez-zor-governorate", "محافظة دير الزور", "Deir ez-Zor Governorate", "syria"),
            _place("deir-ez-zor", "دير الزور", "Deir ez-Zor", "deir-ez-zor-governorate"),
            _place("idlib", "إدلب", "Idlib", "syria"),
        )
    },
    events={
        "clash": EventClass(id="clash", title={"ar": "اشتباك", "en": "clash"}, items=(Term(text="اشتباك"),)),
        "airstrike": EventClass(id="airstrike", title={"ar": "غارة", "en": "air strike"}, items=(Term(text="غارة"),)),
    },
    newsrooms={
        "riverpost": Newsroom(
            id="riverpost",
            name={"ar": "بريد النهر", "en": "River Post"},
            owner="river-group",
            hosts=("riverpost.example",),
            credits=("صحيفة بريد النهر",),
        )
    },
)


def read_text(
    text: str | bytes, environ: Mapping[str, str] | None = None, *, rules_only: bool = False, **reading: Any
) -> tuple[Ruleset | None, tuple[Problem, ...]]:
    """What a single file says, and what its author is told."""

    def look_up(reference: Reference, _scalar: Scalar) -> str | None:
        return (environ or {"DESK": "json://localhost/"}).get(reference.name)

    report = Report()
    source = read_yaml(text.encode() if isinstance(text, str) else text, "rules.yaml", report, **reading)
    ruleset = read([Part(source)], LEXICON, None if rules_only else look_up, report) if source else None
    return ruleset, report.problems()


def sound(text: str, environ: Mapping[str, str] | None = None) -> Ruleset:
    """What a file says that has nothing wrong in it."""
    ruleset, problems = read_text(text, environ)
    assert ruleset is not None, "\n".join(map(str, problems))
    return ruleset
