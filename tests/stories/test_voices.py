"""How many independently tell a story."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language import Newsroom
from monitor.model import Facts, Origin, Report, Sketch
from monitor.stories.versions import MOST_EARLIER, renewed
from monitor.stories.voices import MOST_NAMED, told_by, voices

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def report(
    newsroom: str, text: str, minute: int = 0, *, owner: str = "", credited: str | None = None, entry_id: int = 0
) -> Report:
    """`text`: two are the same where their words are the same but for one."""
    words = frozenset(map(hash, text.split()))
    sketch = Sketch(
        text=text.encode(), headline=b"", grams=words, facts=Facts(), told_at=NOON + minute * MINUTE, language="ar"
    )
    origin = Origin(newsroom=newsroom, owner=credited or owner or newsroom, credited=credited)
    return Report(
        entry_id=entry_id, feed_id=f"{newsroom}-feed", sketch=sketch, origin=origin, seen_at=NOON,
        link=f"https://{newsroom}.example/{minute}",
    )  # fmt: skip


def alike(one: Sketch, other: Sketch) -> bool:
    return len(one.grams ^ other.grams) <= 2


def owners(*reports: Report) -> tuple[str, ...]:
    return voices(reports, alike=alike).owners


def test_each_owner_with_a_text_of_its_own_is_a_voice_in_the_order_of_time() -> None:
    told = voices([report("b", "جسر سقط اليوم", 2), report("a", "انهار المعبر ليلا", 1)], alike=alike)
    assert (told.owners, told.independent, told.reports) == (("a", "b"), 2, 2)


def test_newsrooms_of_one_owner_are_one_voice() -> None:
    assert owners(report("a", "جسر سقط", owner="group"), report("b", "انهار معبر ليلا هنا", owner="group")) == (
        "group",
    )


def test_who_prints_an_agency_speaks_with_its_voice() -> None:
    first, second = report("a", "جسر سقط", credited="wire"), report("b", "انهار معبر ليلا هنا", 1, credited="wire")
    assert owners(first, second, report("wire", "ثالث لا يشبه هذا", 2)) == ("wire",)


def test_a_copy_is_the_voice_of_whoever_told_it_earlier() -> None:
    assert owners(report("a", "جسر سقط في النهر", 5), report("b", "جسر سقط في النهر", 3)) == ("b",)


def test_a_tie_of_time_goes_to_the_owner_that_comes_first_in_the_alphabet() -> None:
    assert owners(report("b", "جسر سقط"), report("a", "جسر سقط")) == ("a",)


def test_a_copy_of_a_copy_is_the_voice_of_the_first() -> None:
    texts = ["واحد اثنان ثلاثة أربعة", "واحد اثنان ثلاثة خمسة", "واحد اثنان ستة خمسة"]
    assert not alike(report("a", texts[0]).sketch, report("c", texts[2]).sketch)
    assert owners(*(report(name, text, at) for at, (name, text) in enumerate(zip("abc", texts, strict=True)))) == ("a",)


def test_an_agency_is_older_than_whoever_printed_its_text_without_saying_so() -> None:
    assert owners(report("a", "جسر سقط في النهر", 1), report("b", "جسر سقط في النهر", 9, credited="wire")) == ("wire",)


def test_an_owner_that_copied_once_is_a_voice_by_a_text_of_its_own() -> None:
    copied = report("b", "جسر سقط في النهر", 2)
    assert owners(report("a", "جسر سقط في النهر", 1), copied, report("b", "مراسلنا رأى الجسر ينهار", 3)) == ("a", "b")


BRIDGE_AND_CROSSING = ("جسر سقط في النهر", "انهار معبر ليلا هنا قرب الضفة")


def seen(minute: int, of: Report) -> Report:
    return replace(of, seen_at=NOON + minute * MINUTE)


@pytest.mark.parametrize(
    ("claims", "agencies", "owners"),
    [
        ([report("h", BRIDGE_AND_CROSSING[0], -60), report("h", BRIDGE_AND_CROSSING[1], -60)], [], ("a", "b")),
        (
            [report("h", f"{text}{more}", -60) for text in BRIDGE_AND_CROSSING for more in ("", " الآن")],
            [],
            ("a", "b"),
        ),
        ([report("h", BRIDGE_AND_CROSSING[0], 3, credited="b")], [], ("a", "b")),
        (
            [
                report("h", BRIDGE_AND_CROSSING[0], 3, credited="x"),
                report("h", BRIDGE_AND_CROSSING[1], 3, credited="x"),
            ],
            [],
            ("a", "b"),
        ),
        (
            [report("wire", BRIDGE_AND_CROSSING[0], -60), report("wire", BRIDGE_AND_CROSSING[1], -60)],
            ["wire"],
            ("wire",),
        ),
    ],
    ids=[
        "dated back",
        "dated back twice",
        "credited to the other",
        "credited to a third",
        "an agency that was asked late",
    ],
)
def test_what_was_seen_later_makes_no_two_sources_one_unless_it_is_an_agency_s(claims, agencies, owners) -> None:
    honest = [seen(0, report("a", BRIDGE_AND_CROSSING[0], 0)), seen(5, report("b", BRIDGE_AND_CROSSING[1], 5))]
    late = [seen(9, each) for each in claims]
    reports = [*honest, *late]
    assert voices(reports, alike=alike, agencies=agencies).owners == owners
    named = told_by(reports, {}, alike=alike, agencies=agencies)
    assert len([each for each in named if each.independent]) == len(owners)
    assert len(named) == 3, "who claims is named, too"


def test_what_was_seen_first_and_copied_is_the_source_of_both() -> None:
    first = [seen(0, report("x", BRIDGE_AND_CROSSING[0])), seen(0, report("x", BRIDGE_AND_CROSSING[1]))]
    copies = [seen(3, report("a", BRIDGE_AND_CROSSING[0], 1)), seen(4, report("b", BRIDGE_AND_CROSSING[1], 2))]
    assert owners(*first, *copies) == ("x",)


# --- versions ----------------------------------------------------------------------------------------

BRIDGE, CROSSING = BRIDGE_AND_CROSSING
OTHER_WORDS = "مراسلنا رأى الدعائم تنهار أمس"


def edited(of: Report, text: str, minute: int) -> Report:
    """Seen so many minutes after noon."""
    return renewed(of, seen(minute, report(of.origin.newsroom, text, minute, owner=of.origin.owner)))


def first(newsroom: str, text: str, minute: int) -> Report:
    """Seen when it was told."""
    return seen(minute, report(newsroom, text, minute))


def test_a_copy_stays_a_copy_when_its_original_is_edited() -> None:
    original, copy = first("a", BRIDGE, 0), first("b", BRIDGE, 2)
    assert owners(edited(original, OTHER_WORDS, 5), copy) == ("a",)
    late = first("b", BRIDGE, 9)  # whoever printed the first version after it was edited
    assert owners(edited(original, OTHER_WORDS, 5), late) == ("a",)
    named = told_by([edited(original, OTHER_WORDS, 5), copy], {}, alike=alike)
    assert [(each.name, each.independent) for each in named] == [("a", True), ("b", False)]


def test_a_copy_of_an_edit_is_a_copy_even_where_the_edit_was_edited_again() -> None:
    original = edited(edited(first("a", BRIDGE, 0), CROSSING, 3), OTHER_WORDS, 6)
    assert owners(original, first("b", CROSSING, 4)) == ("a",)


def test_a_copy_stays_one_whatever_becomes_of_it_and_another_report_of_its_owner_is_a_voice() -> None:
    original, copy = first("a", BRIDGE, 0), edited(first("b", BRIDGE, 2), OTHER_WORDS, 5)
    assert owners(original, copy) == ("a",)
    assert owners(original, copy, first("b", CROSSING, 6)) == ("a", "b")


@pytest.mark.parametrize("texts", [(BRIDGE,), (BRIDGE, CROSSING)], ids=["one of them", "both"])
def test_who_edits_the_texts_of_others_into_an_earlier_report_takes_no_voice_from_them(texts) -> None:
    earliest = first("h", "شيء آخر تماما قيل قبل ذلك", 0)
    for number, text in enumerate(texts):
        earliest = edited(earliest, text, 7 + number)
    told = [earliest, first("a", BRIDGE, 2), first("b", CROSSING, 4), first("c", BRIDGE, 5)]
    assert {"a", "b"} <= set(owners(*told)), "c has it from a"
    assert "c" not in owners(*told)


def test_who_copied_the_first_version_of_such_a_report_is_no_source_for_it() -> None:
    earliest = edited(first("h", OTHER_WORDS, 0), BRIDGE, 9)
    assert owners(earliest, first("c", OTHER_WORDS, 3), first("a", BRIDGE, 5), first("b", CROSSING, 6)) == (
        "h", "a", "b",
    )  # fmt: skip


def test_nobody_tells_nothing() -> None:
    assert (voices([], alike=alike).independent, told_by([], {}, alike=alike)) == (0, ())


# --- laws --------------------------------------------------------------------------------------------

TEXTS = [f"كلمة{n} لفظ{n} خبر{n} قول{n} {edit}" for n in range(4) for edit in ("هنا", "هناك", "")]
REPORTS = st.builds(
    report,
    st.sampled_from("abcdef"),
    st.sampled_from(TEXTS),
    st.integers(0, 5),
    owner=st.sampled_from(["", "", "group"]),
    credited=st.sampled_from([None, None, None, "wire", "a"]),
    entry_id=st.integers(1, 3),
)
STORIES = st.lists(REPORTS, min_size=1, max_size=9)


@given(STORIES, st.randoms(use_true_random=False))
def test_the_order_of_the_reports_does_not_matter(story: list[Report], random: object) -> None:
    shuffled = list(story)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert voices(shuffled, alike=alike) == voices(story, alike=alike)
    assert told_by(shuffled, {}, alike=alike) == told_by(story, {}, alike=alike)


@given(STORIES, st.data())
def test_a_copy_that_comes_later_never_adds_a_voice(story: list[Report], data: st.DataObject) -> None:
    original = data.draw(st.sampled_from(story))
    later = 6 + data.draw(st.integers(0, 3))
    copy = report("z", original.sketch.text.decode(), later, owner=data.draw(st.sampled_from(["", "group"])))
    assert owners(*story, copy) == owners(*story)


@given(st.data())
def test_an_edit_never_adds_a_voice(data: st.DataObject) -> None:
    story = [seen(data.draw(st.integers(0, 9)), each) for each in data.draw(STORIES)]
    for minute in range(10, 10 + data.draw(st.integers(1, MOST_EARLIER))):
        before = len(owners(*story))
        at = data.draw(st.integers(0, len(story) - 1))
        story[at] = edited(story[at], data.draw(st.sampled_from(TEXTS)), minute)
        assert len(owners(*story)) <= before
        if data.draw(st.booleans()):
            copy = data.draw(st.sampled_from(story[at].versions)).sketch.text.decode()
            assert owners(*story, first("z", copy, minute + 1)) == owners(*story)


@given(STORIES, st.integers(0, 9))
def test_a_new_owner_with_a_new_text_adds_one_whenever_it_tells(story: list[Report], minute: int) -> None:
    fresh = report("z", "شيء لم يقله أحد من قبل", minute)
    assert set(owners(*story, fresh)) == {*owners(*story), "z"}


@given(STORIES)
def test_there_are_no_more_voices_than_owners_or_texts(story: list[Report]) -> None:
    assert 1 <= len(owners(*story)) <= len({told.origin.owner for told in story})
    assert len(owners(*story)) <= len({told.sketch.text for told in story})


@given(STORIES)
def test_as_many_are_named_independent_as_there_are_voices_and_no_newsroom_is_left_out(story: list[Report]) -> None:
    named = told_by(story, {}, alike=alike)
    independent = [told.independent for told in named]
    assert independent == sorted(independent, reverse=True)
    assert sum(independent) == len(owners(*story))
    assert {told.origin.newsroom for told in story} == {told.name.split(" ")[0] for told in named}


# --- names -------------------------------------------------------------------------------------------

KNOWN = {
    "a": Newsroom(id="a", name={"ar": "بريد النهر", "en": "River Post"}, owner="a"),
    "wire": Newsroom(id="wire", name={"ar": "وكالة الوادي", "en": "Valley Wire"}, owner="wire", agency=True),
}


def test_the_independent_are_named_first_and_then_who_copied() -> None:
    story = [report("b", "جسر سقط في النهر", 2), report("a", "جسر سقط في النهر", 1), report("c", "انهار المعبر", 3)]
    told = told_by(story, KNOWN, alike=alike, feed_names={"b-feed": "أخبار الجبل"})
    assert [(one.name, one.independent) for one in told] == [("بريد النهر", True), ("c", True), ("أخبار الجبل", False)]
    assert (told[0].link, told[0].told_at) == ("https://a.example/1", NOON + MINUTE)


def test_whose_word_was_printed_stands_behind_the_newsroom() -> None:
    printed = report("a", "جسر سقط", credited="wire")
    assert [one.name for one in told_by([printed], KNOWN, alike=alike)] == ["بريد النهر (وكالة الوادي)"]
    assert [one.name for one in told_by([printed], KNOWN, alike=alike, language="en")] == ["River Post (Valley Wire)"]


def test_the_agency_itself_is_named_for_its_voice_before_who_printed_it() -> None:
    story = [
        report("c", "جسر سقط في النهر", 1),
        report("wire", "جسر سقط في النهر", 0),
        report("a", "غيره", 3, credited="wire"),
    ]
    assert [(one.name, one.independent) for one in told_by(story, KNOWN, alike=alike)] == [
        ("وكالة الوادي", True), ("c", False), ("بريد النهر (وكالة الوادي)", False),
    ]  # fmt: skip


def test_a_voice_is_named_by_who_says_whose_it_is_not_by_an_earlier_copy() -> None:
    story = [report("c", "جسر سقط في النهر", 1), report("a", "جسر سقط في النهر", 2, credited="wire")]
    assert [(one.name, one.independent) for one in told_by(story, KNOWN, alike=alike)] == [
        ("بريد النهر (وكالة الوادي)", True), ("c", False),
    ]  # fmt: skip


def test_no_more_than_twenty_are_named() -> None:
    story = [report(f"n{number}", f"خبر{number} لا يشبه{number} غيره{number}", number) for number in range(30)]
    assert len(told_by(story, {}, alike=alike)) == MOST_NAMED
