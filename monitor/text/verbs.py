"""The forms of a verb, made from its third person masculine perfect.

No root is sought: the perfect's letters say which pattern it follows and so what the imperfect looks like. Written
without vowels, active and passive mostly look alike; where they do not (استعاد, أصيب, حوصر) both are made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from monitor.text.fold import fold_spelled, spell

_OBJECTS = ("ه", "ها", "هم", "هما", "هن", "نا", "ني", "ك", "كم")
_PERSONS = ("ي", "ت")  # he and they; she and you
_FUTURE = ("", "س", "ل")  # will; to, or let him
_I = (("س", "أ"),)  # I will; a bare أ begins too much else
# "We" without a future begins too many nouns of its own where the stem is short: نصيب (a share) is not we hit.
_BEFORE_SHORT = (*product(_FUTURE, _PERSONS), ("س", "ن"), ("ل", "ن"), *_I)
_BEFORE_LONG = (*_BEFORE_SHORT, ("", "ن"))
# يوقع signs, but توقع is mostly "expected", another verb.
_BEFORE_WAW = (("", "ي"), ("س", "ي"), ("ل", "ي"), ("س", "ت"))

_PERFECT = ("", "ت", "ا", "وا", "تا", "ن", "نا", "تم")
_PERFECT_BEFORE_OBJECT = ("", "ت", "و", "نا", "تمو")
# Endings that begin with a consonant, and so part a doubled letter (رددنا) or shorten a long vowel (أصبنا).
_PARTING = ("نا", "تم")
_PARTING_BEFORE_OBJECT = ("نا", "تمو")
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

    `strict`: forms with the letters that a token never has at their beginning: إ for أصابته (it hit him) beside إصابته
    (his injury), يا for يأسر (he captures) beside ياسر (a first name).
    """

    made: Mapping[str, str]
    strict: Mapping[str, str]


def verb_forms(word: str) -> VerbForms:
    """Every form of a verb, given as third person masculine perfect."""
    verb = spell(word)
    forms: dict[str, str] = {}
    strict: dict[str, str] = {}
    for spelled, how in _forms(verb):
        forms.setdefault(fold_spelled(spelled), how)
        if never := _never_first(verb, spelled):
            strict[fold_spelled(spelled)] = never
    return VerbForms(forms, strict)


def _never_first(verb: str, form: str) -> str:
    if verb == "انهار":
        return "أ"  # أنهار are rivers
    if form.startswith("أ"):
        return "إ"
    return f"{form[0]}ا" if form.startswith(("يأ", "تأ", "سأ")) else ""  # سافر is no "I shall flee"


def _forms(verb: str) -> Iterator[tuple[str, str]]:
    for stem in _perfect_stems(verb):
        yield from _joined(_perfect(stem))
    if parted := _parted(verb):
        yield from _joined(_with_endings(parted, _PARTING, _PARTING_BEFORE_OBJECT))
    if verb not in _PERFECT_ONLY:
        for stem in _imperfect_stems(verb):
            yield from _joined(_imperfect(stem))
            if len(verb) >= 4 and (verb[1] == "ا" or verb[0] == "ت"):  # أقاتل, أتقدم; but أسقط is another verb than سقط
                yield from _joined(("أ", *ending) for ending in _imperfect_endings(stem))


def _joined(parts: Iterator[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for form in parts:
        yield "".join(form), "+".join(filter(None, form))


def _perfect(stem: str) -> Iterator[tuple[str, ...]]:
    if stem.endswith(("ى", "ا")):
        yield from _defective_perfect(stem)
        return
    if stem.endswith("ي"):  # a passive has no object: الغيني is of Guinea
        yield from _with_endings(stem, _PERFECT, ())
        return
    if stem.endswith("أ"):
        yield f"{stem[:-1]}ئ", "وا"  # لجؤوا: ئ and ؤ are one when folded
    endings = tuple(ending for ending in _PERFECT if ending != "ن") if stem.endswith("أ") else _PERFECT  # لجان
    yield from _with_endings(stem, endings, _PERFECT_BEFORE_OBJECT)


def _with_endings(stem: str, alone: Iterable[str], before_object: Iterable[str]) -> Iterator[tuple[str, ...]]:
    for ending in alone:
        yield stem, ending
    for ending, owner in product(before_object, _OBJECTS):
        yield stem, ending, owner


def _parted(verb: str) -> str:
    """The perfect's stem before an ending that begins with a consonant, where it is another: رددنا, احتللنا, أصبنا."""
    if verb[-2:-1] == "ا" and verb[-1] not in "اىءأ" and (len(verb) == 3 or _is_derived(verb)):
        return verb[:-2] + verb[-1]
    doubled = len(verb) == 2 or (len(verb) == 4 and verb[0] == "ا") or (len(verb) == 5 and verb.startswith("است"))
    return verb + verb[-1] if doubled and verb[-1] not in "اىيوءأ" else ""


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
    return _BEFORE_LONG if len(stem) >= 4 or _is_sound(stem) else _BEFORE_SHORT


def _is_sound(stem: str) -> bool:
    """Three letters, none of them weak: نقصف is nothing but "we shell"."""
    return len(stem) == 3 and not _WEAK.intersection(stem)


_WEAK = frozenset("اوىيءأؤئ")


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
    if _is_derived(verb) and verb.endswith("ى"):  # استولي عليها, ألقيت
        yield f"{verb[:-1]}ي"
    if len(verb) >= 4 and verb.endswith("أ"):  # أنشئت; but بدء is a noun
        yield f"{verb[:-1]}ئ"
    if len(verb) == 4 and verb[1] == "ا" and verb.endswith("أ"):  # فوجئ
        yield f"{verb[0]}و{verb[2]}ئ"


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
    if verb.endswith("أ"):  # يلجؤون, ينشئ
        yield f"{stem[:-1]}ئ"
    if len(verb) == 3 and verb[0] == "و":  # وصل, يصل
        yield verb[1:]


def _hollow(verb: str) -> Iterator[str]:
    for vowel in _HOLLOW.get(verb, "وي"):
        yield f"{verb[0]}{vowel}{verb[2]}"
    yield verb  # passive: يقال, يصاب


def _turns_to_ya(verb: str) -> bool:
    """Fourth and tenth form: أصاب, يصيب; استعاد, يستعيد. The seventh and eighth keep the alef."""
    return verb[0] == "أ" or verb.startswith("است")
