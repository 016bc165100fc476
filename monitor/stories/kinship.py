"""Whether two reports are one text, one event, or neither; and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from monitor.model import Facts, Figure, Kinship, KinshipKind, Sketch, Tag
from monitor.stories import marks
from monitor.stories.against import NO_CAPITALS, other_class, vetoes
from monitor.stories.families import COMMON, SILENT, are_kin
from monitor.stories.keys import Within
from monitor.stories.spots import differ, sorts
from monitor.stories.whereabouts import Nearness, Whereabouts, is_busy, whereabouts
from monitor.stories.wordings import Shared, share_runs, share_words, shared

# Found on one half of the labelled pairs (tests/data/stories), measured on the other; see docs/why/stories.md.
_RUNS = 0.5  # of the shorter text's runs that a copy keeps
_RUNS_ELSEWHERE = 0.7  # the same, where only one names a place that is known
_HEADS = 0.43  # of the words of both titles, in the other text
_OPENING = 0.6  # of the first words of the one, in the other; without it they share a background
_HEADLINE_AND_OPENING = 0.4
_WORDS = 0.8
_TITLES = 0.5
_ENOUGH_WORDS = 6  # of fewer (a ticker) all stand in any report of the event
_ENOUGH = 5.0  # points of evidence; see `_evidence`
_ONE_TEXT_WITHIN = timedelta(hours=36)


Evidence = tuple[float, str]  # points and what for, '' for what is not worth telling


def compare(one: Sketch, other: Sketch, *, within: Within) -> Kinship:
    """The same whichever comes first. `within` tells what a place lies within, the nearest first, its country last."""
    if not frozenset(one.keys) & frozenset(other.keys):
        return Kinship(kind=KinshipKind.DIFFERENT, why=("nothing in common by which one would be looked for",))
    where, words = whereabouts(one.facts, other.facts, within), shared(one, other)
    if against := tuple(vetoes(one, other, where, words, within=within)):
        return Kinship(kind=KinshipKind.DIFFERENT, why=against)
    if (copied := _one_text(one, other, where, words)) is not None:
        return copied
    evidence = sorted(_evidence(one, other, where, words), key=lambda each: (-each[0], each[1]))
    points = sum(point for point, _ in evidence)
    told = tuple(why for point, why in evidence if why and point > 0)
    doubts = tuple(why for point, why in reversed(evidence) if why and point < 0)
    if points >= _ENOUGH:
        return Kinship(kind=KinshipKind.SAME_EVENT, score=min(1.0, points / (2 * _ENOUGH)), why=told)
    lacking = f"too little in common: {', '.join(told) or 'nothing'}"
    return Kinship(kind=KinshipKind.DIFFERENT, score=max(0.0, points / (2 * _ENOUGH)), why=(lacking, *doubts))


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
    elsewhere = where.nearness is Nearness.UNKNOWN and bool(one.facts.places or other.facts.places)
    if (
        words.runs is not None
        and words.runs >= (_RUNS_ELSEWHERE if elsewhere else _RUNS)
        and words.opening >= _OPENING
        and words.heads >= _HEADS
    ):
        why = f"{words.runs:.0%} of its phrases are the other's"
        return Kinship(kind=KinshipKind.SAME_TEXT, score=0.9 * words.runs, why=(why,))
    enough = min(len(one.words), len(other.words)) >= _ENOUGH_WORDS
    if words.one_language and enough and words.words >= _WORDS and words.titles >= _TITLES:
        why = f"{words.words:.0%} of its words are the other's"
        return Kinship(kind=KinshipKind.SAME_TEXT, score=0.9 * words.words, why=(why,))
    return None


def _evidence(one: Sketch, other: Sketch, where: Whereabouts, words: Shared) -> Iterator[Evidence]:
    yield _place(where)
    yield _spot(one, other, where)
    yield _event(one, other)
    yield _time(one, other)
    yield from _figures(one.facts, other.facts)
    yield _actors(one.facts, other.facts)
    yield _wording(words)
    yield _sides(one, other)
    yield _named(one, other, where)
    yield _reply(one, other, where)
    if (marks.SPEECH in one.marks) != (marks.SPEECH in other.marks):
        yield -2.5, "only one is about what somebody says of it"


def _place(where: Whereabouts) -> Evidence:
    names = ", ".join(where.places)
    match where.nearness:
        case Nearness.SAME:
            points = (-0.25, 1.5, 2.5 if is_busy(where.places[0]) else 3.25)[min(where.level, 2)]
            return points + (0.5 if where.main and where.level else 0), f"same place {names}"
        case Nearness.WITHIN:
            close = 2.75 if where.level == where.outer else 1.9
            return (0.5, 1.5, close)[min(where.outer, 2)], f"one place within the other: {names}"
        case _:
            return 0.0, ""


def _spot(one: Sketch, other: Sketch, where: Whereabouts) -> Evidence:
    """What the texts themselves name as places stands in for what no lexicon has."""
    if sorts(one.spots & other.spots):
        return 1.5 if where.nearness is Nearness.UNKNOWN else 1.0, "the same village, quarter or street by name"
    if where.nearness is Nearness.SAME or (where.nearness is Nearness.WITHIN and where.outer > 1):
        return 0.0, ""
    if {spot >> 4 for spot in one.spots} & {spot >> 4 for spot in other.spots}:
        return 2.0, "the same name of a place"
    if differ(one.spots, other.spots, one.names, other.names):
        return (-2.0 if where.nearness is Nearness.UNKNOWN else -1.0), "other names of places"
    return -0.5 if one.facts.places or other.facts.places else 0.0, "only one names a place that is known"


def _event(one: Sketch, other: Sketch) -> Evidence:
    if (differing := other_class(one.facts, other.facts)) is not None:
        return (-2.0 if one.language == other.language else -1.25), differing
    a, b = (frozenset(sketch.facts.events) - SILENT for sketch in (one, other))
    if same := sorted(a & b, key=lambda event: (-COMMON.get(event, 2.0), event)):
        points = COMMON.get(same[0], 2.0)
        return points, f"same event {same[0]}"
    if related := sorted((x, y) for x in a for y in b if are_kin(x, y)):
        return 1.25, f"events that are told of one: {' and '.join(sorted(set(related[0])))}"
    return 0.0, ""


def _time(one: Sketch, other: Sketch) -> Evidence:
    hours = abs(one.told_at - other.told_at) / timedelta(hours=1)
    later = max(one, other, key=lambda sketch: sketch.told_at)
    follows = marks.FOLLOW_UP in later.marks or (marks.days_before(later.marks) or 0) > 0
    for limit, points in ((2, 1.0), (6, 0.5), (12, 0.0)):
        if hours <= limit:
            return points, f"told within {limit} h"
    return (0.0 if follows else -1.5) - (2.0 if hours > 24 else 0.0), f"told {hours:.0f} h apart"


def _figures(one: Facts, other: Facts) -> Iterator[Evidence]:
    for kind in ("killed", "wounded"):
        a: Figure | None = getattr(one, kind)
        b: Figure | None = getattr(other, kind)
        if a is None or b is None or not a.least or not b.least:
            continue
        if a.least == b.least:
            yield (1.0 if a.least == 1 else 1.75), f"same number {kind}: {a.least}"


def _actors(one: Facts, other: Facts) -> Evidence:
    a, b = frozenset(one.actors), frozenset(other.actors)
    if both := sorted(a & b):
        return 0.75, f"same side {both[0]}"
    return (-0.75, "no side in common") if a and b else (0.0, "")


def _wording(words: Shared) -> Evidence:
    if words.one_language:
        points = _over(words.words, 0.25, 4.0) + 2.0 * words.titles
        if words.heads < _HEADS:  # they share what was before
            points = min(points, 1.0)
        return max(-1.5, min(4.0, points)), f"{words.words:.0%} of the words"
    points = _over(words.words, 0.2, 3.0) + words.titles + words.names
    return max(-1.25, min(4.0, points)), f"{words.words:.0%} of the words that both languages have"


def _over(share: float, expected: float, slope: float) -> float:
    """Fewer than expected count more than as many above it."""
    return (share - expected) * (slope if share >= expected else 6.0)


def _sides(one: Sketch, other: Sketch) -> Evidence:
    """East of the town and west of it: said of one thing only where towns are many."""
    a, b = one.marks & marks.SIDES, other.marks & marks.SIDES
    return (-1.25, "to another side") if a and b and not a & b else (0.0, "")


def _named(one: Sketch, other: Sketch, where: Whereabouts) -> Evidence:
    """In scripts with capitals names show: two texts of one language that share none tell of others."""
    capitals = one.language == other.language and one.language not in NO_CAPITALS
    if capitals and where.nearness is Nearness.UNKNOWN and one.names and other.names and not one.names & other.names:
        return -1.5, "no name in common"
    return 0.0, ""


def _reply(one: Sketch, other: Sketch, where: Whereabouts) -> Evidence:
    """A denial or correction is of something that was told."""
    later = max(one, other, key=lambda sketch: sketch.told_at)
    replies = later.facts.tags & {Tag.DENIED, Tag.CORRECTION}
    if replies and where.level > 1 and other_class(one.facts, other.facts) is None:
        return 0.75, "the later one denies or corrects"
    return 0.0, ""
