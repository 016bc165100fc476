"""Whether two reports are one text, one event, or neither; and why."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from importlib.resources import files

from monitor.model import Kinship, KinshipKind, Sketch
from monitor.stories.against import vetoes
from monitor.stories.features import HEADS, features
from monitor.stories.keys import Within
from monitor.stories.whereabouts import Nearness, Whereabouts, whereabouts
from monitor.stories.wordings import Shared, share_runs, share_words, shared

# Found on one half of the first labelled pairs (tests/data/stories), measured on the others; see docs/why/stories.md.
_RUNS = 0.5  # of the shorter text's runs that a copy keeps
_RUNS_ELSEWHERE = 0.7  # the same, where only one names a place that is known
_OPENING = 0.6  # of the first words of the one, in the other; without it they share a background
_HEADLINE_AND_OPENING = 0.4
_WORDS = 0.8
_TITLES = 0.5
_ENOUGH_WORDS = 6  # of fewer (a ticker) all stand in any report of the event
# Of 1: how sure it must be that two reports tell one event. A wrong join may cost an alert, a missed one repeats it.
_ENOUGH = 0.7
START = "start"  # the row of `weights.tsv` with the odds before anything is looked at
_TELLING = 0.1  # weighed features that are less are not worth telling
_ONE_TEXT_WITHIN = timedelta(hours=36)


def compare(one: Sketch, other: Sketch, *, within: Within) -> Kinship:
    """The same whichever comes first. `within` tells what a place lies within, the nearest first, its country last."""
    if not frozenset(one.keys) & frozenset(other.keys):
        return Kinship(kind=KinshipKind.DIFFERENT, why=("nothing in common by which one would be looked for",))
    where, words = whereabouts(one.facts, other.facts, within), shared(one, other)
    if against := tuple(vetoes(one, other, where, words, within=within)):
        return Kinship(kind=KinshipKind.DIFFERENT, why=against)
    if (copied := _one_text(one, other, where, words)) is not None:
        return copied
    weighed = _weighed(one, other, where, words)
    sure = 1 / (1 + math.exp(-sum(each for each, _ in weighed)))
    told = tuple(why for each, why in weighed if why and each > _TELLING)
    doubts = tuple(why for each, why in reversed(weighed) if why and each < -_TELLING)
    if sure >= _ENOUGH:
        return Kinship(kind=KinshipKind.SAME_EVENT, score=sure, why=told or ("much in common",))
    lacking = f"too little in common: {', '.join(told) or 'nothing'}"
    return Kinship(kind=KinshipKind.DIFFERENT, score=sure, why=(lacking, *doubts))


def _weighed(one: Sketch, other: Sketch, where: Whereabouts, words: Shared) -> list[tuple[float, str]]:
    """What each feature adds to the odds (their logarithm), what speaks for one event first."""
    table = weights()
    found = (
        (round(table.get(each.name, 0.0) * each.value, 6), each.why)  # sums of sets differ in the last bits
        for each in features(one, other, where, words)
    )
    return sorted([(table[START], ""), *found], key=lambda each: (-each[0], each[1]))


@cache
def weights() -> Mapping[str, float]:
    """Of each feature, as fitted (`bench/kinship.py`)."""
    text = (files("monitor.stories") / "weights.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(fitted) for name, _, fitted in rows}


def may_be_one_text(one: Sketch, other: Sketch) -> bool:
    """Whether `compare` may say so: a quick look for whoever asks that of each pair of a story. It lets no copy go."""
    if one.text == other.text or one.headline == other.headline or share_runs(one, other) >= _RUNS:
        return True
    return one.language == other.language and share_words(one, other) >= _WORDS


def contradictions(one: Sketch, other: Sketch, *, within: Within) -> tuple[str, ...]:
    """What keeps them from being one story, however much they share; each for people."""
    where = whereabouts(one.facts, other.facts, within)
    return tuple(vetoes(one, other, where, shared(one, other), within=within))


def _one_text(one: Sketch, other: Sketch, where: Whereabouts, words: Shared) -> Kinship | None:
    if abs(one.told_at - other.told_at) > _ONE_TEXT_WITHIN:
        return None
    if one.text == other.text:
        return Kinship(kind=KinshipKind.SAME_TEXT, score=1.0, why=("the same words",))
    bare = len(one.words) == one.title or len(other.words) == other.title
    if one.headline == other.headline and (bare or words.opening >= _HEADLINE_AND_OPENING):
        return Kinship(kind=KinshipKind.SAME_TEXT, score=0.95, why=("the same headline",))
    if one.newsroom and one.newsroom == other.newsroom and words.titles < _TITLES:
        return None  # the next report by the same hand, over the background of the last
    elsewhere = where.nearness is Nearness.UNKNOWN and bool(one.facts.places or other.facts.places)
    if (
        words.runs is not None
        and words.runs >= (_RUNS_ELSEWHERE if elsewhere else _RUNS)
        and words.opening >= _OPENING
        and words.heads >= HEADS
    ):
        why = f"{words.runs:.0%} of its phrases are the other's"
        return Kinship(kind=KinshipKind.SAME_TEXT, score=0.9 * words.runs, why=(why,))
    enough = min(len(one.words), len(other.words)) >= _ENOUGH_WORDS
    if words.one_language and enough and words.words >= _WORDS and words.titles >= _TITLES:
        why = f"{words.words:.0%} of its words are the other's"
        return Kinship(kind=KinshipKind.SAME_TEXT, score=0.9 * words.words, why=(why,))
    return None
