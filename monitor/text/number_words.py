"""The words of which numbers are made, Arabic and English, folded, with ة as ه."""

from __future__ import annotations

_ONES = {
    1: "واحد واحده واحدا احد احدي one",
    2: "اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي ثنتان ثنتين two",
    3: "ثلاث ثلاثه ثلاثا three",
    4: "اربع اربعه اربعا four",
    5: "خمس خمسه خمسا five",
    6: "ست سته ستا six",
    7: "سبع سبعه سبعا seven",
    8: "ثمان ثماني ثمانيه ثمانيا eight",
    9: "تسع تسعه تسعا nine",
    10: "عشر عشره عشرا ten",
}
_TENS = {
    10 * n: f"{stem}ون {stem}ين {english}"
    for n, (stem, english) in enumerate(
        zip(
            ["عشر", "ثلاث", "اربع", "خمس", "ست", "سبع", "ثمان", "تسع"],
            ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
            strict=True,
        ),
        2,
    )
}
_ENGLISH = "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_HUNDRED = ("ماءه", "مءه", "ميه")
_HUNDREDS = {
    100: " ".join((*_HUNDRED, "hundred")),
    200: "ماءتان ماءتين مءتان مءتين ماءتا ماءتي مءتا مءتي",
    **{
        100 * n: " ".join(f"{stem}{hundred}" for stem in stems.split() for hundred in _HUNDRED)
        for n, stems in enumerate(("ثلاث", "اربع", "خمس", "ست", "سبع", "ثمان ثماني", "تسع"), 3)
    },
}
_SCALES = {1_000: "الف الفا الاف thousand", 1_000_000: "مليون مليونا ملايين million"}
_DUALS = {2_000: "الفان الفين الفي", 2_000_000: "مليونان مليونين مليوني"}


def _told(table: dict[int, str]) -> dict[str, int]:
    return {word: value for value, words in table.items() for word in words.split()}


ONES, TENS, HUNDREDS, SCALES, DUALS = map(_told, (_ONES, _TENS, _HUNDREDS, _SCALES, _DUALS))
TEENS = {word: 11 + n for n, word in enumerate(_ENGLISH.split())}
TEN = ("عشر", "عشره")
JOINED_TEENS = {  # written as one word, as people speak
    f"{one}{ten}": value + 10 for one, value in ONES.items() if value < 10 and not one.isascii() for ten in TEN
}

# Open ones. Dozens begin at two dozens' worth of people in neither language: newsrooms say them of twenty and more.
VAGUE: dict[str, tuple[int, int | None]] = {
    **dict.fromkeys(("عشرات", "dozens", "tens"), (20, None)),
    "scores": (40, None),
    **dict.fromkeys(("مءات", "ماءات", "hundreds"), (200, None)),
    **dict.fromkeys(("الاف", "الوف", "thousands"), (2_000, None)),
    **dict.fromkeys(("ملايين", "millions"), (2_000_000, None)),
    **dict.fromkeys(("بضعه", "بضع"), (3, 9)),
    **dict.fromkeys(("several", "عده", "عديد", "many"), (3, None)),
    "dozen": (12, 12),
    "couple": (2, 2),
}
PHRASES: dict[tuple[str, ...], tuple[int, int | None]] = {
    ("عشرات", "الاف"): (20_000, None),
    ("مءات", "الاف"): (200_000, None),
    ("tens", "of", "thousands"): (20_000, None),
    ("hundreds", "of", "thousands"): (200_000, None),
    ("بضع", "عشرات"): (30, 90),
    ("بضعه", "عشر"): (13, 19),
    ("بضع", "عشره"): (13, 19),
    ("عدد", "من"): (2, None),
    ("عدد", "اخر"): (2, None),
    ("عدد", "كبير", "من"): (3, None),
    ("a", "number", "of"): (2, None),
    ("a", "few"): (3, 9),
    ("a", "couple", "of"): (2, 2),
    ("half", "a", "dozen"): (6, 6),
    ("a", "dozen"): (12, 12),
    ("عديد", "من"): (3, None),
}

_BEFORE = {
    "least": "ما لا يقل عن|لا يقل عن|لا يقل عددهم عن|ليس اقل من|علي الاقل|علي اقل تقدير|at least|no fewer than|"
    "no less than|not less than|not fewer than|a minimum of",
    "more": "اكثر من|ما يزيد علي|ما يزيد عن|يزيد علي|يزيد عن|ازيد من|ما يربو علي|ما يربو عن|يربو علي|ما يفوق|يفوق|"
    "ما يتجاوز|يتجاوز|تتجاوز|تجاوز|فوق|more than|over|in excess of|upwards of|exceeding|exceeds|passes|passed|"
    "surpasses|surpassed|tops",
    "about": "نحو|حوالي|قرابه|زهاء|ما يقارب|ما يقرب من|يقارب|بحدود|حدود|about|around|some|nearly|almost|approximately|"
    "roughly|close to|an estimated|estimated",
    "less": "اقل من|fewer than|less than|under",
    "up to": "ما يصل الي|up to|as many as|حتي",
}
QUALIFIERS = sorted(
    ((tuple(phrase.split()), kind) for kind, phrases in _BEFORE.items() for phrase in phrases.split("|")),
    key=lambda pair: -len(pair[0]),
)
FIRST_OF_QUALIFIERS = frozenset(words[0] for words, _ in QUALIFIERS)
BEHIND = {
    ("علي", "الاقل"): "least",
    ("علي", "اقل", "تقدير"): "least",
    ("at", "least"): "least",
    ("or", "more"): "least",
    ("او", "اكثر"): "least",
    ("تقريبا",): "about",
    ("علي", "الاكثر"): "up to",
    ("at", "most"): "up to",
}

TABLES = (
    ("one", ONES),
    ("ten", TENS),
    ("hundred", HUNDREDS),
    ("scale", SCALES),
    ("dual", DUALS),
    ("teen", JOINED_TEENS),
)
BEGINNINGS = frozenset(
    (
        *(word for _, table in TABLES for word in table),
        *TEENS,
        *VAGUE,
        *(phrase[0] for phrase in PHRASES),
        *FIRST_OF_QUALIFIERS,
        *("بين", "between", "ما", "ال", "لل", "the", "a", "an"),
    )
)


def these(words: str) -> frozenset[str]:
    """A table of words, as they are written here."""
    return frozenset(words.split())
