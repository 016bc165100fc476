from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Facts, Figure, KinshipKind, Span, Tag
from monitor.stories.kinship import contradictions
from tests.stories.reading import kinship, report, within

TEXT, EVENT, DIFFERENT = KinshipKind.SAME_TEXT, KinshipKind.SAME_EVENT, KinshipKind.DIFFERENT

STRIKE = (
    "غارة جوية على منزل في بلدة بنت جبيل توقع ثلاثة قتلى",
    "استهدفت طائرة حربية ظهر اليوم منزلا من طابقين وسط بلدة بنت جبيل، وعملت فرق الإسعاف ساعتين على رفع الركام.",
)


@pytest.mark.parametrize(
    ("one", "other", "expected", "because"),
    [
        (STRIKE, STRIKE, TEXT, "a verbatim copy"),
        (STRIKE, ("عاجل | غارة جوية على منزل في بلدة بنت جبيل توقع ٣ قتلى #لبنان", STRIKE[1]), TEXT, "ornaments, digits"),
        (STRIKE, (STRIKE[0], "قال مراسلنا إن " + STRIKE[1]), TEXT, "the outlet's own lead"),
        (STRIKE, ("غاره جويه علي منزل في بلده بنت جبيل توقع ثلاثه قتلي", STRIKE[1]), TEXT, "typed in haste"),
        (STRIKE, ("ثلاثة قتلى بقصف إسرائيلي على بنت جبيل", "قتل ثلاثة أشخاص في ضربة على بيت بالبلدة."), EVENT, "retold"),
        (STRIKE, ("Israeli air strike kills three in Bint Jbeil", "The strike hit a house, medics said."), EVENT, "English"),
        (STRIKE, (STRIKE[0].replace("بنت جبيل", "كفركلا"), STRIKE[1].replace("بنت جبيل", "كفركلا")), DIFFERENT, "elsewhere"),
        (STRIKE, (STRIKE[0].replace("بنت جبيل", "زفتايا"), STRIKE[1].replace("بنت جبيل", "زفتايا")), DIFFERENT,
         "elsewhere, though no lexicon has that village"),
        (STRIKE, (STRIKE[0].replace("ثلاثة", "ثلاثين"), STRIKE[1]), DIFFERENT, "ten times the dead at one time"),
        (STRIKE, ("تدريب للدفاع المدني في بنت جبيل يحاكي غارة على منزل", "مناورة إخلاء"), DIFFERENT, "a drill"),
        (STRIKE, ("وقفة احتجاجية في بنت جبيل للمطالبة بالكهرباء", "تجمع عشرات الأهالي"), DIFFERENT, "another thing there"),
        (("ارتفاع سعر صرف الليرة إلى 11200 في دمشق", ""), ("ارتفاع سعر صرف الليرة إلى 11450 في دمشق", ""), DIFFERENT,
         "a template with other numbers"),
        (("الإفراج عن راع احتجز قرب شبعا", ""), ("احتجاز راع قرب شبعا", ""), DIFFERENT, "undone, not done"),
        (("إلقاء قنبلة على دكان شمال دير الزور", ""), ("إلقاء قنبلة على دكان جنوب دير الزور", ""), DIFFERENT,
         "the same words of another direction"),
        (("حريق كبير يلتهم مخازن أعلاف قرب كفركلا", ""), ("حريق كبير يلتهم مخازن أعلاف قرب زفتايا", ""), DIFFERENT,
         "one place is known, the other is not"),
        (("غارة على منزل في بنت جبيل", ""), ("تهديد بقصف منازل في بنت جبيل", ""), DIFFERENT, "a threat is not the deed"),
        (STRIKE, ("تنويه: أصوات الانفجارات في بنت جبيل ناتجة عن تدريبات", ""), DIFFERENT, "what was heard was a drill"),
    ],
)  # fmt: skip
def test_two_reports_of_one_morning_are_kin_or_not(one, other, expected, because):
    found = kinship(report(*one), report(*other, after=0.25))
    assert found.kind is expected, (because, found)
    assert found.why


def test_another_headline_over_the_same_body_changes_nothing():
    """Who is released was taken before: both may be in a headline."""
    body = "عاد أحد عشر سائقا إلى بيوتهم مساء الخميس بعد أن دفع أقاربهم فدية لمسلحين أوقفوهم الشهر الماضي قرب شبعا."
    found = kinship(
        report("الإفراج عن السائقين في شبعا", body), report("السائقون المخطوفون عند أهاليهم في شبعا", body, after=1)
    )
    assert found.kind is not DIFFERENT


def test_a_higher_toll_half_a_day_later_is_no_sign_of_one_event():
    first = report("غارة على بنت جبيل توقع ثلاثة قتلى", "قصف الطيران منزلا.")
    soon, next_day = (
        report("خمسة قتلى بقصف جوي يستهدف بنت جبيل", "سوت ضربة بناء بالأرض.", after=each) for each in (3, 14)
    )
    assert kinship(first, soon).kind is EVENT
    assert kinship(first, next_day).kind is DIFFERENT


