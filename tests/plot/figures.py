"""Numbers of people as newsrooms write them."""

from __future__ import annotations

_TENS = ("", "", "", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة")
_ENGLISH = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
STYLES = ("words", "digits", "indic")


def people(count: int, style: str) -> str:
    """So many persons, in the genitive, as behind «مقتل»."""
    return _counted(count, style, one="شخص واحد", two="شخصين", few="أشخاص", many="شخصاً")


def dead(count: int, style: str) -> str:
    """So many dead, in the genitive, as behind «سقوط»."""
    return _counted(count, style, one="قتيل واحد", two="قتيلين", few="قتلى", many="قتيلاً")


def hurt(count: int, style: str) -> str:
    """So many wounded, in the genitive."""
    return _counted(count, style, one="جريح واحد", two="جريحين", few="جرحى", many="جريحاً")


def english(count: int, style: str) -> str:
    return _ENGLISH[count] if style == "words" and count <= 10 else str(count)


def _counted(count: int, style: str, *, one: str, two: str, few: str, many: str) -> str:
    if count <= 2:
        return one if count == 1 else two
    if count > 10:
        return f"{_number(count, style)} {many}"
    return f"{_TENS[count] if style == 'words' else _number(count, style)} {few}"


def _number(count: int, style: str) -> str:
    return str(count).translate(_DIGITS) if style == "indic" else str(count)
