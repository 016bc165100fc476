"""Both sets of labelled pairs are sound as data; what the product makes of them is measured elsewhere."""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

HERE = Path(__file__).parent.parent / "data" / "stories"
KINDS = {
    "same text": {
        "copy that credits the agency",
        "copy with a sentence cut",
        "copy with added background",
        "copy with ornaments and hashtags",
        "copy with the outlet's lead",
        "digits and words of numbers exchanged",
        "headline changed over the same body",
        "headline only copies",
        "light edit of wording",
        "long report copied nearly whole",
        "order of sentences changed",
        "second version by the same newsroom",
        "spelling variants",
        "teaser cut off in mid-sentence",
        "verbatim wire copy",
    },
    "same event": {
        "a follow-up that tells what came of it",
        "a side comments on it or claims it",
        "active and passive",
        "airport's name and its city",
        "city written as one word and as two",
        "classes that tell one event",
        "correction of it",
        "denial of it by a side",
        "figures told in other ways",
        'named actor and "gunmen"',
        "neighbourhood and its city",
        "other language",
        "place or actor told by one only",
        "place called by another name",
        "rewritten in other words",
        "rising toll an hour later",
        "short ticker and full report",
        "the next morning's full report",
    },
    "different": {
        "anniversary of the event",
        "contradicting figures at one time, otherwise other details",
        "copied text with a contradicting figure",
        "denial of another thing",
        "drill and event",
        'football "clashes" and real ones',
        "headline alike, other country",
        "homonymous places",
        "long background shared by two events",
        "opposite news in the same words",
        "same actor elsewhere",
        "same class and town, the day after",
        "same town, other class of event",
        "same words, other town",
        "statement that only mentions it",
        "template headline of two days",
        "twice in one place on one day",
        "two arrests in one city",
        "two events of one region on one day",
        "two similar events in two towns",
        "two strikes in two quarters of one city",
        "unrelated news",
        "warning or threat, and the deed",
        "who did it to whom is turned round",
    },
}

ORDINARY = {
    "copy that credits the agency",
    "copy with a sentence cut",
    "copy with the outlet's lead",
    "headline changed over the same body",
    "light edit of wording",
    "other language",
    "rewritten in other words",
    "short ticker and full report",
    "two events of one region on one day",
    "two similar events in two towns",
    "unrelated news",
    "verbatim wire copy",
}
"""What a desk sees all day; the other kinds are the hard ones."""

Pair = Mapping[str, Any]


class Labelled(NamedTuple):
    """One file of labelled pairs, and what it promises."""

    file: str
    letter: str
    at_least: Mapping[str, int]
    each_kind: int
    without: Set[str]

    def pairs(self) -> list[Pair]:
        return [json.loads(line) for line in (HERE / self.file).read_text(encoding="utf-8").splitlines()]


FIRST = Labelled(
    "pairs.jsonl",
    "t",
    {"same text": 100, "same event": 110, "different": 130},
    6,
    {"two events of one region on one day", "two similar events in two towns"},
)
SECOND = Labelled("pairs-2.jsonl", "u", {"same text": 85, "same event": 105, "different": 115}, 2, set())
SETS = (FIRST, SECOND)
EVERY_PAIR: list[Pair] = [pair for labelled in SETS for pair in labelled.pairs()]


@pytest.fixture(params=SETS, ids=lambda labelled: labelled.file)
def labelled(request: pytest.FixtureRequest) -> Labelled:
    chosen: Labelled = request.param
    return chosen


