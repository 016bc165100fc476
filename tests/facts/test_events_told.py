"""Which events a report tells, and which it does not though a word for who, where or with what stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from monitor.facts.reader import FactReader
from monitor.lexicon.data import records
from monitor.model import Entry
from monitor.text.document import read
from tests.lexicon.conftest import Finder, events_in, lexicon

__all__ = ["events_in", "lexicon"]  # fixtures

# headline | the events that it tells | those that it does not tell
HEADLINES = """
خطف مسلحون مجهولون ممرضة من أمام بيتها في حي القصور | abduction | assassination
مسلحون مجهولون يسلبون تاجرا على طريق البوكمال | | assassination
مقتل مدرس برصاص مسلحين مجهولين أمام منزله | assassination casualties |
مسلحون مجهولون يقتلون شيخ عشيرة في ريف درعا | assassination casualties |
إصابة شاب برصاص مجهولين في إنخل | attack casualties | assassination
الشرطة تطلق النار على سائق رفض التوقف | attack | assassination
ضبط مسدسات مع كاتم صوت في منزل مهجور | | assassination
مقتل عنصر سابق بمسدس كاتم للصوت في الحراك | assassination casualties |
العثور على جثة غريق على ضفة الفرات | casualties | assassination
العثور على جثة شاب مكبل اليدين شرق الرقة | assassination casualties |
العثور على عبوة لاصقة تحت سيارة متوقفة | ied-mine | assassination
مقتل قيادي محلي بانفجار عبوة لاصقة بسيارته | assassination casualties ied-mine explosion |
اغتيال عضو مجلس محلي في ريف حلب | assassination |
إغلاق معبر باب السلامة أمام المسافرين يومين | | siege
إغلاق معبر نصيب بسبب عطل في الشبكة | | siege
قطع طريق حمص حماة بعد انفجار لغم | ied-mine explosion | siege
أهالي القرية يهددون بقطع طريق الحقل النفطي | | siege
الشرطة تفرض طوقا أمنيا حول موقع الانفجار | explosion | siege
النيران تحاصر مزرعة في ريف اللاذقية | | siege
قوات النظام تحاصر البلدة منذ شهر | siege |
فك الحصار عن مدينة الدلنج | siege |
قطع طرق إمداد المقاتلين جنوب الفاشر | siege |
محتجون يشعلون الإطارات ويقطعون الطريق في البصرة | protest riot-mob | siege
طائرات حربية تغير على مواقع في صنعاء | airstrike |
تحليق الطيران الحربي في أجواء البقاع | | airstrike
تحطم مروحية عسكرية أثناء هبوطها | | airstrike
طائرات حربية تستهدف مستودعا شرق تدمر | airstrike |
طيران التحالف يشن ضربات على مقر للتنظيم | airstrike |
العثور على قنابل عنقودية في حقل زيتون | | airstrike
مقتل مزارع بقنبلة عنقودية ألقاها الطيران | airstrike casualties |
وزير الدفاع يتفقد الجنود على خطوط التماس | | clash
دفعة متطوعين جديدة إلى جبهات القتال | | clash
مقتل جندي على جبهات القتال في مأرب | clash casualties |
اندلاع قتال بين فصيلين في عفرين | clash |
وفد أممي يزور مناطق سيطرة الإدارة الذاتية | | territory-change
قصف على بلدة تسيطر عليها الفصائل | shelling-missile | territory-change
الجيش يسيطر على بلدة شمال بحري | territory-change |
اكتشاف نفق لتهريب الأسلحة قرب الحدود | | infiltration-ambush
عملية نوعية لمكافحة المخدرات في بغداد | | infiltration-ambush
مقتل ثلاثة جنود في كمين على طريق أثريا | infiltration-ambush casualties |
معرض للصناعات الدفاعية يعرض صواريخ ودبابات | | shelling-missile
مفاوضات حول برنامج الصواريخ الباليستية | | shelling-missile
إطلاق صواريخ من جنوب لبنان نحو الجليل | shelling-missile |
الدبابات تستهدف أطراف البلدة | shelling-missile |
ضبط حزام ناسف داخل حقيبة مسافر | | suicide-bomb
مقتل حارس بتفجير حزام ناسف عند البوابة | suicide-bomb casualties |
العثور على متفجرات في مخزن قديم | weapons-seized | explosion
خبراء المتفجرات يتدربون في عمان | | explosion
مقتل شاب بانفجار قنبلة يدوية في سوق الميادين | explosion casualties |
اجتماع منظمة حظر الأسلحة الكيميائية في لاهاي | | chemical
تقرير أممي: استخدام غاز الكلور في سراقب | chemical |
وفاة امرأة تعرضت لغاز الأعصاب | chemical |
أهالي الأسرى ينظمون زيارة إلى رام الله | | arrest-raid
مذكرات معتقل سابق في معرض الكتاب | | arrest-raid
اعتقال أربعة شبان في مداهمة فجرا | arrest-raid |
افتتاح مدرسة في مخيم للاجئين بالبقاع | | displacement
تراجع طلبات اللجوء في ألمانيا | | displacement
وصول مئات النازحين إلى القضارف | displacement |
نزوح عشرات العائلات من بلدة عابدين | displacement |
عند الحاجز العسكري توقفت حافلة ركاب | | troop-movement
سقوط قذيفة قرب قاعدة عسكرية في الحسكة | shelling-missile | troop-movement
القوات تنصب حاجزا جديدا عند المدخل | troop-movement |
تعزيزات عسكرية تصل إلى ريف السويداء | troop-movement |
تمديد مهمة قوة مراقبة فض الاشتباك في الجولان | | withdrawal clash
قصف يستهدف مستودع ذخيرة في القصير | shelling-missile | weapons-seized
إحباط تهريب مخدرات على الحدود الأردنية | | weapons-seized
إحباط تهريب أسلحة إلى الضفة | weapons-seized |
العثور على مستودع أسلحة في بيت مهجور | weapons-seized |
مقتل طفل بحادث سير على طريق الساحل | casualties | violence-against-civilians
مقتل طفلين برصاص قناص في تعز | violence-against-civilians casualties |
إصابات بالرصاص المطاطي خلال اقتحام مخيم بلاطة | arrest-raid | protest
بناء بؤرة استيطانية قرب نابلس | | property-destruction
تكريم ضباط منشقين في إدلب | | group-change
انشقاق ضابط عن القوات في كادوقلي | group-change |
Unknown gunmen abduct a nurse in Suwayda | abduction | assassination
Unknown gunmen kill two teachers in Daraa | assassination |
Police shot dead a driver at the bridge | attack casualties | assassination
Gunmen assassinate council member in Tripoli | assassination |
Border crossing closed for two days | | siege
Village cut off from electricity after storm | | siege arrest-raid
Army besieges the town for a third week | siege |
Warplanes seen over the coast | | airstrike
Warplanes bomb a depot east of Palmyra | airstrike |
Frontline doctors ask for more pay | | clash
Minister under fire over budget | | attack
Patrol came under fire near the dam | attack |
Talks on ballistic missiles resume | | shelling-missile
Missiles hit the port of Hodeidah | shelling-missile |
Commandos train in the desert | | infiltration-ambush
Watchdog on chemical weapons meets | | chemical
School opens in refugee camp | | displacement
Thousands of refugees arrive in Chad | displacement |
Families were displaced by the shelling | displacement shelling-missile |
Bus stops at a checkpoint | | troop-movement
Army sets up a checkpoint on the road | troop-movement |
Ammunition depot burns in Homs | | weapons-seized
Weapons seized at the border | weapons-seized |
Riot police line the avenue | | riot-mob
Prison riot leaves three dead | riot-mob casualties |
Tear gas canister found in garden | | protest
"""
ROWS = [tuple(part.strip() for part in line.split("|")) for line in HEADLINES.strip().split("\n")]


def told(reader: FactReader, headline: str) -> set[str]:
    return set(reader.read(read(Entry(feed_id="f", title=headline))).events)


@pytest.mark.parametrize(("headline", "tells", "not_told"), ROWS)
def test_a_headline_tells_what_happened_and_not_what_else_its_words_stand_beside(
    reader: FactReader, headline: str, tells: str, not_told: str
) -> None:
    events = told(reader, headline)
    assert set(tells.split()) <= events
    assert not set(not_told.split()) & events


def _hints() -> Iterator[tuple[str, str]]:
    """Every hint that is a word or a phrase by itself, with its class."""
    for event in records("events"):
        hints: Mapping[str, list[Any]] = event.get("hints", {})
        for entry in hints.get("ar", ()):
            kind, text = next(iter(entry.items()))
            if kind != "together":
                yield event["id"], text
        for language in hints.keys() - {"ar"}:
            yield from ((event["id"], text) for text in hints[language] if not text.endswith("*"))


@pytest.mark.parametrize(("event", "hint"), sorted(set(_hints())))
def test_a_hint_is_looked_for_by_rules_and_tells_nothing_by_itself(
    reader: FactReader, events_in: Finder, event: str, hint: str
) -> None:
    assert event in events_in(hint)
    assert event not in told(reader, hint)
