"""What speaks for and against one event, as numbers with names: what `weights.tsv` weighs.

Most are 0 or 1, words in common -1.5 to 4. The earlier report stands first, so that it does not matter which is named
first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from monitor.model import Facts, Figure, Sketch, Tag
from monitor.stories import marks
from monitor.stories.against import NO_CAPITALS, other_class
from monitor.stories.families import COMMON, VAGUE, are_kin, compared
from monitor.stories.spots import differ, sorts
from monitor.stories.whereabouts import Nearness, Whereabouts, is_busy
from monitor.stories.wordings import Shared

HEADS = 0.43  # of the words of both titles, in the other text: fewer where they share a background alone
_COUNTED = timedelta(hours=12)
_DAY = 20  # hours, from where on 'today' is another one
_TOWN = 2  # level of a town and what is smaller; see `Whereabouts`
_EVENT = 2.0  # what a class in common says, if it is none of `COMMON`


@dataclass(frozen=True, slots=True)
class Feature:
    """`why`: for people, '' where it is not worth telling."""

    name: str
    value: float
    why: str = ""


def features(one: Sketch, other: Sketch, where: Whereabouts, words: Shared) -> Iterator[Feature]:
    """Those that are not 0."""
    earlier, later = sorted((one, other), key=lambda sketch: (sketch.told_at, sketch.text))
    for found in (
        _place(one, other, where),
        _spots(one, other, where),
        _events(one.facts, other.facts),
        _time(earlier, later),
        _figures(one.facts, other.facts),
        _toll(earlier, later),
        _actors(one.facts, other.facts),
        _wording(one, other, words),
        _names(one, other, where),
        _marks(earlier, later, where),
    ):
        yield from (feature for feature in found if feature.value)


def _place(one: Sketch, other: Sketch, where: Whereabouts) -> Iterator[Feature]:
    names = ", ".join(where.places)
    match where.nearness:
        case Nearness.SAME:
            level = ("country", "governorate", "town")[min(where.level, _TOWN)]
            yield Feature(f"same {level}", 1.0, f"same place {names}")
            if level == "town" and is_busy(where.places[0]):
                yield Feature("same busy town", 1.0, "where much happens")
            yield Feature("same place first", float(where.main and where.level > 0))
        case Nearness.WITHIN:
            level = ("country", "governorate", "town")[min(where.outer, _TOWN)]
            yield Feature(f"within one {level}", 1.0, f"one place within the other: {names}")
            yield Feature("of one town", float(where.level == where.outer >= _TOWN))
        case _:
            known = bool(one.facts.places) + bool(other.facts.places)
            yield Feature("one place unknown", float(known == 1), "only one names a place that is known")


def _spots(one: Sketch, other: Sketch, where: Whereabouts) -> Iterator[Feature]:
    """What the texts themselves name as places stands in for what no lexicon has."""
    unknown = where.nearness is Nearness.UNKNOWN
    if sorts(one.spots & other.spots):
        yield Feature("same spot of a sort", 1.0, "the same village, quarter or street by name")
        yield Feature("same spot of a sort, place unknown", float(unknown))
    elif where.nearness is Nearness.SAME or (where.nearness is Nearness.WITHIN and where.outer >= _TOWN):
        return
    elif {spot >> 4 for spot in one.spots} & {spot >> 4 for spot in other.spots}:
        yield Feature("same spot", 1.0, "the same name of a place")
        yield Feature("same spot, place unknown", float(unknown))
    elif differ(one.spots, other.spots, one.names, other.names):
        yield Feature("other spots", 1.0, "other names of places")
        yield Feature("other spots, place unknown", float(unknown))
    else:
        yield Feature("no spot", float(bool(one.facts.places or other.facts.places)))


def _events(one: Facts, other: Facts) -> Iterator[Feature]:
    a, b = compared(one.events, other.events)
    if (differing := other_class(one, other)) is not None:
        yield Feature("other event", 1.0, differing)
    elif same := sorted({*a} & {*b}, key=lambda event: (-COMMON.get(event, _EVENT), event)):
        yield Feature("same event", COMMON.get(same[0], _EVENT) / _EVENT, f"same event {same[0]}")
    elif related := sorted((x, y) for x in a for y in b if are_kin(x, y)):
        plainly = VAGUE.isdisjoint(event for pair in related for event in pair)
        why = f"events that are told of one: {' and '.join(sorted(set(related[0])))}"
        yield Feature("plainly another related event" if plainly else "related event", 1.0, why)
    else:
        yield Feature("one event unknown", float(bool(a) != bool(b)), "only one names an event that is known")


def _time(earlier: Sketch, later: Sketch) -> Iterator[Feature]:
    hours = (later.told_at - earlier.told_at) / timedelta(hours=1)
    follows = marks.FOLLOW_UP in later.marks or (marks.days_before(later.marks) or 0) > 0
    for limit in (2, 6):
        if hours <= limit:
            yield Feature(f"within {limit} h", 1.0, f"told within {limit} h")
            return
    if hours <= 12:
        return
    yield Feature("half a day apart", 1.0, f"told {hours:.0f} h apart")
    yield Feature("follows next day", float(follows), "the later one looks back")
    yield Feature("a day apart", float(hours > _DAY))


def _figures(one: Facts, other: Facts) -> Iterator[Feature]:
    for kind in ("killed", "wounded"):
        a: Figure | None = getattr(one, kind)
        b: Figure | None = getattr(other, kind)
        if a is not None and b is not None and a.least and a.least == b.least:
            yield Feature(f"same {kind}", 0.6 if a.least == 1 else 1.0, f"same number {kind}: {a.least}")


def _toll(earlier: Sketch, later: Sketch) -> Iterator[Feature]:
    """While they are still counted: half a day later a higher number may as well be that of another event."""
    if later.told_at - earlier.told_at > _COUNTED:
        return
    pairs = ((getattr(earlier.facts, kind), getattr(later.facts, kind)) for kind in ("killed", "wounded"))
    rises = any(a is not None and b is not None and b.least > a.least for a, b in pairs)
    yield Feature("toll rises", float(rises), "the later toll is higher")


def _actors(one: Facts, other: Facts) -> Iterator[Feature]:
    a, b = frozenset(one.actors), frozenset(other.actors)
    if both := sorted(a & b):
        yield Feature("same side", 1.0, f"same side {both[0]}")
    elif a and b:
        yield Feature("other sides", 1.0, "no side in common")


def _wording(one: Sketch, other: Sketch, words: Shared) -> Iterator[Feature]:
    if words.one_language:
        points = _over(words.words, 0.25, 4.0) + 2.0 * words.titles
        if words.heads < HEADS:  # they share what was before
            points = min(points, 1.0)
        yield Feature("words", max(-1.5, min(4.0, points)), f"{words.words:.0%} of the words")
        yield Feature("turned round", _turned(one, other), "the same words the other way round")
        return
    points = _over(words.words, 0.2, 3.0) + words.titles + words.names
    why = f"{words.words:.0%} of the words that both languages have"
    yield Feature("translated words", max(-1.25, min(4.0, points)), why)


def _turned(one: Sketch, other: Sketch) -> float:
    """Of each two words that both titles have, how many stand the other way round: who did it to whom."""
    title = [word for word in one.words[: one.title] if word in other.words[: other.title]]
    places = [other.words.index(word) for word in title]
    both = len(places) * (len(places) - 1) / 2
    return sum(a > b for at, a in enumerate(places) for b in places[at + 1 :]) / both if both else 0.0


def _over(share: float, expected: float, slope: float) -> float:
    """Fewer than expected count more than as many above it."""
    return (share - expected) * (slope if share >= expected else 6.0)


def _names(one: Sketch, other: Sketch, where: Whereabouts) -> Iterator[Feature]:
    """In scripts with capitals names show: two texts of one language that share none tell of others."""
    capitals = one.language == other.language and one.language not in NO_CAPITALS
    if capitals and where.nearness is Nearness.UNKNOWN and one.names and other.names and not one.names & other.names:
        yield Feature("no name in common", 1.0, "no name in common")


def _marks(earlier: Sketch, later: Sketch, where: Whereabouts) -> Iterator[Feature]:
    only_one = (marks.SPEECH in earlier.marks) != (marks.SPEECH in later.marks)
    yield Feature("speech", float(only_one), "only one is about what somebody says of it")
    threatened = (marks.THREAT in earlier.marks) != (marks.THREAT in later.marks)
    yield Feature("threat", float(threatened), "only one is about what may come")
    a, b = earlier.marks & marks.SIDES, later.marks & marks.SIDES
    yield Feature("other direction", float(bool(a and b and not a & b)), "to another side")
    follows = marks.FOLLOW_UP in later.marks and marks.FOLLOW_UP not in earlier.marks
    yield Feature("follow-up", float(follows), "the later one follows up")
    replies = later.facts.tags & {Tag.DENIED, Tag.CORRECTION}
    if replies and where.level >= _TOWN and other_class(earlier.facts, later.facts) is None:
        yield Feature("reply", 1.0, "the later one denies or corrects")
