"""The shipped event classes: sound as data, right for people who do not know what they hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.language import Lexicon
from monitor.lexicon.data import records
from monitor.lexicon.words import LANGUAGES
from tests.lexicon.conftest import Finder

RECORDS = list(records("events"))
FILES = Path(__file__).parents[2] / "monitor" / "lexicon" / "events"
DRAFT = Path(__file__).parents[3] / "shared" / "data" / "lexicon.yaml"
ARABIC_KINDS = {"noun", "person", "adjective", "verb", "noun_verb", "phrase", "exact", "name", "together"}
# Event and sub-event types of the ACLED codebook (October 2024).
ACLED = {
    "Battles": {"Government regains territory", "Non-state actor overtakes territory", "Armed clash"},
    "Protests": {"Excessive force against protesters", "Protest with intervention", "Peaceful protest"},
    "Riots": {"Violent demonstration", "Mob violence"},
    "Explosions/Remote violence": {
        "Chemical weapon",
        "Air/drone strike",
        "Suicide bomb",
        "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED",
        "Grenade",
    },
    "Violence against civilians": {"Sexual violence", "Attack", "Abduction/forced disappearance"},
    "Strategic developments": {
        "Agreement",
        "Arrests",
        "Change to group/activity",
        "Disrupted weapons use",
        "Headquarters or base established",
        "Looting/property destruction",
        "Non-violent transfer of territory",
        "Other",
    },
}

each_class = pytest.mark.parametrize("event", RECORDS, ids=[event["id"] for event in RECORDS])


@each_class
def test_a_class_has_an_id_a_title_and_words_in_every_language(event: dict[str, dict[str, str]]) -> None:
    assert set(event) - {"hints"} == {"id", "title", "acled", *LANGUAGES}
    assert set(event.get("hints", {})) <= set(LANGUAGES)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", str(event["id"]))
    assert set(event["title"]) == {"ar", "en"}
    assert all(event[language] for language in LANGUAGES)


@each_class
def test_a_class_is_either_an_acled_event_or_says_why_not(event: dict[str, dict[str, str]]) -> None:
    acled: dict[str, Any] = event["acled"]
    assert acled.get("note") or set(acled["sub_events"]) <= ACLED[acled["event"]]


def test_every_sub_event_of_acled_is_covered_by_a_class() -> None:
    covered = {sub_event for event in RECORDS for sub_event in event["acled"].get("sub_events", ())}
    assert covered == set().union(*ACLED.values())


@each_class
def test_arabic_words_say_their_kind_first(event: dict[str, list[dict[str, str]]]) -> None:
    for entry in (*event["ar"], *dict(event.get("hints", {})).get("ar", [])):
        kind, *extra = entry
        assert kind in ARABIC_KINDS, entry
        assert set(extra) <= ({"near"} if kind == "together" else {"plural", "ban"}), entry


@each_class
def test_a_stem_is_long_enough_to_be_one_word(event: dict[str, list[str]]) -> None:
    """Beside others that must be there, three letters will do."""
    for language in LANGUAGES[1:]:
        for text in event[language]:
            if isinstance(text, str) and text.endswith("*"):
                assert len(text) > 4, text


def test_every_list_is_used_and_says_its_kinds() -> None:
    written = [str(event["ar"]) for event in RECORDS]
    for told in records("lists"):
        assert any(f"'list': '{told['id']}'" in text for text in written), told["id"]
        assert all(next(iter(entry)) in ARABIC_KINDS for entry in told["ar"]), told["id"]


def test_the_classes_are_twenty_seven_and_each_is_told_once(lexicon: Lexicon) -> None:
    assert len(RECORDS) == len(lexicon.events) == 27
    for event in lexicon.events.values():
        assert len(event.items) == len(set(map(repr, event.items))), event.id


def _comments() -> dict[str, str]:
    """Of each class, what its file says about it."""
    blocks = [block for file in FILES.glob("*.yaml") for block in re.split(r"(?m)^- id: ", file.read_text("utf-8"))[1:]]
    return {block.split("\n", 1)[0]: "\n".join(re.findall("#.*", block)) for block in blocks}


def test_every_word_of_the_draft_is_shipped_or_has_its_reason(events_in: Finder) -> None:
    if not DRAFT.exists():
        pytest.skip(f"the draft is not here: {DRAFT.name} belongs beside the project")
    comments = _comments()
    missing = [
        (event, word)
        for told in yaml.safe_load(DRAFT.read_text("utf-8"))["classes"]
        for event in [told["id"].replace("_", "-")]
        for entry in told["ar"]
        for word in (entry["t"], *entry.get("pl", ()))
        if event not in events_in(word) and word not in comments[event]
    ]
    assert not missing


FOUND = {
    "group-change": [
        "انشقاق ضباط عن الجيش",
        "اندماج قسد في وزارة الدفاع",
        "حل الفصائل المسلحة",
        "فزعة العشائر",
        "نفير عام في الولاية",
        "تجنيد أطفال",
        "حصر السلاح بيد الدولة",
        "Militia disbanded",
        "örgüt kendini feshetti",
        "мобилизация резервистов",
        "بسیج عمومی",
        "עריקים",
    ],
    "clash": [
        "التصدي لهجوم على نقطة للجيش",
        "صد محاولة تسلل على محور القرية",
        "اندلعت مواجهات في الحي",
        "معركة بين الدعم السريع والجيش",
        "اقتحام ثكنة عسكرية",
        "حرب شوارع في أم درمان",
        "هجوم مضاد للجيش السوداني",
        "عملية عسكرية شرق الفرات",
        "Rebels assault army positions",
        "İki grup arasında müsademe",
        "бойцы пошли на штурм",
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
        "ضربات إسرائيلية على مواقع",
        "عدوان إسرائيلي على محيط العاصمة",
        "مقاتلات تستهدف مواقع داعش",
        "قنبلة انزلاقية على السوق",
        "strikes hit a militia warehouse",
        "самолёты нанесли удары по складу",
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
        "زورق مسيّر يصيب ناقلة",
        "كواد كابتر تلقي قنابل",
        "الزنانة لا تفارق السماء",
        "طائرة انقضاضية",
        "MQ-9 shot down",
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
        "التحالف يدك مواقع الحوثيين",
        "قذائف الهاون",
        "دوت صفارات الإنذار",
        "دفعة صاروخية من الجنوب",
        "صاروخ باليستي",
        "الفسفور الأبيض على الحقول",
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
        "انفجار عبوة بسيارة شيخ",
        "تفجيرات البيجر",
        "انفجار أجهزة نداء في الضاحية",
        "سيارة ملغومة",
        "exploding pagers",
        "انفجار عبوة ناسفة",
        "ألغام أرضية",
        "سيارة مفخخة",
        "an IED went off",
        "roadside bomb",
        "EYP patladı",
        "מטען חבלה",
    ],
    "suicide-bomb": [
        "انتحاري يستهدف نقطة تفتيش",
        "فجّرت نفسها وسط السوق",
        "انغماسيون يهاجمون المقر",
        "هجوم انتحاري",
        "فجّر نفسه",
        "أحزمة ناسفة",
        "suicide bombers",
        "canlı bomba",
    ],
    "explosion": [
        "نسف منازل في الحي الشرقي",
        "فجروا منزل قيادي",
        "انفجار قنبلة في سوق",
        "إلقاء قنبلة على منزل",
        "دوي قوي في العاصمة",
        "انفجارات تهز المدينة",
        "تفجير في السوق",
        "explosion heard",
        "patlama sesi",
        "взрывы",
        "تەقینەوەیەک",
    ],
    "chemical": [
        "هجوم كيمياوي",
        "قصف بالكيماوي",
        "حالات اختناق بعد قصف البلدة",
        "غاز السارين",
        "أسلحة كيميائية",
        "هجمات كيميائية",
        "chlorine gas",
        "kimyasal silahlar",
        "химического оружия",
    ],
    "territory-change": [
        "سيطرت قسد على مطار المدينة",
        "باتت البلدة تحت سيطرة الدعم السريع",
        "سقوط المطار بيد الفصائل",
        "الجيش يستعيد قرى في الريف",
        "تحرير قرية من داعش",
        "طرد عناصر التنظيم من الحي",
        "دخول رتل للأمن العام إلى المدينة",
        "تمشيط البادية بحثاً عن خلايا",
        "troops captured the airport",
        "Kent kontrol altına alındı",
        "освобождено село",
        "استعادت القوات السيطرة",
        "تسيطر على بلدة",
        "سيطروا على قرى",
        "توغل بري",
        "captured the town",
        "ele geçirdi",
        "захватили",
    ],
    "attack": [
        "استهداف جسور على النهر",
        "اعتداء على سفارة في العاصمة",
        "إطلاق نار في سوق المدينة",
        "هجوم للدعم السريع على قرية",
        "عملية طعن في القدس",
        "مسلحون أطلقوا النار على سيارة",
        "سطو مسلح على مصرف",
        "هجوم إيراني على ناقلة",
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
        "تسلل مسلحين إلى القرية",
        "اختراق السياج الفاصل",
        "تدمير نفق لحماس",
        "إنزال للتحالف في ريف الحسكة",
        "طائرات شراعية تقل مسلحين",
        "paragliders crossed the border with gunmen",
        "كمائن على الطريق",
        "محاولات تسلل",
        "ambushed a convoy",
        "pusu kurdular",
        "засада",
    ],
    "assassination": [
        "تصفية قيادي سابق",
        "أطلقوا النار عليه أمام منزله",
        "اغتيال قيادي",
        "برصاص مجهولين",
        "gunned down",
        "suikastte",
        "покушение",
    ],
    "abduction": [
        "مسلحون خطفوا تاجراً",
        "خطف ثلاثة لبنانيين",
        "مغيبون قسراً",
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
        "الدعم السريع متهم باغتصاب نازحات",
        "عقاب جماعي للسكان",
        "مقتل امرأة برصاص قناص",
        "جرائم ضد الإنسانية",
        "killed civilians fleeing",
        "مجازر",
        "مقبرة جماعية",
        "تحت التعذيب",
        "mass graves",
        "katliam",
        "قتل عام",
    ],
    "casualties": [
        "أصيب شاب بشظايا",
        "لقوا حتفهم في القصف",
        "إصابات برصاص الاحتلال",
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
        "توقيف مهرب على الحدود",
        "الأمن يقبض على مطلوبين",
        "حملة مداهمات",
        "ملاحقة فلول النظام",
        "police took him into custody",
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
        "وصول تعزيزات إلى الجبهة",
        "استقدام مقاتلين من البادية",
        "حاجز لقسد على الطريق",
        "نقطة مراقبة تركية",
        "منطقة عسكرية مغلقة",
        "troops were deployed",
        "переброшены войска: переброска техники",
        "تعزيزات عسكرية",
        "رتل عسكري",
        "أرتال عسكرية",
        "reinforcements arrive",
        "askeri konvoy",
        "подкрепление",
    ],
    "withdrawal": [
        "انسحاب الدعم السريع من ود مدني",
        "إخلاء قاعدة الشدادي",
        "تسليم سد تشرين",
        "إجلاء الجرحى",
        "Rebels withdraw from the city",
        "انسحاب القوات",
        "أوامر إخلاء",
        "evacuation orders",
        "geri çekildi",
        "отступление",
    ],
    "ceasefire-agreement": [
        "اتفاق بين دمشق وقسد",
        "خرق الهدنة",
        "صلح عشائري",
        "تهدئة في غزة",
        "a deal with the militia",
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
        "الآلاف يفرون من القصف",
        "تشريد مئات العائلات",
        "families fled fighting",
        "نزوح مئات العائلات",
        "النازحين",
        "لاجئات",
        "displaced families",
        "mülteciler",
        "беженцы",
    ],
    "siege": [
        "تضييق الخناق على المدينة",
        "قوات تطوق البلدة",
        "تجويع السكان",
        "قطع طرق الإمداد",
        "حصار المدينة",
        "تحاصر القوات",
        "المحاصرين",
        "under siege",
        "kuşatma",
        "осада",
    ],
    "protest": [
        "وقفة تضامنية",
        "مسيرة تطالب بالإفراج عن معتقلين",
        "رصاص مطاطي",
        "مظاهرات",
        "متظاهرون",
        "إضراب عام",
        "protests",
        "protestocular",
        "акция протеста",
        "הפגנות",
    ],
    "riot-mob": [
        "مستوطنون يهاجمون قرية",
        "اعتداء مستوطنين على مزارعين",
        "رشق المركبات بالحجارة",
        "اقتتال قبلي في دارفور",
        "مشاجرة جماعية",
        "أعمال شغب",
        "اقتتال عشائري",
        "riots",
        "погромы",
    ],
    "weapons-seized": [
        "ضبط أسلحة وذخائر",
        "العثور على صواريخ",
        "نزع سلاح المخيمات",
        "ضبط أسلحة",
        "تفكيك عبوات",
        "weapons cache",
        "схрон",
    ],
    "property-destruction": [
        "هدم منازل في القدس",
        "نهب مساعدات",
        "إحراق محاصيل القمح",
        "تجريف طريق",
        "soldiers burned homes",
        "هدم منازل",
        "عمليات نهب",
        "looting",
        "evleri yıktı",
        "הריסת בתים",
    ],
    "target-site": [
        "معبر مغلق",
        "مخيم النازحين",
        "قاعدة أمريكية",
        "pipeline hit",
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
    ("clash", "الشركة تتصدى لهجوم إلكتروني", "hackers"),
    ("clash", "قواعد الاشتباك الجديدة", "law"),
    ("clash", "قوة مراقبة فض الاشتباك", "a force of the UN"),
    ("clash", "معارك انتخابية", "elections"),
    ("clash", "الحوثيون يفشلون زيارة المبعوث", "a visit"),
    ("territory-change", "المزيد من التعاون في المنطقة لضمان السيطرة على الإنفاق", "spending"),
    ("territory-change", "هيئة تحرير الشام في مدينة إدلب", "a name"),
    ("territory-change", "طرد دبلوماسيين", "diplomats"),
    ("territory-change", "برشلونة يحكم قبضته على الصدارة", "a league"),
    ("infiltration-ambush", "محطة لمترو الأنفاق", "the underground"),
    ("infiltration-ambush", "إنزال جوي للمساعدات على غزة", "aid"),
    ("infiltration-ambush", "الإنفاق العسكري للتحالف وزيادة السلاح", "spending"),
    ("attack", "خطة تستهدف الشباب", "a plan"),
    ("attack", "دعوة لوقف إطلاق النار", "a truce"),
    ("attack", "دعوة إلى وقف فوري لإطلاق النار", "a truce"),
    ("airstrike", "strikes hit German airports", "labour"),
    ("airstrike", "مروحية للتبريد", "a fan"),
    ("airstrike", "تداعيات العدوان الإسرائيلي", "the whole war"),
    ("shelling-missile", "مذيع يقصف جبهة ضيفه", "a retort"),
    ("shelling-missile", "قصف الرعد", "thunder"),
    ("explosion", "الانفجار السكاني", "births"),
    ("explosion", "انفجرت باكية", "tears"),
    ("explosion", "استهدفت فجر اليوم سيارة", "dawn"),
    ("explosion", "قنبلة موقوتة", "a metaphor"),
    ("suicide-bomb", "مسيرات انتحارية", "drones"),
    ("assassination", "تصفية حسابات بين رجال أعمال", "scores"),
    ("abduction", "الفتاة التي خطفت قلبه", "a heart"),
    ("abduction", "يخطف الأضواء من زملائه", "the spotlight"),
    ("violence-against-civilians", "القناص ينتقل إلى ميلان", "a striker"),
    ("violence-against-civilians", "اغتصاب السلطة", "power"),
    ("arrest-raid", "شركة تقتحم عالم الأدوية", "a market"),
    ("arrest-raid", "أوقف الحكم المباراة", "a match"),
    ("arrest-raid", "ويحكم قبضته على المركز الثاني", "a league"),
    ("troop-movement", "المنطقة العسكرية الخامسة تكرم جرحاها", "a district"),
    ("troop-movement", "استنفار صحي", "doctors"),
    ("withdrawal", "إخلاء سبيل الناشط", "a release"),
    ("withdrawal", "الانسحاب الأمريكي من الاتفاق النووي", "a treaty"),
    ("ceasefire-agreement", "انسحاب واشنطن من الاتفاق النووي", "a treaty"),
    ("displacement", "نزح المياه من الأقبية", "wells"),
    ("siege", "صبية حاصرتهم السيول في كهف", "floods"),
    ("siege", "أوروبا تضيق الخناق على موسكو", "sanctions"),
    ("weapons-seized", "نزع السلاح النووي", "disarmament"),
    ("group-change", "الجهاز المركزي للتعبئة العامة والإحصاء", "statistics"),
    ("group-change", "إيجاد حل", "a solution"),
    ("riot-mob", "قوات مكافحة الشغب", "a police force"),
    ("target-site", "معبر عن رأيه", "expressing"),
    ("target-site", "تنظيم القاعدة", "al-Qaeda"),
    ("property-destruction", "قرب تدمر ومدينة السخنة", "Palmyra"),
    ("protest", "تظاهر بأنه نائم", "to pretend"),
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
