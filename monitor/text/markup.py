"""Tags taken out of a text.

Feeds put whole pages, broken tags and plain "5 < 7" into the same place, so this reads much as a browser would, but
where a tag is broken it rather shows too much than hides words. One pass, linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.text.mapped import Edit, Mapped

PARAGRAPH = "\u2029"  # where a block begins or ends; white space, and the end of a sentence

_INLINE = frozenset(
    str.split(
        "a abbr acronym b bdi bdo big cite code data dfn em font i ins kbd mark nobr s samp small span strike strong "
        "sub sup tt u var wbr"
    )
)
_BLOCK = frozenset(
    str.split(
        "address article aside blockquote center dd details div dl dt fieldset figcaption figure footer form h1 h2 "
        "h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead title tr ul"
    )
)
_UNSEEN = ("script", "style")

# A quote that does not close before the next `<` is a character like any other. Without a `>` before the next `<`,
# what was read stays text. So every character is read a bounded number of times.
_TAG = re.compile(
    r"""<(?P<close>/?)(?P<name>[A-Za-z][^\s/<>"']*+)(?P<rest>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+'|["'])*+)(?P<end>>?)"""
)
_OPENING = re.compile(r"<(?:[A-Za-z/]|!--|!\[CDATA\[|!(?=[A-Za-z])|\?(?=[A-Za-z]))|\]\]>")
_ATTRIBUTE = re.compile(r"\s+[A-Za-z][\w:-]*\s*=")


def strip_tags(text: Mapped) -> Mapped:
    """Inline tags leave nothing, line breaks a newline, blocks a paragraph separator, others a space; comments and
    the content of scripts and styles go."""
    return text.rewrite(_Stripper(text.text).edits()) if "<" in text.text or "]]>" in text.text else text


class _Stripper:
    """One walk over a text. Remembers which endings are known not to come any more, so that a text full of openings
    is not searched to its end for each."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._absent: set[str] = set()

    def edits(self) -> Iterator[Edit]:
        at = 0
        while opening := _OPENING.search(self._text, at):
            edit, at = self._read(opening.group(), opening.start(), opening.end())
            if edit is not None:
                yield edit

    def _read(self, mark: str, start: int, after: int) -> tuple[Edit | None, int]:
        """What becomes of an opening, and where to go on."""
        if mark in ("<![CDATA[", "]]>"):
            return (start, after, ""), after
        if mark == "<!--":
            return self._through("-->", start, after, "")
        if mark in ("<!", "<?"):
            return self._through(">", start, after, " ")
        return self._tag(start)

    def _through(self, ending: str, start: int, after: int, left: str) -> tuple[Edit | None, int]:
        end = self._find(ending, after)
        return (None, after) if end < 0 else ((start, end, left), end)

    def _tag(self, start: int) -> tuple[Edit | None, int]:
        tag = _TAG.match(self._text, start)
        if tag is None:
            return None, start + 1
        if not tag["end"]:
            cut_off = tag.end() == len(self._text) and _ATTRIBUTE.match(tag["rest"])
            return ((start, tag.end(), " ") if cut_off else None), tag.end()
        name = tag["name"].lower()
        end = tag.end()
        if name in _UNSEEN and not tag["close"]:
            end = max(end, self._find_closing(name, end))
        return (start, end, _left_by(name)), end

    def _find(self, ending: str, after: int) -> int:
        """The end of `ending` at or after `after`, or -1."""
        at = -1 if ending in self._absent else self._text.find(ending, after)
        if at < 0:
            self._absent.add(ending)
            return -1
        return at + len(ending)

    def _find_closing(self, name: str, after: int) -> int:
        """The end of `</name …>`, or -1; without it only the tag goes, for nothing may hide the rest of a text."""
        if name in self._absent:
            return -1
        found = re.compile(rf"</{name}(?=[\s/>])[^<>]*+>?", re.IGNORECASE | re.ASCII).search(self._text, after)
        if found is None:
            self._absent.add(name)
            return -1
        return found.end()


def _left_by(name: str) -> str:
    if name in _INLINE:
        return ""
    if name == "br":
        return "\n"
    return PARAGRAPH if name in _BLOCK else " "
