"""Denials, drills, anniversaries and corrections, in headlines of our own; and what only looks like one."""

from __future__ import annotations

import pytest

from monitor.facts.reader import FactReader
from monitor.model import Entry
from monitor.text.document import read

D, M, A, C = "denied", "drill", "anniversary", "correction"

HEADLINES = [
    ("الجيش ينفي قصف المستشفى", D),
    ("الوزارة تنفي وقوع انفجار في المصفاة", D),
    ("نفت الداخلية أنباء الهجوم على السجن", D),
    ("نفى المتحدث مقتل القيادي", D),
    ("ونفى مصدر أمني وقوع الهجوم", D),
    ("لا صحة لأنباء الانفجار في المطار", D),
    ("مصدر: خبر مقتل القائد عار عن الصحة", D),
    ("أنباء القصف عارية عن الصحة", D),
    ("نفي رسمي لوقوع غارة", D),
    ("المحافظ: خبر الهجوم غير صحيح", D),
    ("لا أساس لها من الصحة أنباء القصف", D),
    ("Army denies shelling hospital", D),
    ("Ministry denied reports of attack", D),
    ("No truth to reports of blast, police say", D),
    ("ينفي التهم أمام المحكمة", ""),
    ("المتهم ينفي التهم الموجهة إليه", ""),
    ("الوزير ينفي نيته الاستقالة", ""),
    ("الحركة تنفي علاقتها بالهجوم", ""),
    ("القيادي نفى تورطه في التفجير", ""),
    ("الجيش لا ينفي تنفيذ الغارة", ""),
    ("الحكم بالسجن بتهمة نشر أخبار كاذبة", ""),
    ("مقتل ثلاثة في قصف", ""),
    ("مناورة لفرق الإطفاء في المطار", M),
    ("مناورات عسكرية مشتركة في البحر", M),
    ("انفجارات في القاعدة خلال مناورات", M),
    ("تمرين وهمي يحاكي هجوما على محطة", M),
    ("تمرين تعبوي للقوات", M),
    ("تدريبات عسكرية بالذخيرة الحية", M),
    ("أصوات الانفجارات شرق المدينة ناتجة عن تدريبات", M),
    ("محاكاة هجوم على السفارة", M),
    ("أصوات الانفجارات ناجمة عن حادث وهمي", M),
    ("Explosions heard were part of drill", M),
    ("Navy holds military exercise off coast", M),
    ("Simulated attack tests hospital", M),
    ("مناورة سياسية قبل الانتخابات", ""),
    ("هامش المناورة يضيق أمام الحكومة", ""),
    ("تمرين رياضي في المدرسة", ""),
    ("الذكرى الثالثة لتفجير المرفأ", A),
    ("في ذكرى المجزرة أهالي الضحايا يعتصمون", A),
    ("بعد عام على الزلزال: خيام وركام", A),
    ("بعد خمسة أعوام على الانفجار", A),
    ("مرور عشر سنوات على المجزرة", A),
    ("إحياء ذكرى ضحايا القصف", A),
    ("Third anniversary of port blast", A),
    ("Families commemorate victims of massacre", A),
    ("Ten years after the massacre, no trial", A),
    ("سجن خمس سنوات على خلفية التفجير", ""),
    ("الحكم بعشرة أعوام على القائد السابق", ""),
    ("ذكريات الحرب في كتاب", ""),
    ("تصحيح: القتلى ثلاثة لا خمسة", C),
    ("تصويب: الانفجار في حي آخر", C),
    ("تنويه: ورد خطأ في عدد القتلى", C),
    ("خبر مصحح: القصف على البلدة", C),
    ("Correction: three killed, not five", C),
    ("CORRECTED Blast kills three", C),
    ("الجيش يعلن عن عملية تصحيح المسار", ""),
    ("خطة لتصحيح أوضاع النازحين", ""),
    ("غارة على حلب", ""),
]


def tags(reader: FactReader, title: str, summary: str = "") -> set[str]:
    return {tag.value for tag in reader.read(read(Entry(feed_id="f", title=title, summary=summary))).tags}


@pytest.mark.parametrize(("title", "tag"), HEADLINES, ids=[title for title, _ in HEADLINES])
def test_a_headline_is_tagged(reader: FactReader, title: str, tag: str) -> None:
    assert tags(reader, title) == ({tag} if tag else set())


@pytest.mark.parametrize(
    ("summary", "tagged"),
    [
        ("نفت الوزارة وقوع الغارة على المدينة", {D}),  # beside what is denied
        ("نفت الوزارة ذلك اليوم", set()),  # beside nothing
        ("غارة على المدينة. ونفت الوزارة وقوع هجوم آخر", set()),  # further down
        ("جرت مناورة صباح اليوم في الميناء", {M}),
        ("ألغيت المحادثات بين البلدين بعد خلاف طويل استمر أشهرا بسبب ما وصف أنه استفزاز ومناورات", set()),
        ("يصادف اليوم ذكرى القصف", {A}),
        ("قتل ثلاثة. وفي الذكرى الأولى للقصف تجمع الأهالي", set()),
        ("تصحيح لخبر سابق عن القصف", {C}),
        ("دعا إلى تصحيح ما جرى في المدينة", set()),
    ],
)
def test_further_down_it_must_be_said_of_the_event(reader: FactReader, summary: str, tagged: set[str]) -> None:
    found = tags(reader, "خبر من المدينة", summary)
    assert found == tagged


def test_a_tag_shows_where_it_was_read(reader: FactReader) -> None:
    title = "الجيش ينفي قصف المستشفى"
    found = reader.read(read(Entry(feed_id="f", title=title)))
    assert [title[span.start : span.end] for span in found.spans if span.clause == "tag denied"] == ["ينفي"]
