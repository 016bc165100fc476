"""Character references (&laquo; &#1575;) turned into what they stand for."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.entities import html5

from monitor.text.mapped import Edit, Mapped

# The longest name of the HTML standard (CounterClockwiseContourIntegral;) has 32 characters.
_REFERENCE = re.compile(r"&(?:#([0-9]++);?|#[xX]([0-9a-fA-F]++);?|([a-zA-Z][a-zA-Z0-9]{0,31}+;?))")
_NO_CHARACTER = "\ufffd"


def unescape(text: Mapped) -> Mapped:
    """One round. What is no reference stays as it is; a reference without its semicolon counts as browsers count it."""
    return text.rewrite(_edits(text.text)) if "&" in text.text else text


def _edits(text: str) -> Iterator[Edit]:
    for found in _REFERENCE.finditer(text):
        digits, hexadecimal, name = found.groups()
        if name is None:
            number = _number(digits, 10) if digits is not None else _number(hexadecimal, 16)
            yield found.start(), found.end(), number
        elif known := _longest_name(name):
            yield found.start(), found.start() + 1 + len(known), html5[known]


def _longest_name(name: str) -> str:
    """The longest beginning that is a name: &ampx is & and x. '' if there is none."""
    return next((name[:end] for end in range(len(name), 1, -1) if name[:end] in html5), "")


def _number(digits: str, base: int) -> str:
    significant = digits.lstrip("0")
    if len(significant) > 7:  # past Unicode; `int` would refuse, or take long over, thousands of digits
        return _NO_CHARACTER
    return html.unescape(f"&#{int(significant or '0', base)};")  # knows windows-1252 numbers and forbidden ones
