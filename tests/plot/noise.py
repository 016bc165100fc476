"""What fills the day: news that no rule is about. Some of it has the words of a rule and no place of it; some a place
of one, in peace."""

from __future__ import annotations

from random import Random

from tests.plot.towns import NEIGHBOURS, TOWNS

CLUBS = ("النجوم", "الاتحاد الساحلي", "الفرسان", "الوحدة", "السهم", "الميناء", "الشعلة", "الرائد", "الأهلي الجديد")
CAPITALS = ("القاهرة", "الرباط", "تونس", "الجزائر", "عمان", "المنامة", "نواكشوط", "مدريد", "باريس", "طوكيو")
GOODS = ("القمح", "الزيتون", "القطن", "الأرز", "السكر", "الحديد", "النحاس", "البن", "التمور")
AMOUNTS = ("طفيفاً", "ملحوظاً", "كبيراً", "محدوداً", "مفاجئاً", "تدريجياً")
MINISTERS = ("المالية", "الزراعة", "التعليم", "الصحة", "السياحة", "النقل", "الثقافة", "البيئة")
WEATHER = ("أمطار متفرقة", "رياح نشطة", "ضباب كثيف", "موجة دافئة", "سماء صافية", "زخات خفيفة", "غبار عالق")
ARTS = (
    "معرض للخط العربي",
    "أمسية شعرية",
    "مهرجان للسينما القصيرة",
    "حفل موسيقي",
    "ندوة عن الرواية",
    "عرض للحرف التقليدية",
)
DAYS = ("السبت", "الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة")
SCORES = ("بهدف وحيد", "بهدفين نظيفين", "بثلاثة أهداف", "بركلات الترجيح", "في الوقت الإضافي")
WORKS = (
    "افتتاح مدرسة جديدة",
    "ترميم الجامع القديم",
    "حملة تشجير واسعة",
    "سوق أسبوعي للمواشي",
    "دورة لتعليم الخياطة",
    "توزيع بذار على المزارعين",
    "تعبيد شارع رئيسي",
    "صيانة شبكة الصرف",
)