def test_why_names_first_what_weighed_most():
    found = kinship(
        report(*STRIKE), report("ثلاثة قتلى بقصف إسرائيلي على بنت جبيل", "قتلوا في ضربة على بيت.", after=0.5)
    )
    assert found.why[0] == "same place bint-jbeil"


def test_a_later_higher_toll_is_the_same_event_and_a_later_lower_one_is_not():
    later_more = report("ارتفاع حصيلة الغارة على بنت جبيل إلى خمسة قتلى", after=2)
    later_fewer = report("غارة على منزل في بنت جبيل تقتل شخصا واحدا", after=2)
    assert kinship(report(*STRIKE), later_more).kind is EVENT
    found = kinship(report(*STRIKE), later_fewer)
    assert found.kind is DIFFERENT
    assert "contradicting: killed 1 and 3" in found.why


def test_a_toll_that_is_said_to_rise_may_do_so_within_minutes_and_another_may_not():
    minutes = 5 / 60
    first = report("مقتل ثلاثة أشخاص في غارة على سرمين")
    rising = report("ارتفاع حصيلة الغارة على سرمين إلى خمسة قتلى", after=minutes)
    assert kinship(first, rising).kind is EVENT
    falling = report("حصيلة الغارة على سرمين قتيلان", after=minutes)
    assert "contradicting: killed 2 and 3" in kinship(first, falling).why
    other = report("مقتل خمسة أشخاص في غارة على سرمين", after=minutes)
    assert "contradicting: killed 3 and 5" in kinship(first, other).why


def test_a_correction_may_take_a_toll_back():
    corrected = report("تصحيح: قتيل واحد في الغارة على بنت جبيل وليس ثلاثة", after=2)
    assert Tag.CORRECTION in corrected.facts.tags
    assert kinship(report(*STRIKE), corrected).kind is EVENT


def test_the_same_again_next_day_is_another_event():
    again = report("غارة جديدة على بلدة بنت جبيل للمرة الثانية", "تجدد القصف الجوي على البلدة صباح الخميس.", after=22)
    found = kinship(report(*STRIKE), again)
    assert found.kind is DIFFERENT


def test_two_quarters_of_one_city_are_two_events():
    one = report("قصف مدفعي على حي الشيخ مقصود في حلب", "سقطت قذائف على الحي فجرا.")
    other = report("قصف مدفعي على حي الأشرفية في حلب", "سقطت قذائف على الحي فجرا.", after=0.5)
    assert kinship(one, other).kind is DIFFERENT


def test_a_country_and_a_class_in_common_are_not_enough():
    one = report("غارات جوية في سوريا", "طائرات مجهولة تقصف مستودعا للذخيرة.")
    other = report("قصف جوي في سوريا", "مقتل رعاة بضربة نفذتها مروحية.", after=1)
    found = kinship(one, other)
    assert found.kind is DIFFERENT
    assert found.why[0].startswith("too little in common")


# --- laws

WORDS = st.sampled_from(
    str.split(
        "قصف غارة قتيل ثلاثة 3 كفركلا حلب دمشق بلدة حي في على مدرسة سوق حاجز الجيش اشتباك مجددا أمس "
        "strike kills Aleppo in near soldiers market explosion village of"
    )
)
SKETCHES = st.builds(
    lambda title, summary, after: report(" ".join(title), " ".join(summary), after=after),
    st.lists(WORDS, max_size=9),
    st.lists(WORDS, max_size=14),
    st.floats(0, 60),
)


@settings(max_examples=30)
@given(SKETCHES, SKETCHES)
def test_it_does_not_matter_which_report_is_named_first(one, other):
    assert kinship(one, other) == kinship(other, one)
    assert sorted(contradictions(one, other, within=within)) == sorted(contradictions(other, one, within=within))


@settings(max_examples=30)
@given(SKETCHES)
def test_a_report_is_the_same_text_as_itself(one):
    assert kinship(one, one).kind is TEXT


@settings(max_examples=30)
@given(SKETCHES, SKETCHES)
def test_kin_share_a_key_and_score_between_nothing_and_one(one, other):
    found = kinship(one, other)
    assert 0 <= found.score <= 1
    if found.kind is not DIFFERENT:
        assert set(one.keys) & set(other.keys)


@settings(max_examples=30)
@given(SKETCHES, st.integers(1, 40), st.integers(1, 40))
def test_contradicting_figures_part_even_equal_words(one, first, second):
    def killed(number: int) -> Facts:
        figure = Figure(
            kind="killed", least=number, most=number, span=Span(field="title", start=0, end=1, clause="killed")
        )
        return replace(one.facts, killed=figure, tags=frozenset())

    found = kinship(replace(one, facts=killed(first)), replace(one, facts=killed(second)))
    assert (found.kind is TEXT) == (first == second)