def entries(pairs: Iterable[Pair]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for pair in pairs:
        for side in ("a", "b"):
            yield f"{pair['id']} {side}", pair[side]


def told(entry: Mapping[str, str]) -> str:
    return f"{entry['title']} {entry['summary']}"


def script(text: str) -> str:
    """The script most of the letters are of, by the first word of their Unicode names."""
    letters = Counter(unicodedata.name(char, "?").split()[0] for char in text if char.isalpha())
    return letters.most_common(1)[0][0]


def words(pair: Pair) -> set[str]:
    return set(re.findall(r"\w+", told(pair["a"]) + told(pair["b"])))


def test_pairs_are_numbered_through_without_a_gap(labelled: Labelled):
    pairs = labelled.pairs()
    assert [pair["id"] for pair in pairs] == [f"{labelled.letter}{number:03d}" for number in range(1, len(pairs) + 1)]


def test_every_pair_says_the_same_things_in_the_same_shape():
    for pair in EVERY_PAIR:
        assert list(pair) == ["id", "label", "kind", "a", "b", "note"], pair["id"]
        assert isinstance(pair["note"], str), pair["id"]
    for where, entry in entries(EVERY_PAIR):
        assert list(entry) == ["title", "summary", "source", "published"], where
        assert all(isinstance(value, str) for value in entry.values()), where


def test_every_label_and_kind_is_a_known_one():
    unknown = [pair["id"] for pair in EVERY_PAIR if pair["kind"] not in KINDS.get(pair["label"], ())]
    assert not unknown


def test_there_are_enough_pairs_of_each_label(labelled: Labelled):
    counted = Counter(pair["label"] for pair in labelled.pairs())
    assert {label: counted[label] for label, least in labelled.at_least.items() if counted[label] < least} == {}


def test_the_page_about_the_sets_counts_as_they_do():
    page = (HERE / "README.md").read_text(encoding="utf-8")
    counted = [Counter(pair["label"] for pair in labelled.pairs()) for labelled in SETS]
    for labelled, counts in zip(SETS, counted, strict=True):
        assert f"`{labelled.file}` holds {counts.total()} pairs" in page
    said = re.findall(r"^\| ([a-z ]+?) +\| +(\d+) \| +(\d+) \|", page, re.M)
    assert [Counter({label: int(numbers[column]) for label, *numbers in said}) for column in (0, 1)] == counted


def test_every_kind_has_pairs_enough_to_be_reported_by_itself(labelled: Labelled):
    counted = Counter(pair["kind"] for pair in labelled.pairs())
    kinds = {kind for kinds in KINDS.values() for kind in kinds} - labelled.without
    assert {kind: counted[kind] for kind in kinds if counted[kind] < labelled.each_kind} == {}


def test_about_half_of_the_second_set_is_the_ordinary_case():
    pairs = SECOND.pairs()
    ordinary = sum(pair["kind"] in ORDINARY for pair in pairs)
    assert 0.45 <= ordinary / len(pairs) <= 0.6


def test_titles_and_summaries_are_single_trimmed_lines_and_a_title_is_always_there():
    for where, entry in entries(EVERY_PAIR):
        assert entry["title"], where
        for text in (entry["title"], entry["summary"]):
            assert text == text.strip(), where
            assert len(text.splitlines()) <= 1, where


def test_sources_are_plain_ids():
    every = entries(EVERY_PAIR)
    wrong = [where for where, entry in every if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry["source"])]
    assert not wrong


def test_every_date_has_a_zone():
    every = entries(EVERY_PAIR)
    naive = [where for where, entry in every if datetime.fromisoformat(entry["published"]).tzinfo is None]
    assert not naive


def test_a_copy_is_never_older_than_what_it_copies():
    for pair in EVERY_PAIR:
        if pair["label"] == "same text":
            first, copied = (datetime.fromisoformat(pair[side]["published"]) for side in ("a", "b"))
            assert first < copied, pair["id"]


def test_no_newsroom_says_one_thing_in_two_pairs_of_either_set():
    where_told: dict[str, set[str]] = {}
    for where, entry in entries(EVERY_PAIR):
        where_told.setdefault(told(entry), set()).add(where.split()[0])
    assert {text: pairs for text, pairs in where_told.items() if len(pairs) > 1} == {}


def test_no_two_pairs_of_either_set_are_one_template_with_other_names():
    """By the words in common of all that the two pairs tell; no two share three tenths of them."""
    bags = {pair["id"]: words(pair) for pair in EVERY_PAIR}
    alike = [
        (one, other)
        for one, other in itertools.combinations(bags, 2)
        if len(bags[one] & bags[other]) >= 0.3 * len(bags[one] | bags[other])
    ]
    assert not alike


def test_entries_of_one_text_are_of_one_script_and_many_others_are_not(labelled: Labelled):
    pairs = labelled.pairs()
    crossing = Counter(pair["label"] for pair in pairs if script(told(pair["a"])) != script(told(pair["b"])))
    total = Counter(pair["label"] for pair in pairs)
    assert crossing["same text"] == 0
    assert crossing["same event"] > total["same event"] / 3
    assert crossing["different"] > total["different"] / 5
