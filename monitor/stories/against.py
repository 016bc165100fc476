"""What keeps two reports from being kin, however alike they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from monitor.model import Facts, Figure, Sketch, Tag
from monitor.stories import marks
from monitor.stories.families import are_kin, cannot_be_one, compared, plain
from monitor.stories.keys import Within
from monitor.stories.spots import differ, named, sorts
from monitor.stories.whereabouts import Nearness, Whereabouts, parted
from monitor.stories.wording import is_number, is_of_any_language, may_be_a_name
from monitor.stories.wordings import Shared, numbers

# Reports that lie so near each other are told at one time: tolls that differ then are two tolls. Later ones grow.
ONE_TIME = timedelta(minutes=25)
# A report that says 'again' tells of another time than one that was told so long before it, and does not say so.
# A toll of so many times as many is that of a war, told as background.
_LEAP = 20
_AGAIN_AFTER = timedelta(hours=2)
NO_CAPITALS = frozenset({"ar", "fa", "ur", "ckb", "he"})
TOO_FAR = timedelta(hours=48)
_ENOUGH_FOR_ONE = 4  # words of a headline, of which one may differ
_ONE_DAY = timedelta(hours=12)


def vetoes(one: Sketch, other: Sketch, where: Whereabouts, words: Shared, *, within: Within) -> Iterator[str]:
    """Each for people, the weightiest first. The same whichever report is named first."""
    if where.nearness is Nearness.APART and not sorts(one.spots & other.spots):
        yield f"differing places: {' and '.join(sorted(where.places))}"
    elif where.nearness is not Nearness.UNKNOWN and (each := parted(one.facts, other.facts, within)):
        yield f"differing places: {each[0]} and {each[1]}"
    if where.nearness is not Nearness.UNKNOWN:
        yield from _opposite_sides(one, other)
    yield from _figures(one, other)
    yield from _tags(one.facts, other.facts)
    yield from _time(one, other)
    for doing, undoing in () if _is_one_body(words) else marks.OPPOSITES:
        sides = {frozenset(sketch.marks & {doing, undoing}) for sketch in (one, other)}
        if sides == {frozenset({doing}), frozenset({undoing})}:
            yield f"{doing} in the one, {undoing} in the other"
    if Tag.CORRECTION in one.facts.tags | other.facts.tags:
        return  # it says itself what was wrong
    if is_copy(words):
        known = where.nearness is Nearness.SAME and where.main and where.level > 1
        yield from _in_the_same_words(one, other, words, place_known=known)
    else:
        yield from _in_other_words(one, other)


def is_copy(words: Shared) -> bool:
    """Whether one was made of the other, be it with another place or number in it."""
    return words.one_language and ((words.words >= 0.6 and words.titles >= 0.4) or (words.runs or 0.0) >= 0.5)


def _is_one_body(words: Shared) -> bool:
    """Only its headline was written anew: whoever is released was taken before."""
    return words.one_language and (words.runs or 0.0) >= 0.7


def _in_the_same_words(one: Sketch, other: Sketch, words: Shared, *, place_known: bool) -> Iterator[str]:
    """A ticker tells of ten villages, a price list of ten days in the same words: what differs is what is told."""
    if differ(one.spots, other.spots, one.names, other.names):
        yield "the same words of another place"
    elif (a := one.marks & marks.SIDES) and (b := other.marks & marks.SIDES) and not a & b:
        yield f"the same words of another direction: {' and '.join(sorted(a | b))}"
    elif bool(one.facts.places) != bool(other.facts.places) and _differ_in_one_word(one, other):
        yield "the same headline with another place in it"
    elif not place_known and words.titles >= 0.4 and _one_word_for_another(one, other):
        yield "the same headline with another name in it"
    elif one.language not in NO_CAPITALS and (words.runs or 0.0) < 0.75 and _other_names(one, other):
        yield "the same words with other names"
    if (words.words >= 0.75 or (words.runs or 0.0) >= 0.5) and (differing := other_numbers(one, other)):
        yield differing


def _differ_in_one_word(one: Sketch, other: Sketch) -> bool:
    """Where one of the two is a place that is known, the other is one that is not."""
    a, b = set(one.words[: one.title]), set(other.words[: other.title])
    if min(len(a), len(b)) < _ENOUGH_FOR_ONE or {len(a - b), len(b - a)} - {0, 1} or a == b:
        return False
    bare = len(one.words) == one.title and len(other.words) == other.title
    return (bare or len(a - b) == len(b - a)) and not any(is_number(x) or is_of_any_language(x) for x in a ^ b)


def _one_word_for_another(one: Sketch, other: Sketch) -> bool:
    """Whether each title has a word that the other text has in no spelling, and that is none of news's own: verbs and
    things that editors exchange are mostly of `concepts.tsv`; what stands in the same headline instead is a name."""
    return all(
        any(may_be_a_name(word) for word in a.words[: a.title] if word not in b.words)
        and (not a.names or bool(a.names - b.names))
        for a, b in ((one, other), (other, one))
    )


def _other_names(one: Sketch, other: Sketch) -> bool:
    """Whether they share less than half of the names that either has; where one has none, the other only tells more."""
    return 2 * len(one.names & other.names) < min(len(one.names), len(other.names))


def other_numbers(one: Sketch, other: Sketch) -> str:
    """Each has numbers that the other has not. A toll that rises is no contradiction, when it is told later."""
    a, b = numbers(one.words) - numbers(other.words), numbers(other.words) - numbers(one.words)
    if not a or not b:
        return ""
    earlier, later = (a, b) if one.told_at <= other.told_at else (b, a)
    if not _at_one_time(one, other) and min(later) > min(earlier):
        return ""
    return f"the same words with other numbers: {min(a | b)} and {max(a | b)}"


def _in_other_words(one: Sketch, other: Sketch) -> Iterator[str]:
    yield from _kinds(one, other)
    yield from _done(one.facts, other.facts)
    if any(
        differ(named(one.spots, sort), named(other.spots, sort), one.names, other.names)
        for sort in sorts(one.spots) & sorts(other.spots)
    ):
        yield "each names another village, quarter or street"


def other_class(one: Facts, other: Facts) -> str | None:
    """None also where one of them tells of no event."""
    a, b = compared(one.events, other.events)
    if not a or not b or any(are_kin(x, y) for x in a for y in b):
        return None
    return _differing(a, b)


def _done(one: Facts, other: Facts) -> Iterator[str]:
    """However alike their words are: who reads of a shelled car has not read that somebody was taken from it."""
    if cannot_be_one(one.events, other.events):
        yield _differing(plain(one.events), plain(other.events))


def _differing(one: Sequence[str], other: Sequence[str]) -> str:
    return f"differing events: {' and '.join(sorted((one[0], other[0])))}"


def _at_one_time(one: Sketch, other: Sketch) -> bool:
    """A newsroom knows what it told before: it tells more because it knows more by now."""
    if one.newsroom and one.newsroom == other.newsroom and one.told_at != other.told_at:
        return False
    return abs(one.told_at - other.told_at) < ONE_TIME


def _figures(one: Sketch, other: Sketch) -> Iterator[str]:
    earlier, later = sorted((one, other), key=lambda sketch: sketch.told_at)
    at_one_time = _at_one_time(one, other)
    corrects = Tag.CORRECTION in one.facts.tags | other.facts.tags
    for kind in ("killed", "wounded"):
        before: Figure | None = getattr(earlier.facts, kind)
        after: Figure | None = getattr(later.facts, kind)
        if before is None or after is None or before.agrees(after) or corrects:
            continue
        rose = after.least > before.least and marks.FOLLOW_UP in later.marks  # it says itself that there was less
        if (at_one_time and not rose) or after.least < before.least or after.least > _LEAP * max(before.least, 1):
            least, most = sorted((before.least, after.least))
            yield f"contradicting: {kind} {least} and {most}"


def _tags(one: Facts, other: Facts) -> Iterator[str]:
    for tag in (Tag.DRILL, Tag.ANNIVERSARY):
        if (tag in one.tags) != (tag in other.tags):
            yield f"only one is about {'a drill' if tag is Tag.DRILL else 'an anniversary'}"


def _opposite_sides(one: Sketch, other: Sketch) -> Iterator[str]:
    a, b = one.marks & marks.SIDES, other.marks & marks.SIDES
    if len(a) == len(b) == 1 and a | b in marks.OPPOSITE_SIDES:
        yield f"{' and '.join(sorted(a | b))} of it"


def _kinds(one: Sketch, other: Sketch) -> Iterator[str]:
    for mark, about in (
        (marks.SPORT, "sport"),
        (marks.ANALYSIS, "what it means"),
        (marks.ROUNDUP, "a list of news, prices or weather"),
    ):
        if (mark in one.marks) != (mark in other.marks):
            yield f"only one is {about}" if mark == marks.ROUNDUP else f"only one is about {about}"


def _time(one: Sketch, other: Sketch) -> Iterator[str]:
    earlier, later = sorted((one, other), key=lambda sketch: sketch.told_at)
    apart = later.told_at - earlier.told_at
    if apart > TOO_FAR:
        yield f"told {apart.days} days apart"
    elif apart > _AGAIN_AFTER and marks.AGAIN in later.marks and marks.AGAIN not in earlier.marks:
        yield "the later one tells of it happening again"
    elif marks.ROUNDUP in one.marks and apart > _ONE_DAY:
        yield "lists of two days"
    elif (days := _days_apart(earlier, later)) is not None:
        yield days


def _days_apart(earlier: Sketch, later: Sketch) -> str | None:
    """Where both say on which day, by a weekday or 'yesterday', and the days differ."""
    a, b = marks.days_before(earlier.marks), marks.days_before(later.marks)
    if a is None or b is None:
        return None
    first = (earlier.told_at + timedelta(hours=3)).date() - timedelta(days=a)
    second = (later.told_at + timedelta(hours=3)).date() - timedelta(days=b)
    return None if first == second else "each tells of another day"
