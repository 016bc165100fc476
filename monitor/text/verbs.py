"""The forms of a verb, made from its third person masculine perfect.

No root is sought: the perfect's letters say which pattern it follows and so what the imperfect looks like. Written
without vowels, active and passive mostly look alike; where they do not (استعاد, أصيب, حوصر) both are made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from monitor.text.fold import fold_spelled, spell

_OBJECTS = ("ه", "ها", "هم", "هما", "هن", "نا", "ني", "ك", "كم")
_PERSONS = ("ي", "ت")  # he and they; she and you
_FUTURE = ("", "س", "ل")  # will; to, or let him
# "We" without a future begins too many nouns of its own where the stem is short: نصيب (a share) is not we hit.
_BEFORE_SHORT = (*product(_FUTURE, _PERSONS), ("س", "ن"), ("ل", "ن"))
_BEFORE_LONG = (*_BEFORE_SHORT, ("", "ن"))
# يوقع signs, but توقع is mostly "expected", another verb.
_BEFORE_WAW = (("", "ي"), ("س", "ي"), ("ل", "ي"), ("س", "ت"))

_PERFECT = ("", "ت", "ا", "وا", "تا", "ن", "نا")
_PERFECT_BEFORE_OBJECT = ("", "ت", "و", "نا")
_IMPERFECT = ("", "ون", "وا", "ان", "ا", "ين", "ن")
_IMPERFECT_BEFORE_OBJECT = ("", "ون", "و")

# What the middle alef of a hollow verb becomes in the imperfect; a verb that is not here may become either.
_HOLLOW = {
    **dict.fromkeys(str.split("قال عاد قام مات كان زار دار ثار ساد قاد فاز جاز ذاق صاغ جاب طاف لاذ حام"), "و"),
    **dict.fromkeys(str.split("باع سار صار غاب طار عاش زاد شاع ضاع حاد مال"), "ي"),
    **dict.fromkeys(str.split("خاف نال نام كاد"), "ا"),
}
# يغير is far more often "changes" than "raids".
_PERFECT_ONLY = frozenset({"أغار"})


@dataclass(frozen=True, slots=True)
class VerbForms:
    """Every folded form without a conjunction, with how it is made up.

    `strict`: forms that a token spelled with إ at their beginning is not: أصابته (it hit him), إصابته (his injury).
    """

    made: Mapping[str, str]
    strict: frozenset[str]


def verb_forms(word: str) -> VerbForms:
    """Every form of a verb, given as third person masculine perfect."""
    verb = spell(word)
    forms: dict[str, str] = {}
    strict: set[str] = set()
    for spelled, how in _forms(verb):
        forms.setdefault(fold_spelled(spelled), how)
        if spelled.startswith("أ"):
            strict.add(fold_spelled(spelled))
    return VerbForms(forms, frozenset(strict))


def _forms(verb: str) -> Iterator[tuple[str, str]]:
    for stem in _perfect_stems(verb):
        yield from _joined(_perfect(stem))
    if verb not in _PERFECT_ONLY:
        for stem in _imperfect_stems(verb):
            yield from _joined(_imperfect(stem))


def _joined(parts: Iterator[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for form in parts:
        yield "".join(form), "+".join(filter(None, form))


def _perfect(stem: str) -> Iterator[tuple[str, ...]]:
    if stem.endswith(("ى", "ا")):
        yield from _defective_perfect(stem)
        return
    for ending in _PERFECT:
        yield stem, ending
    for ending, owner in product(_PERFECT_BEFORE_OBJECT, _OBJECTS):
        yield stem, ending, owner


def _defective_perfect(stem: str) -> Iterator[tuple[str, ...]]:
    """استولى, استولت, استولوا, استولينا; ألقاها, ألقتها, ألقوها."""
    root = stem[:-1]
    yield (stem,)
    for ending in ("ت", "تا", "وا", "يا", "ين", "ينا"):
        yield root, ending
    for ending, owner in product(("ا", "ت", "و", "ينا"), _OBJECTS):
        yield root, ending, owner


def _imperfect(stem: str) -> Iterator[tuple[str, ...]]:
    for before in _before(stem):
        for ending in _imperfect_endings(stem):
            yield *before, *ending


def _before(stem: str) -> tuple[tuple[str, str], ...]:
    if len(stem) == 3 and stem.startswith("و"):
        return _BEFORE_WAW
    return _BEFORE_LONG if len(stem) >= 4 else _BEFORE_SHORT


def _imperfect_endings(stem: str) -> Iterator[tuple[str, ...]]:
    """The stem with what may follow; a final weak letter gives way: يستولون, لم يستول."""
    short = stem[:-1] if stem.endswith(("ى", "ي", "و")) else stem
    yield (stem,)
    for ending in _IMPERFECT:
        if ending or len(short) >= 3:
            yield short, ending
    for owner in _OBJECTS:
        yield stem, owner
    for ending, owner in product(_IMPERFECT_BEFORE_OBJECT, _OBJECTS):
        if ending or len(short) >= 3:
            yield short, ending, owner


def _perfect_stems(verb: str) -> Iterator[str]:
    """The verb, and its passive where that is written with other letters."""
    yield verb
    if _is_derived(verb) and verb[-2] == "ا":  # اغتال, استعاد, أصاب
        yield f"{verb[:-2]}ي{verb[-1]}"
    if len(verb) == 4 and verb[1] == "ا":  # حاصر, هاجم
        yield f"{verb[0]}و{verb[2:]}"
    if len(verb) == 5 and verb[0] == "ت" and verb[2] == "ا":  # تبادل
        yield f"{verb[:2]}و{verb[3:]}"
    if len(verb) >= 5 and _is_derived(verb) and verb.endswith("ى"):  # استولي عليها
        yield f"{verb[:-1]}ي"


def _is_derived(verb: str) -> bool:
    """Fourth form and those from the seventh on: an alef before a longer verb."""
    return len(verb) >= 4 and verb[0] in "اأ"


def _imperfect_stems(verb: str) -> Iterator[str]:
    stem = verb[1:] if _is_derived(verb) else verb
    if verb.endswith("ا") and len(verb) == 3:  # دعا, غزا
        yield f"{verb[:-1]}و"
    elif len(verb) == 3 and verb[1] == "ا":
        yield from _hollow(verb)
    elif len(verb) >= 4 and verb[-2] == "ا" and _is_derived(verb):
        yield stem
        if _turns_to_ya(verb):
            yield f"{stem[:-2]}ي{stem[-1]}"
    else:
        yield stem
    if len(verb) == 3 and verb[0] == "و":  # وصل, يصل
        yield verb[1:]


def _hollow(verb: str) -> Iterator[str]:
    for vowel in _HOLLOW.get(verb, "وي"):
        yield f"{verb[0]}{vowel}{verb[2]}"
    yield verb  # passive: يقال, يصاب


def _turns_to_ya(verb: str) -> bool:
    """Fourth and tenth form: أصاب, يصيب; استعاد, يستعيد. The seventh and eighth keep the alef."""
    return verb[0] == "أ" or verb.startswith("است")
