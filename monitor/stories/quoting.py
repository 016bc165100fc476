"""Whether the words around a newsroom's name make it the one whose word is passed on."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.stories.mentions import Mention, Words

_AS_FAR = 25  # words of a sentence between who said it and to whom: «قال قائد الشرطة في المدينة … لرويترز»

# All folded, ة as ه.
KINDS = frozenset((
    "وكاله", "الوكاله", "وكالتا", "وكالتي", "انباء", "الانباء", "قناه", "القناه", "فضائيه", "صحيفه", "الصحيفه", "جريده",
    "موقع", "شبكه", "تلفزيون", "التلفزيون", "اذاعه", "راديو", "مجله", "هيئه", "منصه",
    "the", "a", "an", "news", "agency", "agence", "channel", "newspaper", "broadcaster", "state", "run", "official",
))  # fmt: skip
_OF = ("of", "من")
_REPORTERS = frozenset((
    "شاهد", "شهود",
    "مراسل", "مراسله", "مراسلو", "مراسلي", "مراسلون", "مراسلين", "صحافي", "صحافيه", "صحافيو", "صحفي",
    "صحفيو", "صحافيون",
    "مصور", "مصورو", "مندوب", "مندوبه", "موفد", "فريق", "مكتب", "احصاء", "احصاءات", "تعداد", "حصيله",
    "correspondent", "correspondents", "reporter", "reporters", "journalist", "journalists", "photographer",
    "photographers", "team", "tally", "count",
))  # fmt: skip
_ABOUT = frozenset(("عليه", "عليها", "به", "بها", "معه", "معها", "عنه", "عنها"))  # «اطلعت عليه رويترز», «أفادت به»
_SAID = frozenset((
    "قال", "افاد", "ذكر", "اورد", "نقل", "كتب", "كشف", "اعلن", "اكد", "اشار", "اضاف", "اوضح", "نشر", "بث", "شاهد",
    "رصد", "احصي", "اطلع", "تلق", "حصل", "اجر", "اجري", "علم", "بين", "لفت", "راي", "تحدث", "ابلغ", "صرح", "روي",
))  # fmt: skip
_TO_SOMEBODY = frozenset((
    "قال", "قالت", "قالوا", "يقول", "تقول", "صرح", "صرحت", "اكد", "اكدت", "اوضح", "اوضحت", "افاد", "افادت", "ابلغ",
    "ابلغت", "ذكر", "ذكرت", "اضاف", "اضافت", "كشف", "كشفت", "اعلن", "اعلنت", "اشار", "اشارت", "روي", "روت", "تحدث",
    "تحدثت", "حديث", "حديثه", "تصريح", "تصريحات", "تصريحاته", "مقابله", "بيان", "اتصال", "مصدر", "مصادر", "شهود",
))  # fmt: skip
_TALK = frozenset(("مقابله", "حوار", "حديث", "لقاء", "اتصال", "مقابلته", "حديثه", "interview"))
_BY = frozenset(("بحسب", "حسب", "وفق", "citing", "via", "per"))
_BY_TO = frozenset(("وفقا", "طبقا", "تبعا", "استنادا", "نسبه"))
_SAYS = frozenset(
    ("said", "says", "reported", "reports", "quoted", "saw", "witnessed", "counted", "wrote", "confirmed")
)


def kinds_before(first: int, words: Words) -> int:
    """Where the words begin that only say what kind of newsroom follows: «وكالة الأنباء», the news agency."""
    at = first
    while (
        at and _is_space(words.before(at)) and (_is_kind(words.folded[at - 1]) or _is_adjective(words.folded[at - 1]))
    ):
        at -= 1
        first = at if _is_kind(words.folded[at]) else first
    return first


def _is_kind(word: str) -> bool:
    return word.removeprefix(_lead(word)) in KINDS


def _is_adjective(word: str) -> bool:
    """«وكالة الأنباء السورية الرسمية»."""
    return word.startswith("ال") and word.endswith("يه")


def is_quoted(mention: Mention, words: Words) -> bool:
    """Only by a spelling that means a newsroom wherever it stands."""
    if not mention.plain:
        return False
    at, particle = _phrase(mention, words)
    if particle.endswith("ل"):
        return _is_told(at, words) or words.after(mention.last).lstrip(' »"”').startswith(":")
    by = _reporters_before(at, words)
    if by < at and words.folded[by] not in _REPORTERS and words.folded[by].startswith("ل"):
        return _is_told(by, words)  # «لمراسل رويترز»
    return _stands_behind_verb(by, words) or _is_by(by, words) or _is_in_talk(at, words) or _speaks(mention.last, words)


def _phrase(mention: Mention, words: Words) -> tuple[int, str]:
    """Where it begins, with its kind, and the particle there: «لوكالة فرانس برس», «لـ"رويترز"»."""
    at = kinds_before(mention.first, words)
    opener = words.folded[at]
    particle = mention.particle if at == mention.first else _lead(opener)
    if not particle and at and words.folded[at - 1] in ("ل", "ول") and _is_space(words.before(at)):
        return at - 1, "ل"
    return at, particle


def _is_told(at: int, words: Words) -> bool:
    """«قال … لرويترز», «وفقا لرويترز», «مراسل لفرانس برس»."""
    near = words.folded[max(_sentence_start(at, words), at - _AS_FAR) : at]
    return _any(near, _TO_SOMEBODY) or (bool(near) and _any(near[-1:], _BY_TO))


def _is_in_talk(at: int, words: Words) -> bool:
    """«في مقابلة مع رويترز», told Reuters."""
    if not at:
        return False
    if words.folded[at - 1] == "told":
        return True
    near = words.folded[max(_sentence_start(at, words), at - _AS_FAR) : at]
    return near[-1:] in (("مع",), ("with",), ("to",)) and _any(near, _TALK)


def _any(words: Iterable[str], wanted: frozenset[str]) -> bool:
    return any(word in wanted or _stem(word) in wanted for word in words)


def _reporters_before(at: int, words: Words) -> int:
    """Without the people of the newsroom that stand before its name, if they do: «مراسل», a correspondent of."""
    start = at
    while start and (_is_reporter(words.folded[start - 1]) or words.folded[start - 1] in _OF):
        start -= 1
    return start


def _is_reporter(word: str) -> bool:
    return word in _REPORTERS or word.removeprefix("ل") in _REPORTERS


def _stands_behind_verb(at: int, words: Words) -> bool:
    """«ذكرت رويترز», «كما أفاد مراسل فرانس برس»."""
    if at > 1 and words.folded[at - 1] in _ABOUT:
        at -= 1
    return bool(at) and _is_space(words.before(at)) and _said(words.folded[at - 1])


def _said(word: str) -> bool:
    for form in (word, _stem(word)):
        for ending in ("", "ت", "ته", "تها", "ه", "ها"):
            if form.endswith(ending) and form.removesuffix(ending) in _SAID:
                return True
    return False


def _is_by(at: int, words: Words) -> bool:
    """«نقلاً عن رويترز», according to Reuters, reported by."""
    if not at or not _is_space(words.before(at)):
        return False
    before = words.folded[at - 1]
    further = words.folded[at - 2] if at > 1 else ""
    if before == "عن":
        return _stem(further) in ("نقلا", "نقل", "منقول", "صدر", "نقلته")
    if before == "to":
        return further == "according"
    if before == "by":
        return further in ("reported", "quoted", "published", "cited", "report", "tally", "seen")
    return _any((before,), _BY)


def _speaks(last: int, words: Words) -> bool:
    """Reuters reported, an AFP correspondent saw."""
    while last < len(words) and words.folded[last] in (*KINDS, *_REPORTERS) and _is_space(words.before(last)):
        last += 1
    return last < len(words) and words.folded[last] in _SAYS and _is_space(words.before(last))


def _sentence_start(at: int, words: Words) -> int:
    while at and not _ends(words.before(at)):
        at -= 1
    return at


def _ends(gap: str) -> bool:
    return "\n" in gap or any(sign + " " in gap + " " for sign in ".!؟?")


def _is_space(gap: str) -> bool:
    return not gap.strip(" \u00a0\u200f\u200e\"«»“”'ـ-(")


def _lead(word: str) -> str:
    """The particles that are written to a kind; '' before anything else."""
    if word in KINDS:
        return ""
    return next((particle for particle in ("ول", "و", "ل", "ب", "ف") if word.removeprefix(particle) in KINDS), "")


def _stem(word: str) -> str:
    """Without an 'and' or 'so' written to it."""
    return word[1:] if len(word) > 2 and word[0] in "وف" else word