# {town} stands in a region that a rule is about; nothing else in these patterns is of a rule.
IN_PEACE = (
    ("{work} في {town}", "شارك أهالي {town} في الفعالية، وحضرها وجهاء وأعضاء المجلس."),
    ("{town} تستعد لموسم {goods}", "يأمل المزارعون بموسم وفير بعد شتاء ماطر."),
    ("{weather} في {town} غداً {day}", "تنصح الأرصاد السائقين بالتمهل على الطرق الزراعية."),
    ("فريق من {town} يتأهل إلى الدور الثاني", "فاز الفريق {score} أمام جمهوره."),
)
# Words of a rule, and no place of any.
WITHOUT_PLACE = (
    (
        "اشتباكات بين جماهير {club} و{rival} عقب المباراة في {capital}",
        "تدخل رجال الأمن في الملعب، وفتح اتحاد اللعبة تحقيقاً.",
    ),
    ("انفجار أنبوب غاز في ضاحية من {capital}", "أخليت البناية، وقالت البلدية إن السبب عطل فني."),
    ("خبير: الغارات الجوية تغير قواعد الحروب الحديثة", "جاء ذلك في محاضرة بجامعة {capital} يوم {day}."),
    ("شركة ناشئة في {capital} تطور طائرة مسيرة لرش المحاصيل", "تحمل الطائرة خزاناً صغيراً وتغطي حقول {goods}."),
    ("فيلم عن القصف في الحرب العالمية يفوز بجائزة في {capital}", "عرض الفيلم {day}، ونال استحسان النقاد."),
    ("{club} يقصف شباك {rival} {score}", "انتهى اللقاء في {capital} وسط حضور كبير."),
)
EVERYDAY = (
    ("{club} يتغلب على {rival} {score}", "أقيمت المباراة {day} في {capital} ضمن الجولة الجديدة من الدوري."),
    ("مدرب {club}: جاهزون للقاء {rival}", "تقام المباراة {day} المقبل، ويغيب عنها الحارس لإصابة في الركبة."),
    ("أسعار {goods} تسجل ارتفاعاً {amount}", "أغلقت التعاملات في بورصة {capital} يوم {day} على تباين."),
    ("تراجع صادرات {goods} تراجعاً {amount}", "عزا تجار في {capital} ذلك إلى كلفة الشحن."),
    ("وزير {minister} يلتقي نظيره في {capital}", "بحث الجانبان التعاون، واتفقا على زيارة مقبلة يوم {day}."),
    ("وزارة {minister} تعلن خطة جديدة", "تبدأ الخطة {day} وتشمل قطاعات منها {goods}."),
    ("{weather} في {capital} {day}", "تبقى درجات الحرارة حول معدلاتها حتى نهاية الأسبوع."),
    ("{arts} في {capital}", "تستمر الفعالية حتى {day}، والدخول مجاني."),
    ("البرلمان يناقش موازنة وزارة {minister}", "رفعت الجلسة إلى {day} لعدم اكتمال النصاب."),
    ("دراسة: زراعة {goods} تتأثر بتغير المناخ", "نشر باحثون من {capital} نتائج الدراسة يوم {day}."),
)
ENGLISH = (
    ("{club} beat {rival} in the league", "The match was played in {capital} on {day}."),
    ("{goods} prices close higher", "Traders in {capital} expect a calm week after {day}."),
    ("{minister} minister visits {capital}", "Talks on cooperation are to go on until {day}."),
    ("Sunny spells expected in {capital}", "Forecasters see showers on {day}."),
    ("Fans of {club} in clashes with police in {capital}", "The league opened an inquiry on {day}."),
    ("Documentary on drone racing wins prize in {capital}", "The film will be shown on {day}."),
    ("School opens in {town}", "Families and teachers attended the ceremony on {day}."),
)
IN_ENGLISH = {
    "club": ("Rovers", "United Coast", "Riders", "Arrows", "Harbour", "Pioneers"),
    "capital": ("Cairo", "Rabat", "Tunis", "Amman", "Madrid", "Paris", "Tokyo"),
    "goods": ("Wheat", "Olive", "Cotton", "Rice", "Sugar", "Coffee"),
    "minister": ("Finance", "Farming", "Education", "Tourism", "Culture"),
    "day": ("Saturday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
}
ALL_TOWNS = (*NEIGHBOURS, *(town for each in TOWNS.values() for town in each))


def written(language: str, rng: Random) -> tuple[str, str]:
    """Title and summary."""
    patterns = ENGLISH if language == "en" else rng.choices((EVERYDAY, WITHOUT_PLACE, IN_PEACE), (7, 2, 2))[0]
    fields = _english(rng) if language == "en" else _arabic(rng)
    title, summary = rng.choice(patterns)
    return title.format(**fields), summary.format(**fields)


def _arabic(rng: Random) -> dict[str, str]:
    club, rival = rng.sample(CLUBS, 2)
    pools = {
        "capital": CAPITALS,
        "goods": GOODS,
        "amount": AMOUNTS,
        "minister": MINISTERS,
        "weather": WEATHER,
        "arts": ARTS,
        "day": DAYS,
        "score": SCORES,
        "work": WORKS,
    }
    town = rng.choice(ALL_TOWNS).ar
    return {"club": club, "rival": rival, "town": town, **{key: rng.choice(each) for key, each in pools.items()}}


def _english(rng: Random) -> dict[str, str]:
    club, rival = rng.sample(IN_ENGLISH["club"], 2)
    drawn = {key: rng.choice(each) for key, each in IN_ENGLISH.items()}
    return {**drawn, "club": club, "rival": rival, "town": rng.choice(ALL_TOWNS).en}
