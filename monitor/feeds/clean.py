"""A feed's markup made harmless and, where that can be known, well-formed, before any parser sees it.

What is left has no prolog, DOCTYPE, entity declaration, comment, processing instruction or CDATA section, no character
that XML forbids, no reference but the five of XML, and no '<' that does not begin a whole tag. Every step is linear.
"""

from __future__ import annotations

import re
from html.entities import html5

LONGEST_TAG = 4096  # characters; real ones that are longer are pictures within an attribute
LONGEST_SHORT_FIELD = 256  # characters of a date, a name or an address: feedparser's patterns for them are quadratic
_SECTION = re.compile(r"<!\[CDATA\[|<!--|<\?|<!")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
# Both find only what needs repair: most documents need none, and a call for each good tag would cost seconds.
_BAD_TAG = re.compile(rf"<(?!/?[A-Za-z_][^<>]{{0,{LONGEST_TAG - 1}}}>)([^<>]*>?)")
_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?:#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?|([A-Za-z][A-Za-z0-9]{0,31};))?"
)
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
# A base that cannot be joined with leaves feedparser without one for all that follows, and so every link empty.
_BAD_BASE = re.compile(r"""\s(?:xml:)?base\s*=\s*(?:"(?![!-Z^-~]*")[^"<>]*"|'(?![!-Z^-~]*')[^'<>]*')""", re.IGNORECASE)
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]+")
_BREAKS = "\x0b\x0c\x1c\x1d\x1e\x1f"
_INSTEAD = {
    **dict.fromkeys((*range(0x20), 0xFFFE, 0xFFFF), ""),
    **dict.fromkeys(map(ord, _BREAKS), " "),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}
_SHORT = re.compile(
    r"(<(?:[\w.-]{1,40}:)?(?:author|creator|managingEditor|webMaster|publisher|contributor|owner|name|email"
    r"|pubDate|date|updated|published|modified|issued|created|lastBuildDate|expirationDate)(?=[\s>])[^<>]*>)([^<]+)",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    tidy = _repair_tags(_repair_references(_flatten(drop_controls(text))))
    return _cut_short_fields(_BAD_BASE.sub("", tidy))


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def drop_controls(text: str) -> str:
    """Control characters go, so that a word with one inside it is still that word; those that break a line break it."""
    return _ILLEGAL.sub(_stand_in, text)


def _stand_in(match: re.Match[str]) -> str:
    return match[0].translate(_INSTEAD)


def _flatten(text: str) -> str:
    """CDATA sections as escaped text, comments and instructions gone, other declarations as the text that they are."""
    pieces: list[str] = []
    at = 0
    missing: set[str] = set()  # ends that do not come any more: looking for them again each time would be quadratic
    while start := _SECTION.search(text, at):
        pieces.append(text[at : start.start()])
        opening, inside = start[0], start.end()
        end = -1 if opening not in _ENDS or opening in missing else text.find(_ENDS[opening], inside)
        if end >= 0:
            pieces.append(escape(text[inside:end]) if opening == "<![CDATA[" else "")
            at = end + len(_ENDS[opening])
        else:
            missing.add(opening)
            pieces.append("" if opening == "<![CDATA[" else escape(opening))
            at = inside
    return "".join(pieces) + text[at:]


def _repair_references(text: str) -> str:
    return _REFERENCE.sub(_reference, text)


def _reference(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name is not None:
        return _named(name)
    if hexadecimal or decimal:
        return _numbered(int(hexadecimal, 16) if hexadecimal else _number(decimal))
    return "&amp;"


def _named(name: str) -> str:
    return "".join(_MARKUP.get(char, char) for char in html5[name]) if name in html5 else f"&amp;{name}"


def _number(digits: str) -> int:
    return int(digits) if len(digits) <= 7 else -1  # Unicode ends at seven digits; int() is quadratic


def _numbered(code: int) -> str:
    if not 0 < code <= 0x10FFFF:
        return "\ufffd"
    char = chr(code)
    return "\ufffd" if _ILLEGAL.fullmatch(char) else _MARKUP.get(char, char)


def _repair_tags(text: str) -> str:
    """A '<' that begins no tag is a sign; a tag that is too long goes."""
    return _BAD_TAG.sub(_bad_tag, text)


def _bad_tag(match: re.Match[str]) -> str:
    return "" if len(match[1]) > LONGEST_TAG else "&lt;" + match[1]


def _cut_short_fields(text: str) -> str:
    return _SHORT.sub(_cut, text)


def _cut(match: re.Match[str]) -> str:
    value = match[2]
    if len(value) <= LONGEST_SHORT_FIELD:
        return match[0]
    return match[1] + re.sub(r"&[^;]{0,8}$", "", value[:LONGEST_SHORT_FIELD])  # not in the middle of a reference
