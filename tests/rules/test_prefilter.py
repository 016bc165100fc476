"""No rule is lost: what the matcher finds is what every rule finds that is judged with every pattern tried everywhere.

A lost match is a missed alert, so this is shown over items of every kind in texts that are dressed as no feed dresses
all of them, and over the shipped places and kinds of events in all the texts that we have.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice, product
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor import lexicon
from monitor.language import AllOf, AnyOf, Exact, InField, InPlace, Item, Name, OfEvent, Regex, Rule, Starts, Term, Verb
from monitor.model import FIELDS, Entry
from monitor.rules.matcher import Matcher
from monitor.text.document import read
from monitor.text.heads import HeadIndex
from tests.rules.dressed import LEAVES, LEXICON, PLAIN, WRITTEN, entries, items
from tests.rules.every_word import all_judged, index_of
from tests.rules.made import TODAY, a_document, a_rule
from tests.support import ROOT
from tests.text.torture import rows

ITEMS = ROOT.parent / "shared" / "data" / "items"
LABELLED = ROOT / "tests" / "data" / "labelled" / "cases.jsonl"


def ruled(items: Iterable[Item]) -> list[Rule]:
    return [a_rule(f"r{number}", all=(item,), search_in=FIELDS) for number, item in enumerate(items)]


# Each also beside names that are looked for without spaces: one is rarer than nearly all, one more common.
RARE, COMMON = Name(text="دير الزور"), Name(text="Hama")
PAIRS = [AllOf(items=(item, name)) for name in (RARE, COMMON) for item in LEAVES]
EACH_KIND = Matcher(ruled([*LEAVES, *PAIRS]), LEXICON)
# How few rules and patterns are looked for one by one is a matter of speed alone.
WAYS = {"as they come": {}, "one by one": {"rules": 10**6, "found": 10**6}, "all at once": {"rules": 0, "found": 0}}


def found(matcher: Matcher, entry: Entry, way: str = "as they come") -> tuple[object, ...]:
    few = WAYS[way]
    with (
        patch("monitor.rules.prefilter._FEW_RULES", few.get("rules", 40)),
        patch("monitor.rules.index._FEW_PATTERNS", few.get("found", 24)),
    ):
        return matcher.match(read(entry), feed=None, today=TODAY).matches


def titled(title: str) -> Entry:
    return Entry(feed_id="f", title=title)


@pytest.mark.parametrize("way", WAYS)
@given(entries)
@settings(max_examples=150)
@example(Entry(feed_id="f", title="10قتلى مطارBRIDGE", summary="الجزءabc جزء﷼ شيءʼ", body="وللقاعدة الجوية بالموصل﷼"))
def test_items_of_every_kind_are_found_however_they_are_dressed(way: str, entry: Entry) -> None:
    assert found(EACH_KIND, entry, way) == all_judged(EACH_KIND, entry)


rules = st.builds(
    lambda all_of, any_of, none, query, near, fields: a_rule(
        all=all_of, any=any_of, none=none, query=query, near=near, search_in=fields
    ),
    st.lists(items, max_size=3).map(tuple),
    st.lists(items, max_size=3).map(tuple),
    st.lists(st.sampled_from(LEAVES), max_size=1).map(tuple),
    st.one_of(st.none(), items),
    st.sampled_from([None, None, 5, 20, "sentence"]),
    st.sampled_from([FIELDS, ("title",), ("title", "summary"), ("body",)]),
)


@given(st.lists(rules, min_size=1, max_size=4), st.lists(entries, min_size=1, max_size=4))
@settings(max_examples=100)
def test_rules_of_any_boxes_are_found(made: list[Rule], published: list[Entry]) -> None:
    matcher = Matcher(made, LEXICON)
    for entry in published:
        assert found(matcher, entry) == all_judged(matcher, entry)


@pytest.mark.parametrize("number", range(0, len(WRITTEN), 12))
def test_each_form_is_found_where_it_stands_alone_and_behind_each_particle(number: int) -> None:
    form = WRITTEN[number]
    bare = form.removeprefix("ال")
    before = ("", "و", "ب", "ال", "بال", "ل", "لل", "ولل", "3", "A", "ж", "ﷺ ", "﷼")
    title = " . ".join((*(each + form for each in before), f"لل{bare}", f"ل{bare}", f"وب{form}x", f"{form}٣"))
    entry = Entry(feed_id="f", title=title, summary="HAMA قرب ديرالزور")
    assert found(EACH_KIND, entry) == all_judged(EACH_KIND, entry)


def test_the_texts_of_these_tests_hold_what_every_item_waits_for() -> None:
    """Else they would prove nothing."""
    every = " . ".join(WRITTEN)
    matched = {match.rule_id for match in all_judged(EACH_KIND, titled(every))}
    missing = [
        item for rule, item in zip(EACH_KIND.rules, [*LEAVES, *PAIRS], strict=True) if rule.rule.id not in matched
    ]
    assert [item for item in missing if getattr(item, "items", (item,))[0] in PLAIN] == []


# item, title, because: none of these may be lost
HOSTILE: list[tuple[Item, str, str]] = [
    (Exact(text="raid"), "مطارRaid", "a word in front in other letters, not parted from it"),
    (Exact(text="raid"), "raidمطار", "a word behind in other letters"),
    (Exact(text="10"), "سقوط 10قتلى", "a number that letters touch"),
    (Exact(text="F16"), "طائرةF16تقصف", "letters and digits"),
    (Name(text="Hama"), "فيHamaو", "a name"),
    (Term(text="مطار"), "المطار﷼", "a sign that folds to letters"),
    (Term(text="مطار"), "﷼مطار", "and in front"),
    (Term(text="شيء"), "شيءabc", "a final hamza before other letters"),
    (Term(text="شيء"), "شيءʼ", "before a letter that is an apostrophe"),
    (Term(text="شيء"), "شيءⅣ", "before a numeral that folds to letters"),
    (Term(text="شيء"), "شىءﷲ ü شيئًا", "beside a text that is not plain"),
    (Term(text="جزء"), "جزءًا", "tanwin behind the hamza"),
    (Term(text="جزء"), "جزءا\u064bж", "the same, not plain"),
    (Exact(text="か"), "か\ufe76\u3099", "a voicing that something folded away parts from its kana"),
    (Term(text="غارة"), "غارة\u064c\u200f", "marks behind the ta"),
    (Term(text="غارة"), "غارةٌ و\ud800", "a lone surrogate"),
    (Term(text="غارة"), "\u0651غارة", "a mark in front"),
    (Term(text="غارة"), "\x00غارة\x00", "NUL"),
    (Term(text="غارة"), "قصف\x1cغارة\u0085جوية", "separators of old"),
    (Term(text="غارة"), "غـــ\u200c\u200dـارة", "stretched and joined"),
    (Term(text="آلية"), "ا\u0653لية", "a madda as a mark"),
    (Term(text="لاجئ"), "لاجى\u0654", "a hamza as a mark"),
    (Term(text="لاجئ"), "للاجئين", "ل before a ل takes the whole article"),
    (Term(text="إصابة"), "ا\u0655صابات", "a hamza below as a mark"),
    (Term(text="مطار"), "ﻣﻄﺎﺭ", "presentation forms"),
    (Term(text="لاجئ"), "ﻻجئون", "a ligature"),
    (Name(text="الموصل"), "صلى الله ﷺ وللموصل", "a ligature of words, an alef taken away"),
    (Name(text="دير الزور"), "بديرالزور", "a joined name"),
    (Name(text="دير الزور"), "دير_الزور﷼", "in a text that is not plain"),
    (Name(text="القامشلي"), "القام شلي", "a name cut in two"),
    (Name(text="علي"), "وعلى لعليّ", "a short name"),
    (InPlace(ids=("bana",)), "لە بانەدا", "a short name with an ending"),
    (Starts(text="ال"), "ü الا", "two letters of the article"),
    (Starts(text="か"), "かき", "a beginning in letters of far away"),
    (Exact(text="ء"), "شي ء", "one letter"),
    (Term(text="أة"), "في آت", "a word of which nothing but endings is left"),
    (Term(text="جسر ء"), "جسر ء", "a phrase with one letter"),
    (Verb(text="رد"), "فردّوا \u2003عليه", "a verb of two letters"),
    (Exact(text="ڈرون"), "ڈرون", "an Urdu letter"),
    (Exact(text="\U0001ee00"), "\U0001ee00", "a letter of mathematics"),
    (Exact(text="\U00020000"), "\U00020000 \U00020001", "letters past the first plane"),
    (Exact(text="𝐫𝐚𝐢𝐝"), "RAID", "letters of mathematics that are those of words"),
    (Regex(pattern=r"\d{3}"), "رقم ١٢٣", "a regex waits for nothing"),
    (AllOf(items=(Term(text="قصف"), Regex(pattern="1"))), "قصف 1", "beside a word"),
    (AnyOf(items=(Term(text="قصف"), Regex(pattern="1"))), "1", "or without it"),
]


@pytest.mark.parametrize(("item", "title", "because"), HOSTILE, ids=[case[2] for case in HOSTILE])
def test_nothing_is_lost_in_hostile_texts(item: Item, title: str, because: str) -> None:
    matcher = Matcher(ruled([item]), LEXICON)
    matches = all_judged(matcher, titled(title))
    assert len(matches) == 1, because
    assert found(matcher, titled(title)) == matches, because


@pytest.mark.parametrize("plain", FIELDS)
def test_plain_fields_and_others_stand_beside_each_other(plain: str) -> None:
    fields = dict.fromkeys(FIELDS, "قصف ж 1 قتيل﷼") | {plain: "غارة قرب دير الزور"}
    made = [
        InField(field=name, item=item)  # type: ignore[arg-type]
        for name in FIELDS
        for item in (Term(text="غارة"), Name(text="دير الزور"), Term(text="قتيل"), Exact(text="ж"), Verb(text="قصف"))
    ]
    matcher = Matcher(ruled(made), LEXICON)
    entry = Entry(feed_id="f", **fields)
    matches = all_judged(matcher, entry)
    assert len(matches) == 2 + 2 * 3
    assert found(matcher, entry) == matches


@pytest.mark.parametrize("word", ["ا" * 100_000, "قصف" * 30_000, "ي" * 100_000 + "ء", "a" * 100_000, "ٹ" * 30_000])
def test_a_word_without_end_hides_no_other(word: str) -> None:
    matches = found(EACH_KIND, titled(f"{word} غارة {word} دير الزور"))
    assert matches == all_judged(EACH_KIND, titled(f"{word} غارة {word} دير الزور"))
    assert matches


def test_where_nothing_waited_for_is_there_no_rule_is_judged() -> None:
    """Else all of this would be for nothing."""
    rule = a_rule(all=(Term(text="غارة"), InPlace(ids=("zor",))))
    matcher = Matcher([rule], LEXICON)
    with patch("monitor.rules.matcher.judge", side_effect=AssertionError):
        for title in ("", "افتتاح معرض الكتاب", "غارة على قرية", "هدوء في دير الزور", "مغارة في دير الزور"):
            assert not matcher.match(a_document(title), feed=None, today=TODAY).matches
        with pytest.raises(AssertionError):
            matcher.match(a_document("غارة على دير الزور"), feed=None, today=TODAY)


# --- what is shipped, in the texts that we have --------------------------------------------------

_PLACES = 300


@cache
def shipped() -> tuple[Matcher, HeadIndex]:
    """A rule for every kind of event, for some places of every country, and for both together."""
    known = lexicon.load()
    events = [OfEvent(ids=(each,)) for each in known.events]
    stride = max(1, len(known.places) // _PLACES)
    places = [InPlace(ids=(each,)) for each in islice(sorted(known.places), 0, None, stride)]
    countries = [InPlace(ids=(place.id,)) for place in known.places.values() if place.within is None]
    both = [AllOf(items=pair) for pair in zip(places, events * len(places), strict=False)]
    near = [AllOf(items=pair, near=15) for pair in product(countries, events[::6])]
    matcher = Matcher(ruled([*events, *places, *countries, *both, *near]), known)
    return matcher, HeadIndex(pattern.heads for pattern in index_of(matcher).patterns)


def nothing_lost(published: Iterable[Entry]) -> int:
    matcher, heads = shipped()
    total = 0
    for entry in published:
        matches = found(matcher, entry)
        assert matches == all_judged(matcher, entry, heads), entry
        total += len(matches)
    return total


def torture_texts() -> Iterator[Entry]:
    """Eight rows a text, since most hold nothing that these rules wait for."""
    surfaces = list(dict.fromkeys(row.surface for row in rows()))
    for at in range(0, len(surfaces), 8):
        yield Entry(feed_id="f", title=" | ".join(surfaces[at : at + 4]), body="\n\n".join(surfaces[at + 4 : at + 8]))


def labelled_texts() -> Iterator[Entry]:
    for line in LABELLED.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        yield Entry(feed_id="f", title=case["title"], summary=case.get("summary", ""))


def articles(file: Path, count: int) -> Iterator[Entry]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 0, None, 24_000 // count):
            article = json.loads(line)
            yield Entry(feed_id="f", **{name: article.get(key) or "" for name, key in _FIELDS.items()})


_FIELDS = {"title": "title", "summary": "summary", "body": "text"}


def test_nothing_shipped_is_lost_in_the_torture_set() -> None:
    assert nothing_lost(torture_texts()) > 1_000


def test_nothing_shipped_is_lost_in_the_labelled_set() -> None:
    assert nothing_lost(labelled_texts()) > 1_000


@pytest.mark.skipif(not ITEMS.exists(), reason="the articles beside the project are not here")
def test_nothing_shipped_is_lost_in_real_articles() -> None:
    assert nothing_lost(articles(ITEMS / "antcorpus_2018.jsonl.gz", 200)) > 100
