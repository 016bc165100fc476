"""Which language a text is in, by its letters alone."""

from __future__ import annotations

import re
from collections import Counter

_SCRIPTS = (
    ("arabic", re.compile("[\u0620-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\ufb50-\ufefc]")),
    ("latin", re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")),
    ("cyrillic", re.compile("[\u0400-\u04ff]")),
    ("hebrew", re.compile("[\u05d0-\u05ea]")),
)
# Evidence by letter or by word's beginning. ک and ی alone prove nothing: some Arabic keyboards type them.
_ARABIC_SCRIPT = {
    "ar": {"ة": 2, "ى": 1, "ي": 1, "ك": 1, "أ": 1, "إ": 2, "ؤ": 1, "ض": 1, "ط": 1, "ظ": 1, "ث": 1, "ذ": 1},
    "fa": {"پ": 3, "چ": 3, "ژ": 3, "گ": 3, "ک": 1, "ی": 1},
    "ur": {"ٹ": 5, "ڈ": 5, "ڑ": 5, "ں": 5, "ے": 5, "ھ": 4, "ہ": 4, "پ": 2, "گ": 2, "چ": 2, "ک": 1, "ی": 1},
    "ckb": {"ە": 4, "ۆ": 5, "ێ": 5, "ڕ": 5, "ڵ": 5, "ڤ": 4, "پ": 2, "گ": 2, "چ": 2, "ژ": 2, "ک": 1, "ی": 1},
}
_ARTICLE = re.compile(r"(?<!\w)[وف]?(?:[بك]?ال|لل)\w\w")
_TURKISH = re.compile("[ığşİĞŞ]")
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_OTHER_LATIN = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_ENOUGH = 2000  # letters; a language shows in far fewer


def guess_language(text: str) -> str:
    """'ar', 'fa', 'ur', 'ckb', 'he', 'ru', 'uk', 'tr', 'en', or '' for no letters and for what we cannot tell.

    The script with the most letters decides first. Latin letters without any accent are taken for English, with
    ı ğ ş for Turkish, with others for none.
    """
    start = text[: _ENOUGH * 2]
    counts = {script: len(letters.findall(start)) for script, letters in _SCRIPTS}
    script = max(counts, key=lambda name: counts[name])
    if not counts[script]:
        return ""
    match script:
        case "arabic":
            return _arabic_script(start)
        case "latin":
            return _latin(start)
        case "cyrillic":
            return "uk" if _UKRAINIAN.search(start) else "ru"
        case _:
            return "he"


def _arabic_script(text: str) -> str:
    counts = Counter(text)
    weights = {
        language: sum(counts[letter] * weight for letter, weight in evidence.items())
        for language, evidence in _ARABIC_SCRIPT.items()
    }
    weights["ar"] += 2 * len(_ARTICLE.findall(text))
    return max(weights, key=lambda language: weights[language])  # ties go to the first, Arabic


def _latin(text: str) -> str:
    if _TURKISH.search(text):
        return "tr"
    return "" if _OTHER_LATIN.search(text) else "en"
