"""The Arabic words that tell of killed and wounded, folded, with ة as ه."""

from __future__ import annotations

from monitor.model import FigureKind
from monitor.text.number_words import these
from monitor.text.people import ONE, SOME, TWO, Count

K: FigureKind = "killed"
W: FigureKind = "wounded"

# Nouns for the killed and the wounded, each with how many it means without a number.
NOUNS: dict[str, tuple[FigureKind, Count]] = {
    **dict.fromkeys(these("قتيل قتيلا قتيله شهيد شهيدا شهيده جثه جثمان جثمانا"), (K, ONE)),
    **dict.fromkeys(
        these("قتيلان قتيلين قتيلتان قتيلتين شهيدان شهيدين شهيدتان شهيدتين جثتان جثتين جثماني جثمانين"),
        (K, TWO),
    ),
    **dict.fromkeys(these("ضحيتان ضحيتين وفاتان وفاتين"), (K, TWO)),
    **dict.fromkeys(these("قتلي شهداء شهيدات ضحايا جثث جثامين وفيات صرعي قتيلات"), (K, SOME)),
    **dict.fromkeys(these("جريح جريحا جريحه مصاب مصابا مصابه"), (W, ONE)),
    **dict.fromkeys(these("جريحان جريحين جريحتان جريحتين مصابان مصابتان مصابتين اصابتان اصابتين"), (W, TWO)),
    **dict.fromkeys(these("جرحي جريحات مصابون مصابين مصابات اصابات"), (W, SOME)),
}
ONLY_COUNTED = frozenset(["ضحيه", "وفاه", "اصابه"])  # alone they are a fate, a passing, and a verb's noun
COUNTED = {"ضحيه": K, "وفاه": K, "اصابه": W}
NEEDS_CAUSE = these("جثث شهداء ضحايا مصاب مصابا مصابه اصابات مصابين مصابون جثه جثمان جثامين وفيات صرعي شهيد شهيده")
CAUSES = these(
    "ينتشل انتشل تنتشل انتشلت "
    "سقوط سقط سقطت ارتقاء ارتقي ارتقت وقوع وقع وقعت خلف خلفت يخلف مخلفا مخلفه اوقع اوقعت يوقع تسجيل سجل "
    "وجود انتشال العثور هناك دون بدون اي ولا لا بين قتيل قتيلان شهيد قتلي"
)
LEADS = frozenset(("عن", "الي"))  # أسفر عن, أدى إلى
REMAINS = frozenset(["جثث", "جثامين", "جثه"])
BOTH_DEAD_AND_HURT = frozenset(("خساءر",))

# What is done to people: its noun, its verb; people follow.
KILLING = these(
    "مقتل مصرع استشهاد قتل قتلت قتلوا يقتل تقتل استشهد استشهدت يستشهد استشهدوا بحياه ضحيته ضحيتها ذبح ذبحت يذبح تذبح"
)
DYING = these(
    "وفاه توفي توفيت توفوا مات ارواح اعدم اعدمت يعدم قضي قضت"
)  # people die in other ways, too: only with a number
HITTING = these("اصاب اصابت اصابوا يصيب تصيب")  # a target as well: with people behind it only
WOUNDING = these("اصابه جرح اصيب اصيبت اصيبوا يصاب تصاب جرحت جرحوا يجرح") | HITTING
NOUN_FORMS = frozenset(["مقتل", "مصرع", "استشهاد"])  # one that is named by what he is, is one: مقتل الجندي
FATE = these("مصرعه مصرعهم مصرعها مصرعهما حتفه حتفهم حتفها حتفهما نحبه نحبهم")
SICKNESS = (
    "فيروس",
    "كورونا",
    "كوفيد",
    "كوليرا",
    "حصبه",
    "مرض",
    "بمرض",
    "سرطان",
    "وباء",
    "انفلونزا",
    "ايبولا",
    "ملاريا",
    "عدوي",
    "طاعون",
    "ضنك",
    "اختناق",
    "تسمم",
)
SICK = frozenset(word for each in SICKNESS[:-2] for word in (each, f"ب{each}", f"بال{each}", f"ال{each}"))
STOP = these(
    "بين في من الي علي عن بعد قبل منذ خلال عند جراء اثر امس اليوم بينهم بينها منهم فيما كما بينما لدي داخل "
    "قرب حيث الذي التي وفق بحسب"
)
CRIMES = these("جريمه جراءم محاوله محاولات تهمه تهم عمليه عمليات")
ASIDES = these("بالرصاص فيها فيه خلالها خلاله بها به امس اليوم ايضا")
ASIDE = 7  # words between a verb and whom it names
TOLL = these("حصيله عدد عداد اعداد")

ANYBODY = these("شخص طفل طفله شاب رجل امراه مدني مواطن سيده فتاه رضيع مهاجر")

# Verbs behind those they tell of: خمسة أشخاص قتلوا.
BEHIND_THEM: dict[str, FigureKind] = {
    **dict.fromkeys(these("قتلوا قتلا قضوا قضيا استشهدوا استشهدا توفوا توفيا قتلتا"), K),
    **dict.fromkeys(these("اصيبوا اصيبا جرحوا جرحا اصيبتا"), W),
}

CUES = frozenset(
    (*NOUNS, *COUNTED, *KILLING, *DYING, *WOUNDING, *FATE, *BEHIND_THEM, *BOTH_DEAD_AND_HURT, "يصب", "تصب", "حصيله")
)
"""One of these begins a word of every text in which a figure is read, particles and article apart."""
