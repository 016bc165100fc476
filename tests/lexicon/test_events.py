"""The shipped event classes: sound as data, right for people who do not know what they hold."""

from __future__ import annotations

import re

import pytest

from monitor.language import Lexicon
from monitor.lexicon.data import records
from monitor.lexicon.words import LANGUAGES
from tests.lexicon.conftest import Finder

RECORDS = list(records("events"))
ARABIC_KINDS = {"noun", "person", "adjective", "verb", "noun_verb", "phrase", "exact", "name", "together"}
ACLED_EVENTS = {
    "Battles",
    "Explosions/Remote violence",
    "Violence against civilians",
    "Strategic developments",
    "Protests",
    "Riots",
}

each_class = pytest.mark.parametrize("event", RECORDS, ids=[event["id"] for event in RECORDS])


@each_class
def test_a_class_has_an_id_a_title_and_words_in_every_language(event: dict[str, dict[str, str]]) -> None:
    assert set(event) == {"id", "title", "acled", *LANGUAGES}
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", str(event["id"]))
    assert set(event["title"]) == {"ar", "en"}
    assert all(event[language] for language in LANGUAGES)


@each_class
def test_a_class_is_either_an_acled_event_or_says_why_not(event: dict[str, dict[str, str]]) -> None:
    acled = event["acled"]
    assert acled.get("event") in ACLED_EVENTS or acled.get("note")


@each_class
def test_arabic_words_say_their_kind_first(event: dict[str, list[dict[str, str]]]) -> None:
    for entry in event["ar"]:
        kind, *extra = entry
        assert kind in ARABIC_KINDS, entry
        assert set(extra) <= {"plural", "ban"}, entry


@each_class
def test_a_stem_is_long_enough_to_be_one_word(event: dict[str, list[str]]) -> None:
    for language in LANGUAGES[1:]:
        for text in event[language]:
            if text.endswith("*"):
                assert len(text) > 4, text


def test_the_classes_are_twenty_six_and_each_is_told_once(lexicon: Lexicon) -> None:
    assert len(RECORDS) == len(lexicon.events) == 26
    for event in lexicon.events.values():
        assert len(event.items) == len(set(map(repr, event.items))), event.id


