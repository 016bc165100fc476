"""Texts of others, made so that a format can hold them and no program obeys them."""

from __future__ import annotations

import re
from typing import Final

# XML 1.0 knows no other control character than tab and line ends, no half of a pair, not the last two of the plane.
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_TEXT: Final = re.compile("[\x00\ud800-\udfff]")

# With these a formula begins, also in the wide, small and raised forms that are the same to some (NFKC).
FORMULA: Final = "=+\\-@⁺⁼₊₌⩵⩶﬩﹢﹣﹦﹫＋－＝＠"
_UNSEEN: Final = (
    "\x00-\x08\x0b\x0c\x0e-\x20\x7f-\xa0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180e\u2000-\u200f"
    "\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffd"
)
_LIVE: Final = re.compile(f"'*[{_UNSEEN}\t\r\n]*[{FORMULA}]")
# A spreadsheet whose locale cuts lines at ';' or tab sees no quotes in our lines: for it a cell begins there, too.
_CUT: Final = re.compile(f"(?<=[;\t\r\n])([{_UNSEEN}]*)('*[{FORMULA}])")
_CUT_GUARDED: Final = re.compile(f"(?<=[;\t\r\n])([{_UNSEEN}]*)'('*[{FORMULA}])")


def for_xml(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)


def encodable(text: str) -> str:
    """Without what UTF-8, or a reader of C strings, cannot hold."""
    return _NOT_IN_TEXT.sub("\ufffd", text)


def no_formula(text: str) -> str:
    """With an apostrophe before whatever a spreadsheet would take for a formula. One that stood there already gets
    another, so `as_written` undoes it exactly."""
    cut = _CUT.sub(r"\1'\2", text)
    return f"'{cut}" if _begins_live(cut) else cut


def as_written(cell: str) -> str:
    """What `no_formula` was given."""
    cut = cell[1:] if cell.startswith("'") and _begins_live(cell[1:]) else cell
    return _CUT_GUARDED.sub(r"\1\2", cut)


def _begins_live(text: str) -> bool:
    return bool(_LIVE.match(text)) or text.lstrip("'").startswith(("\t", "\r"))
