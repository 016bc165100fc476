"""Boxes in boxes, against an oracle that knows nothing but the definition and tries every choice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.language import AllOf, AnyOf, Exact, InField, Item, Lexicon, Without
from monitor.model import FIELDS
from monitor.rules.matcher import Matcher
from tests.rules.made import TODAY, a_document, a_rule

WORDS = ("amber", "birch", "cedar", "daisy")
FILLER = "olive"

Interval = tuple[int, int]
Selection = tuple[Interval, ...]
Field = list[list[str]]  # sentences of words


class Oracle:
    """Answers by enumeration. A place is a field and, where that is asked for, one sentence of it."""

    def __init__(self, fields: dict[str, Field]) -> None:
        self.fields = fields

    def holds(self, item: Item, places: list[tuple[str, int | None]]) -> bool:
        match item:
            case Exact(text=text):
                return any(self.positions(text, *place) for place in places)
            case AnyOf(items=items, min_score=int() as score, weights=weights):
                return (
                    sum(weight for weight, each in zip(weights, items, strict=True) if self.holds(each, places))
                    >= score
                )
            case AnyOf(items=items, at_least=at_least):
                return sum(self.holds(each, places) for each in items) >= at_least
            case Without(item=wanted, unwanted=unwanted):
                return self.holds(wanted, places) and not any(self.holds(each, places) for each in unwanted)
            case AllOf(items=items, near=None):
                return all(self.holds(each, places) for each in items)
            case AllOf(items=items, near="title"):
                return all(self.holds(each, [p for p in places if p[0] == "title"]) for each in items)
            case AllOf(items=items, near="sentence"):
                return any(self.holds(AllOf(items=items), [place]) for place in self.sentences(places))
            case AllOf():
                return any(self.selections(item, *place) for place in places)
            case InField(field=field, item=inner):
                return self.holds(inner, [place for place in places if place[0] == field])
        raise AssertionError(item)

    def sentences(self, places: list[tuple[str, int | None]]) -> list[tuple[str, int | None]]:
        return [
            (field, number)
            for field, only in places
            for number in range(len(self.fields[field]))
            if only in (None, number)
        ]

    def positions(self, text: str, field: str, sentence: int | None) -> list[int]:
        words = [(word, number) for number, words in enumerate(self.fields[field]) for word in words]
        return [i for i, (word, number) in enumerate(words) if word == text and sentence in (None, number)]

    def selections(self, item: Item, field: str, sentence: int | None) -> list[Selection]:
        """Every set of intervals that lets the item take part in a distance."""
        match item:
            case Exact(text=text):
                return [((i, i + 1),) for i in self.positions(text, field, sentence)]
            case AnyOf(items=items, min_score=int() as score, weights=weights):
                return [
                    selection
                    for some in reaching(tuple(zip(items, weights, strict=True)), score)
                    for selection in self.crossed(some, field, sentence)
                ]
            case AnyOf(items=items, at_least=at_least):
                return [
                    selection
                    for some in combinations(items, at_least)
                    for selection in self.crossed(some, field, sentence)
                ]
            case Without(item=wanted, unwanted=unwanted):
                spoilt = any(self.holds(each, [(field, sentence)]) for each in unwanted)
                return [] if spoilt else self.selections(wanted, field, sentence)
            case AllOf(items=items, near=None):
                return self.crossed(items, field, sentence)
            case AllOf(items=items, near="sentence"):
                hulls = [self.sentence_hull(items, *place) for place in self.sentences([(field, sentence)])]
                return [(hull,) for hull in hulls if hull]
            case AllOf(items=items, near=int() as gap, ordered=True):
                return [(hull(each),) for each in self.crossed(items, field, sentence) if is_in_row(each, gap)]
            case AllOf(items=items, near=int() as gap):
                return [(hull(each),) for each in self.crossed(items, field, sentence) if is_close(each, gap)]
            case InField(field=wanted, item=inner):
                return self.selections(inner, field, sentence) if wanted == field else []
        raise AssertionError(item)

    def crossed(self, items: tuple[Item, ...], field: str, sentence: int | None) -> list[Selection]:
        every = [self.selections(each, field, sentence) for each in items]
        return [tuple(interval for part in choice for interval in part) for choice in product(*every)]

    def sentence_hull(self, words: tuple[Item, ...], field: str, sentence: int | None) -> Interval | None:
        found = [self.positions(word.text, field, sentence) for word in words if isinstance(word, Exact)]
        return hull([(i, i + 1) for each in found for i in each]) if all(found) else None


def reaching(weighed: tuple[tuple[Item, int], ...], score: int) -> Iterator[tuple[Item, ...]]:
    """Choices that reach a score, and would not without any one of them."""
    for size in range(1, len(weighed) + 1):
        for some in combinations(weighed, size):
            total = sum(weight for _, weight in some)
            if total >= score > total - min(weight for _, weight in some):
                yield tuple(item for item, _ in some)


def hull(intervals: Selection | list[Interval]) -> Interval:
    return min(first for first, _ in intervals), max(last for _, last in intervals)


def is_close(intervals: Selection, gap: int) -> bool:
    covered = {word for first, last in intervals for word in range(first, last)}
    start, end = min(first for first, _ in intervals), max(first for first, _ in intervals)
    bare = "".join("." if word in covered else "x" for word in range(start, end))
    return "x" * (gap + 1) not in bare


def is_in_row(intervals: Selection, gap: int) -> bool:
    return all(0 <= after[0] - before[1] <= gap for before, after in pairwise(intervals))


words = st.builds(lambda text: Exact(text=text), st.sampled_from(WORDS))
some_words = st.lists(words, min_size=1, max_size=3).map(tuple)
gaps = st.integers(0, 3)
sentence_boxes = st.builds(lambda items: AllOf(items=items, near="sentence"), some_words)


def several(inner: st.SearchStrategy[Item], least: int = 1, most: int = 3) -> st.SearchStrategy[tuple[Item, ...]]:
    return st.lists(inner, min_size=least, max_size=most).map(tuple)


def any_of(parts: st.SearchStrategy[tuple[Item, ...]]) -> st.SearchStrategy[Item]:
    return parts.flatmap(lambda items: st.builds(lambda n: AnyOf(items=items, at_least=n), st.integers(1, len(items))))


@st.composite
def scored(draw: st.DrawFn, parts: st.SearchStrategy[tuple[Item, ...]]) -> Item:
    items = draw(parts)
    weights = tuple(draw(st.integers(1, 3)) for _ in items)
    return AnyOf(items=items, weights=weights, min_score=draw(st.integers(1, sum(weights))))


def boxes(inner: st.SearchStrategy[Item]) -> st.SearchStrategy[Item]:
    all_of = st.builds(lambda items, near: AllOf(items=items, near=near), several(inner), st.none() | gaps)
    without = st.builds(lambda item, others: Without(item=item, unwanted=others), inner, several(inner))
    in_field = st.builds(lambda field, item: InField(field=field, item=item), st.sampled_from(FIELDS), inner)
    return any_of(several(inner)) | scored(several(inner)) | all_of | without | in_field


def near(parts: st.SearchStrategy[Item]) -> st.SearchStrategy[Item]:
    return st.builds(lambda items, gap: AllOf(items=items, near=gap), several(parts, 2), gaps)


pairs = st.builds(lambda items: AllOf(items=items), several(words, 2, 2))
# Boxes within a distance are where the ways to choose multiply: they get a test of their own, and few parts each, so
# that none is more than the matcher will try.
some_of = any_of(several(words | pairs, 2, 2)) | scored(several(words | pairs, 2, 2) | several(words, 3))
near_boxes = near(words | some_of | near(words) | sentence_boxes)
items = st.recursive(words | sentence_boxes, boxes, max_leaves=5)

rows = st.builds(
    lambda items, gap: AllOf(items=items, near=gap, ordered=True),
    several(words | several(words).map(lambda items: AnyOf(items=items)), 2),
    gaps,
)

sentences = st.lists(st.sampled_from((*WORDS, FILLER, FILLER)), min_size=1, max_size=5)
fields = st.lists(sentences, min_size=1, max_size=3)
documents = st.fixed_dictionaries(
    {"title": st.lists(sentences, min_size=1, max_size=1), "summary": fields, "body": fields}
)
long_sentences = st.lists(st.sampled_from((*WORDS, *[FILLER] * 6)), min_size=4, max_size=16)
long_texts = st.lists(long_sentences, min_size=1, max_size=2)


def written(field: Field) -> str:
    return " ".join(" ".join(words) + "." for words in field)


def check(item: Item, document: dict[str, Field]) -> None:
    published = {name: written(field) for name, field in document.items()}
    rule = a_rule(all=(item,), search_in=FIELDS)
    matches = Matcher([rule], Lexicon()).match(a_document(**published), feed=None, today=TODAY)
    assert not matches.problems
    assert bool(matches.matches) == Oracle(document).holds(item, [(name, None) for name in FIELDS])


@settings(max_examples=200, deadline=None)
@given(documents, items)
def test_any_box_holds_exactly_when_the_definition_says_so(document, item):
    check(item, document)


@settings(max_examples=150, deadline=None)
@given(long_texts, near_boxes)
def test_boxes_within_a_distance_hold_exactly_when_some_choice_is_close(text, box):
    check(box, {"title": [], "summary": [], "body": text})


@settings(max_examples=150, deadline=None)
@given(long_texts, rows | near(words | rows))
def test_a_row_holds_exactly_when_some_choice_stands_in_order(text, box):
    check(box, {"title": [], "summary": [], "body": text})


@settings(max_examples=100, deadline=None)
@given(documents, st.lists(items, min_size=1, max_size=3).map(tuple), gaps | st.sampled_from(("sentence", "title")))
def test_near_on_a_rule_means_the_same_as_on_a_box(document, those, near):
    published = {name: written(field) for name, field in document.items()}
    seen = a_document(**published)
    rules = [
        a_rule("rule", all=those, near=near, search_in=FIELDS),
        a_rule("box", all=(AllOf(items=those, near=near),), search_in=FIELDS),
    ]
    said = [match.rule_id for match in Matcher(rules, Lexicon()).match(seen, feed=None, today=TODAY).matches]
    assert said in ([], ["rule", "box"])


@settings(max_examples=100, deadline=None)
@given(documents, items)
def test_spans_are_sorted_mark_the_word_of_their_clause_and_come_once(document, item):
    published = {name: written(field) for name, field in document.items()}
    rule = a_rule(any=(item,), search_in=FIELDS)
    for match in Matcher([rule], Lexicon()).match(a_document(**published), feed=None, today=TODAY).matches:
        places = [(FIELDS.index(span.field), span.start, span.end, span.clause) for span in match.spans]
        assert places
        assert places == sorted(set(places))
        assert all(published[span.field][span.start : span.end] == span.clause for span in match.spans)


AMBER, BIRCH, CEDAR = (Exact(text=word) for word in WORDS[:3])
ROW = AllOf(items=(AMBER, BIRCH), near=2, ordered=True)


def test_of_rows_that_end_alike_a_distance_reckons_with_the_longest() -> None:
    check(
        AllOf(items=(CEDAR, ROW), near=0), {"title": [], "summary": [], "body": [["cedar", "amber", "amber", "birch"]]}
    )


def test_an_exclusion_within_a_distance_looks_at_that_field_alone() -> None:
    box = AllOf(items=(Without(item=AMBER, unwanted=(CEDAR,)), BIRCH), near=0)
    pair, spoilt = [["amber", "birch"]], [["amber", "birch", "cedar"]]
    for document in ({"title": pair, "summary": spoilt, "body": []}, {"title": [], "summary": spoilt, "body": []}):
        check(box, document)
