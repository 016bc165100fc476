"""The normal form of a text: what makes two spellings of one word equal.

`fold` is idempotent over all of Unicode, and it never puts anything back: what it drops (a hamza's seat, tanwin)
can be asked of `spell`, which only takes off what is no letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from unicodedata import category, combining, decimal, normalize

# U+0640 only stretches a word. UnicodeData.txt calls it a letter (Lm), so dropping marks (Mn) would leave it.
TATWEEL = "\u0640"

# Invisible to a reader though Unicode files them under marks (DerivedCoreProperties, Default_Ignorable_Code_Point).
_IGNORABLE_MARKS = frozenset("\u034f\u180b\u180c\u180d\u180f") | {chr(c) for c in (*range(0xFE00, 0xFE10),)}

# Presentation forms of marks alone. Their compatibility decomposition begins with a space, which would split words.
_MARK_FORMS = frozenset(chr(c) for c in (*range(0xFE70, 0xFE80), *range(0xFC5E, 0xFC64), *range(0xFCF2, 0xFCF5)))

# Letters that are one letter to a reader of Arabic. ة is not here: it stays itself, so that نفقه (his tunnel) and
# نفقة (alimony) differ, and equals ه only where a comparison says so.
_ONE_LETTER = {
    "ا": "\u0622\u0623\u0625\u0671\u0672\u0673\u0675",
    "ي": "\u0649\u06cc\u06cd\u06ce\u06d0\u06d1\u06d2\u0620\u063d\u063e\u063f",
    "ك": "\u06a9\u06aa\u063b\u063c",
    "ه": "\u06be\u06c0\u06c1\u06c2\u06d5\u06ff",
    "ة": "\u06c3",
    "و": "\u06c4\u06c5\u06c6\u06c7\u06c8\u06c9\u06ca\u06cb",
    "ر": "\u0692\u0695",
    "ل": "\u06b5",
    "ء": "\u0624\u0626\u06d3\u0674\u0676\u0677\u0678",
}
_HEBREW_FINALS = dict(zip("ךםןףץ", "כמנפצ", strict=True))
_DECIMAL_SIGNS = {"\u066b": ".", "\u066c": ","}
_FIXED = {
    **{variant: letter for letter, variants in _ONE_LETTER.items() for variant in variants},
    **_HEBREW_FINALS,
    **_DECIMAL_SIGNS,
    "ı": "i",  # Turkish capitals come without it: ADIYAMAN, Adıyaman
}

# A hamza written as a mark after its seat; NFC composes only و ي ا with it.
_HAMZA_MARK = re.compile("[\u0649\u06cc]([\u064b-\u0652\u0670]*)[\u0654\u0655]")
# لاجىء is لاجئ and شىء is شيء. Anchored at the first ي, so that a long run of them is read once.
_FINAL_HAMZA = re.compile(r"(?<!ي)ي+ء(?![^\W\d_])")


def _is_dropped(char: str, kind: str) -> bool:
    """Whether it only decorates, stretches or steers the letters around it. Vowel signs of Indic scripts and kana
    voicing are marks too, but no decoration: their combining class is below 10."""
    match kind:
        case "Mn":
            return combining(char) >= 10 or char in _IGNORABLE_MARKS
        case "Me" | "Cf":
            return True
        case _:
            return char == TATWEEL or char in _MARK_FORMS


def _fold_char(char: str) -> str:
    """The folded form of one code point that stands in NFC text."""
    if char in _FIXED:
        return _FIXED[char]
    kind = category(char)
    if kind in ("Cn", "Co"):
        return char
    if _is_dropped(char, kind):
        return ""
    if kind in ("Cc", "Cs", "Zs", "Zl", "Zp"):
        return " "
    if kind == "Nd":
        return str(decimal(char))
    return _fold_parts(char)


def _fold_parts(char: str) -> str:
    # NFKC before NFD: it turns a presentation form into the letter that _FIXED knows, not into letter and hamza mark.
    for parts in (normalize("NFKC", char), normalize("NFD", char), char.casefold()):
        if parts != char:
            folded = normalize("NFC", "".join(map(_fold_char, parts)))
            return folded.replace(" ", "") if category(char).startswith("L") else folded
    return char


def _spell_char(char: str) -> str:
    return "" if _is_dropped(char, category(char)) else char


class _Table(dict[int, str]):
    """For `str.translate`: filled as code points are met. Those past the first plane are rare and not kept, so that
    nobody can fill our memory by publishing all of Unicode."""

    def __init__(self, rule: Callable[[str], str]) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, code: int) -> str:
        written = self._rule(chr(code))
        if code < 0x10000:
            self[code] = written
        return written


_FOLDED = _Table(_fold_char)
_SPELLED = _Table(_spell_char)


def compose(text: str) -> str:
    return normalize("NFC", text)


def seat_hamza(text: str) -> str:
    return _HAMZA_MARK.sub(r"ئ\1", text) if "\u0654" in text or "\u0655" in text else text


def fold_letters(text: str) -> str:
    return text.translate(_FOLDED)


def shorten_final_hamza(text: str) -> str:
    return _FINAL_HAMZA.sub("ء", text) if "يء" in text else text


# In this order. A step that is added here raises VERSION: what was hashed before cannot be compared with what comes.
STEPS = (compose, seat_hamza, fold_letters, compose, shorten_final_hamza)
VERSION = 1


def fold(text: str) -> str:
    """The normal form: marks, tatweel and invisible characters gone, letters that read alike made one, case folded,
    digits ASCII, every kind of white space and control a space. Length may change either way."""
    for step in STEPS:
        text = step(text)
    return text


def spell(text: str) -> str:
    """The letters as their author chose them (أ and إ, ى and ي, ؤ and ئ apart), without marks and stretching."""
    composed = seat_hamza(normalize("NFKC" if _FORMS.search(text) else "NFC", text))
    return composed.translate(_SPELLED)


_FORMS = re.compile("[\ufb50-\ufefc]")


def fold_spelled(spelled: str) -> str:
    """`fold` for what `spell` gave, or letters put together from it: the other steps have nothing to do there."""
    return shorten_final_hamza(fold_letters(spelled))


def unify_ta(folded: str) -> str:
    """ة as ه: equal at the end of a word, where sloppy writing drops the dots."""
    return folded.replace("ة", "ه")