FOUND = {
    "clash": [
        "اشتباك في الحي",
        "تجدد الاشتباكات",
        "تطور الخلاف لاشتباك مسلح",
        "اشتباكات متقطعة",
        "اشتبك الطرفان",
        "يشتبكون منذ الفجر",
        "معارك على الجبهة",
        "والمعارك مستمرة",
        "مواجهات مسلحة بين فصيلين",
        "قتال في الأزقة",
        "تبادل إطلاق النار عند الحاجز",
        "تبادلٌ لإطلاق نار",
        "Clashes erupt",
        "Troops exchanged fire",
        "çatışmalar sürüyor",
        "столкновения в городе",
        "درگیری‌ها ادامه دارد",
        "پێکدادانەکان",
        "חילופי אש בגבול",
        "مواجهات بين العشائر وقسد",
    ],
    "airstrike": [
        "غارات ليلية",
        "بغارتين على المبنى",
        "قصف جوي عنيف",
        "براميل متفجرة على الحي",
        "airstrikes overnight",
        "an air-strike on the camp",
        "hava saldırısı",
        "авиаудары по складам",
        "תקיפה אווירית",
    ],
    "drone": [
        "طائرة مسيّرة تسقط",
        "مسيّرات انتحارية",
        "إسقاط طائرتين بدون طيار",
        "سقوط مسيّرة قرب المبنى",
        "حرائق بعد هجوم مسيّرات على قاعدة",
        "drones over the base",
        "İHA düştü",
        "SİHA saldırısı",
        "беспилотники сбиты",
        "پهپادها",
        'כטב"ם חדר',
        "استشهاد مقاتلين من قسد باستهداف مسيّرة لسيارتهما",
        "درون تركي يستهدف دراجة",
        "طائرة بيرقدار تقصف سيارة",
        "استهداف سيارة بمسيّرة",
        "استهدفت مسيّرة سيارة",
        "قصفت مسيّرة منزلا",
        "قصف تركي بالمسيّرات",
        "مقتل قيادي بمسيّرة",
        "قتلى بضربة لمسيّرة",
        "ضربة من مسيّرة",
        "تحطم مسيّرة قرب القامشلي",
        "مسيّرة مذخّرة",
        "مسيّرة تحلق فوق المدينة",
        "مسيّرة FPV",
        "طائرة شاهد الإيرانية",
        "شاهدة بيرقدار في السماء",
        "إسقاط مسيّرات من طراز شاهد",
        "بيرقدار فوق عين عيسى",
    ],
    "shelling-missile": [
        "قصفت المدفعية",
        "صواريخ على القاعدة",
        "سقوط قذائف",
        "rocket fire",
        "shelling resumed",
        "füzeler",
        "обстрелы города",
        "ירי רקטות",
    ],
    "ied-mine": [
        "انفجار عبوة ناسفة",
        "ألغام أرضية",
        "سيارة مفخخة",
        "an IED went off",
        "roadside bomb",
        "EYP patladı",
        "מטען חבלה",
    ],
    "suicide-bomb": [
        "هجوم انتحاري",
        "فجّر نفسه",
        "أحزمة ناسفة",
        "suicide bombers",
        "canlı bomba",
    ],
    "explosion": [
        "انفجارات تهز المدينة",
        "تفجير في السوق",
        "explosion heard",
        "patlama sesi",
        "взрывы",
        "تەقینەوەیەک",
    ],
    "chemical": [
        "غاز السارين",
        "أسلحة كيميائية",
        "هجمات كيميائية",
        "chlorine gas",
        "kimyasal silahlar",
        "химического оружия",
    ],
    "territory-change": [
        "استعادت القوات السيطرة",
        "تسيطر على بلدة",
        "سيطروا على قرى",
        "توغل بري",
        "captured the town",
        "ele geçirdi",
        "захватили",
    ],
    "attack": [
        "هجوم يستهدف عنصرين من الجيش بريف حلب",
        "داعش يتبنى استهداف حافلة تقل جنوداً",
        "إصابة شرطي إثر تعرّض دورية لإطلاق نار",
        "استهداف دورية في الجنوب",
        "attack on a convoy",
        "silahlı saldırı",
        "теракт в центре",
        "פיגוע ירי",
        "مقتل عنصرين من قسد بهجوم لداعش",
        "داعش يتبنى هجوماً على صهاريج نفط",
        "هجوم لتنظيم الدولة",
        "هجوم جديد لداعش",
        "هجومين منفصلين",
        "هجوم شنه مسلحون",
        "استهداف سيارة لقسد",
        "استهداف سيارة بالرصاص",
        "خلايا التنظيم تستهدف صهريج نفط",
    ],
    "infiltration-ambush": [
        "كمائن على الطريق",
        "محاولات تسلل",
        "ambushed a convoy",
        "pusu kurdular",
        "засада",
    ],
    "assassination": [
        "اغتيال قيادي",
        "برصاص مجهولين",
        "gunned down",
        "suikastte",
        "покушение",
    ],
    "abduction": [
        "اختطاف طبيب",
        "خطف مدنيين",
        "الرهائن",
        "kidnapped",
        "fidye istediler",
        "заложники",
        "חטופים",
        "خطف ممرض",
        "خطف صيدلي",
        "خطف ثلاثة أطباء",
        "حادثة خطف",
        "عصابة خطف",
        "تعرّض طبيب للخطف",
        "طبيب مخطوف",
        "الخاطفون",
        "خطفت عصابة طبيبا",
        "احتجاجاً على خطف زميلهم",
        "اقتياد طبيب إلى جهة مجهولة",
    ],
    "violence-against-civilians": [
        "مجازر",
        "مقبرة جماعية",
        "تحت التعذيب",
        "mass graves",
        "katliam",
        "قتل عام",
    ],
    "casualties": [
        "قتلى وجرحى",
        "مصرع خمسة",
        "شهداء",
        "12 killed",
        "yaralandı",
        "погибли",
        "کوژران",
        "נהרגו",
    ],
    "arrest-raid": [
        "تفكيك خلايا نائمة",
        "الإطاحة بخلية تابعة لداعش",
        "اعتقالات",
        "تقتحم القوات",
        "مداهمة منازل",
        "أسرى",
        "troops raid",
        "gözaltına alındı",
        "задержаны",
        "מעצרים",
    ],
    "troop-movement": [
        "تعزيزات عسكرية",
        "رتل عسكري",
        "أرتال عسكرية",
        "reinforcements arrive",
        "askeri konvoy",
        "подкрепление",
    ],
    "withdrawal": [
        "انسحاب القوات",
        "أوامر إخلاء",
        "evacuation orders",
        "geri çekildi",
        "отступление",
    ],
    "ceasefire-agreement": [
        "وقف إطلاق النار",
        "وقفٌ لإطلاق النار",
        "هدنة",
        "دعوة إلى وقف فوري لإطلاق النار",
        "a truce",
        "ateşkes",
        "перемирие",
        "هۆی ئاگربەست",
        "הפסקת אש",
    ],
    "displacement": [
        "نزوح مئات العائلات",
        "النازحين",
        "لاجئات",
        "displaced families",
        "mülteciler",
        "беженцы",
    ],
    "siege": [
        "حصار المدينة",
        "تحاصر القوات",
        "المحاصرين",
        "under siege",
        "kuşatma",
        "осада",
    ],
    "protest": [
        "مظاهرات",
        "متظاهرون",
        "إضراب عام",
        "protests",
        "protestocular",
        "акция протеста",
        "הפגנות",
    ],
    "riot-mob": [
        "أعمال شغب",
        "اقتتال عشائري",
        "riots",
        "погромы",
    ],
    "weapons-seized": [
        "ضبط أسلحة",
        "تفكيك عبوات",
        "weapons cache",
        "схрон",
    ],
    "property-destruction": [
        "هدم منازل",
        "عمليات نهب",
        "looting",
        "evleri yıktı",
        "הריסת בתים",
    ],
    "target-site": [
        "المطار",
        "جسور",
        "موانئ",
        "مستشفيات",
        "hospitals",
        "havaalanına",
        "аэропорт",
    ],
}


