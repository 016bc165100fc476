from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Entry, Facts
from monitor.stories.ornaments import plain_prose, plain_title
from monitor.stories.runs import is_sampled, sample
from monitor.stories.sketch import MANY_RUNS, sketch
from monitor.stories.wording import hashed, is_number, number
from monitor.text.document import read, read_text
from tests.stories.reading import AT, report

HEADLINE = "انهيار مبنى سكني في الحي القديم بعد أمطار غزيرة"


@pytest.mark.parametrize(
    ("dressed", "because"),
    [
        (f"عاجل | {HEADLINE}", "a shout"),
        (f"#عاجل: {HEADLINE}", "a shout as a hashtag"),
        (f"🔴 عاجل - {HEADLINE}", "a shout behind a picture"),
        (f"{HEADLINE} | صحيفة المدى", "the outlet behind a bar"),
        (f"{HEADLINE} - وكالة النخلة للأنباء", "the outlet behind a dash"),
        (f"{HEADLINE} (رويترز)", "a credit"),
        (f"{HEADLINE} #سوريا #حلب", "hashtags at the end"),
        (f"{HEADLINE} https://t.me/x/12", "an address"),
        ("انهيــار مبنى سكنيّ في الحيّ القديم بعد أمطار غزيرة", "stretching and vowels"),
    ],
)  # fmt: skip
def test_ornaments_are_no_part_of_a_headline(dressed, because):
    plain = report(HEADLINE)
    assert set(plain.words) == set(report(dressed).words), because
    assert plain.grams == report(dressed).grams, because


@pytest.mark.parametrize("begins", ["UPDATE 2: ", "UPDATE2 | ", "update - ", "🔴 عاجل | ", "عاجل  | ", "DAMASCUS | "])
def test_what_stands_in_front_is_taken_off(begins):
    assert plain_title(f"{begins}{HEADLINE}") == HEADLINE


# Each took minutes once, or would have: what may be repeated could be cut in many ways.
ENDLESS = {
    "a word before a dash": "خبر - " + "و" * 4000 + "-",
    "a word before a bar": "خبر | " + "و" * 4000 + "|",
    "strokes": "/" * 60_000,
    "words and strokes": "و/" * 30_000,
    "white space": "UPDATE" + " " * 60_000 + "x - " + " " * 60_000 + "(x",
    "hashtags": "#و" * 30_000 + "!x",
    "spaced hashtags": " #و" * 20_000 + "!x",
    "spaced dashes": " - " * 20_000,
    "brackets": "(" * 60_000,
    "shouts": "عاجل | " * 9_000 + "x",
    "who told it": "قال مراسل " * 6_000,
    "who told it to the end": "قال مراسل " + "و " * 30_000,
    "at signs": "@" * 60_000,
}


@pytest.mark.parametrize("name", ENDLESS)
def test_no_text_takes_for_ever(name):
    """It is no timed test: where it fails it does not end."""
    plain_title(ENDLESS[name][:4096])
    plain_prose(ENDLESS[name])


@pytest.mark.parametrize("short", ["عاجل", "| عاجل |", "سانا - خاص", "BREAKING", "#عاجل"])
def test_a_headline_of_ornaments_alone_stays_a_headline(short):
    assert plain_title(short)
    report(short)


@pytest.mark.parametrize(
    ("dressed", "plain"),
    [
        ("دمشق – سانا: انهار مبنى فجرا", "انهار مبنى فجرا"),
        ("BEIRUT (AFP) - A building collapsed at dawn", "A building collapsed at dawn"),
        ("قال مراسلنا في حلب إن مبنى انهار فجرا", "مبنى انهار فجرا"),
    ],
)  # fmt: skip
def test_who_told_it_is_taken_off(dressed, plain):
    kept = {hashed(word) for word in read_text(plain_prose(dressed)).words} - {0}
    assert kept <= {hashed(word) for word in read_text(dressed).words}
    assert {hashed(word) for word in read_text(plain).words} - {0} == kept - {hashed("سانا")}


@pytest.mark.parametrize(
    "spelled", ["13 جريحا", "١٣ جريحا", "۱۳ جريحا", "ثلاثة عشر جريحا", "13 injured", "thirteen injured"]
)
def test_numbers_are_one_in_digits_and_words_of_any_script(spelled):
    assert [number(word) for word in report(spelled).words if is_number(word)] == [13]


def test_words_of_one_meaning_are_one_across_languages():
    arabic, english = report("قصف مدرسة ومقتل أطفال"), report("School shelled, children killed")
    assert set(arabic.words) == set(english.words)


def test_a_short_text_keeps_all_of_its_runs_and_a_long_one_a_part():
    short = report(" ".join(f"كلمة{number}" for number in range(8)))
    long = report(
        "", " ".join(f"{chr(0x628 + number % 20)}{chr(0x641 + number % 7)}رد{number}" for number in range(200))
    )
    assert len(short.grams) >= 6
    assert not is_sampled(short.grams)
    assert is_sampled(long.grams)
    assert MANY_RUNS // 2 < len(long.grams) < 2 * MANY_RUNS


@settings(max_examples=30)
@given(st.frozensets(st.integers(0, 2**32 - 1)))
def test_a_sample_of_a_sample_is_itself(runs):
    assert sample(sample(runs)) == sample(runs) <= runs


def test_a_report_without_a_date_was_told_when_it_was_seen():
    document = read(Entry(feed_id="f", title=HEADLINE))
    assert sketch(document, Facts(), seen_at=AT).told_at == AT


def test_a_body_that_repeats_the_summary_is_told_once():
    alone = report(HEADLINE, body="انهار مبنى من أربعة طوابق فجرا دون إصابات بعد أمطار غزيرة")
    twice = report(
        HEADLINE, "انهار مبنى من أربعة طوابق فجرا", body="انهار مبنى من أربعة طوابق فجرا دون إصابات بعد أمطار غزيرة"
    )
    assert alone.grams == twice.grams


@settings(max_examples=30)
@given(st.text(max_size=80), st.text(max_size=400))
def test_any_text_has_a_sketch_of_32_bit_hashes(title, summary):
    made = sketch(read(Entry(feed_id="f", title=title, summary=summary)), Facts(), seen_at=AT)
    hashes = (*made.grams, *made.words, *made.spots, *made.names)
    assert all(0 <= each < 2**32 for each in hashes)
    assert 0 <= made.title <= len(made.words) == len(set(made.words))
