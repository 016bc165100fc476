"""Why a message comes now is said in the language of the message."""

from __future__ import annotations

import re

import pytest

from monitor.alerts.cases import case

SENTENCES = [
    ("it denies the event", "ينفي وقوع الحدث"),
    ("it is published as a correction", "نُشر على أنه تصحيح"),
    ("its newsroom published the headline anew", "أعاد ناشره نشر العنوان"),
    ("killed: 8, told before: 3", "القتلى: 8، وكان ما أُبلغ عنه 3"),
    ("wounded: 2, told before: none", "الجرحى: 2، ولم يُبلَّغ من قبل عن عدد"),
    ("killed: 8, told before: 3; a materially new headline", "القتلى: 8، وكان ما أُبلغ عنه 3؛ تغيّر مضمون العنوان"),
    ("2 independent sources: the rule wants 2", "مصدران مستقلان، وهو ما تطلبه القاعدة"),
    ("3 independent sources, told before: one", "3 مصادر مستقلة، وكان ما أُبلغ عنه من مصدر واحد"),
    (
        "3 independent sources, 3 within 2 h",
        "3 مصادر مستقلة، والقاعدة ترفع الأهمية عند 3 خلال ساعتين",
    ),
    ("5 stories within 1 h 30 min", "5 أخبار خلال ساعة و30 دقيقة"),
    ("2 stories within 45 min (usual at these hours: 0.4)", "خبران خلال 45 دقيقة (المعتاد في هذه الساعات: 0.4)"),
]

HELD = [
    (
        "the story changed (killed: 8, told before: 3; wounded: 20, told before: 7),"
        " told when the throttle ends at 2026-11-26 01:09 UTC",
        "killed: 8, told before: 3; wounded: 20, told before: 7",
    ),
    (
        "told by further independent sources (2 independent sources, told before: one),"
        " told when the throttle ends at 2026-11-26 01:09 UTC",
        "2 independent sources, told before: one",
    ),
    ("3 stories within 1 h, told when the throttle ends at 2026-11-26 01:09 UTC", "3 stories within 1 h"),
    (
        "3 stories within 1 h (usual at these hours: 0.4), told when the throttle ends at 2026-11-26 01:09 UTC",
        "3 stories within 1 h (usual at these hours: 0.4)",
    ),
]


@pytest.mark.parametrize(("decided", "said"), SENTENCES)
def test_an_arabic_message_says_in_arabic_why_it_comes(decided: str, said: str) -> None:
    assert case(decided, "ar") == said
    assert case(decided, "en") == decided


@pytest.mark.parametrize(("decided", "said"), HELD)
def test_what_waited_for_the_throttle_does_not_speak_of_it_when_it_is_read(decided: str, said: str) -> None:
    assert case(decided, "en") == said
    assert not re.search("[a-z]", case(decided, "ar"))


def test_places_and_classes_are_named_by_their_ids_set_apart() -> None:
    assert case("another place: binnish, before: sarmin", "ar") == "المكان تغيّر: ⁨binnish⁩، وكان ⁨sarmin⁩"
    assert case("a new class of event: airstrike", "ar") == "نوع الحدث: جديد فيه ⁨airstrike⁩"


def test_a_sentence_that_nobody_translated_stays_and_none_stays_none() -> None:
    assert case("something of a later version", "ar") == "something of a later version"
    assert case("", "ar") == ""