@pytest.mark.parametrize(
    ("event", "headline"),
    [(event, headline) for event, headlines in FOUND.items() for headline in headlines],
)
def test_an_event_is_found_in_the_words_of_news(events_in: Finder, event: str, headline: str) -> None:
    assert event in events_in(headline)


def test_every_class_has_headlines_that_find_it(lexicon: Lexicon) -> None:
    assert FOUND.keys() == lexicon.events.keys()


NOT_FOUND = [
    ("clash", "مواجهة قوية في كأس آسيا", "a fixture"),
    ("clash", "معركة انتخابية حامية", "an election"),
    ("clash", "جبهة التحرير تعقد مؤتمرها", "a party"),
    ("attack", "خط هجوم المنتخب", "forwards"),
    ("attack", "حملة تستهدف عشرين ألف طفل باللقاح", "a campaign"),
    ("attack", "وقف إطلاق النار", "a truce"),
    ("attack", "heart attack warning", "the heart"),
    ("airstrike", "مغارة أثرية", "a cave"),
    ("airstrike", "غيرة الجيران", "jealousy"),
    ("airstrike", "الشركة استهدفت سوقاً جديدة", "a market"),
    ("drone", "مسيرة حاشدة", "a march"),
    ("drone", "مسيرته الفنية", "a career"),
    ("drone", "يغادرون القاعة", "they leave"),
    ("drone", "ihale sonuçları", "a tender (İHA is an acronym)"),
    ("shelling-missile", "ارتفاع صاروخي للأسعار", "prices"),
    ("shelling-missile", "مدافع المنتخب يغيب", "the defender"),
    ("shelling-missile", "havanın durumu", "the weather (havan is a mortar)"),
    ("ied-mine", "عبوة حليب", "a carton of milk"),
    ("ied-mine", "خمسة كلغم", "kilograms"),
    ("ied-mine", "ميناء جديد", "a harbour (مین is a mine in Persian)"),
    ("explosion", "فجر اليوم", "dawn"),
    ("explosion", "بومبيو يصل", "Pompeo (بۆمب is a bomb in Kurdish)"),
    ("chemical", "العلاج الكيماوي", "chemotherapy"),
    ("territory-change", "السيطرة على الحريق", "a fire"),
    ("territory-change", "رئيس التحرير", "the editor"),
    ("territory-change", "سيطر القلق على الأسواق", "worry, on markets"),
    ("infiltration-ambush", "هدف ملغى بداعي التسلل", "offside"),
    ("assassination", "تصفيات كأس العالم", "qualifiers"),
    ("abduction", "تخطف الأضواء", "the spotlight"),
    ("casualties", "إصابة لاعب في الركبة", "a knee"),
    ("casualties", "إصابات كورونا", "infections"),
    ("casualties", "تسجيل إصابة 12 شخصاً بالكوليرا", "infections"),
    ("drone", "آلاف يشاركون في مسيرة بالحسكة ضد الهجمات التركية", "a march against strikes"),
    ("drone", "مسيرة تستهدف لفت الأنظار إلى معاناة المهجرين", "a march that aims to draw eyes"),
    ("drone", "مسيرة احتجاجية", "a march"),
    ("attack", "هجوم إعلامي", "in the media"),
    ("attack", "هجوم سيبراني", "hackers"),
    ("attack", "هجوم إلكتروني", "hackers"),
    ("attack", "هجوم على الحكومة في البرلمان", "in parliament"),
    ("attack", "نوبة قلبية", "the heart"),
    ("attack", "هجوم قلبي", "the heart"),
    ("clash", "مواجهات الدوري", "fixtures"),
    ("clash", "مواجهة بين ريال مدريد وبرشلونة", "football"),
    ("clash", "مواجهة التضخم", "inflation"),
    ("abduction", "الأوبئة تخطف أرواح الأطفال", "diseases"),
    ("abduction", "يخطف الأضواء", "the spotlight"),
    ("abduction", "خطف الفوز", "a win"),
    ("abduction", "خطف النقاط", "points"),
    ("abduction", "خطف الأنظار", "attention"),
    ("abduction", "خطف البطاقة", "a qualifying place"),
    ("arrest-raid", "خلايا داعش", "nobody was arrested"),
    ("drone", "القاضي بيرقدار يعلن نتائج التحقيق", "a judge"),
    ("drone", "ضربة قاصمة لمسيرة السلام", "a blow to peace"),
    ("drone", "شاهد: لحظة وصول الوفد", "watch this"),
    ("drone", "درون شهر تهران", "Persian for inside"),
    ("drone", "آلاف يخرجون بمسيرة العودة ومقتل متظاهر", "a march"),
    ("abduction", "استطاع خطف أنظار زملائه", "attention"),
    ("abduction", "زيارة خاطفة للوزير", "a flying visit"),
    ("attack", "الشركة تستهدف بيع مليون سيارة", "sales"),
    ("attack", "عقوبات تستهدف داعش", "sanctions"),
    ("arrest-raid", "خلايا نائمة تهدد المنطقة", "nobody was arrested"),
    ("clash", "مواجهات الجيش والشرطة في الدوري", "two football clubs"),
    ("arrest-raid", "الأسرة السورية", "the family"),
    ("arrest-raid", "خلية النحل", "a beehive"),
    ("troop-movement", "تعزيز التعاون", "cooperation"),
    ("troop-movement", "حاجز السعر", "a price barrier"),
    ("troop-movement", "الاستقرار الاقتصادي", "stability (استقرار is deployment in Persian)"),
    ("withdrawal", "تراجع الأسعار", "prices"),
    ("withdrawal", "انسحاب المنتخب من البطولة", "a tournament"),
    ("ceasefire-agreement", "اتفاق تجاري", "trade"),
    ("displacement", "أدب المهجر", "literature"),
    ("siege", "تصريح حصري", "exclusive"),
    ("siege", "осадки завтра", "rain (осада is a siege)"),
    ("protest", "ظاهرة فلكية", "a phenomenon"),
    ("protest", "قوافل الحجاج", "pilgrims"),
    ("protest", "протестировать новую систему", "to test"),
    ("riot-mob", "mobile phones", "phones (mob)"),
    ("target-site", "أمطار غزيرة", "rain"),
    ("target-site", "مطاردة مثيرة", "a chase"),
    ("target-site", "معبراً عن أسفه", "expressing"),
    ("clash", "شهر من العمل", "a month (شەڕ is a fight in Kurdish)"),
]


@pytest.mark.parametrize(("event", "headline", "because"), NOT_FOUND)
def test_a_word_that_misleads_is_not_an_event(events_in: Finder, event: str, headline: str, because: str) -> None:
    assert event not in events_in(headline), because
