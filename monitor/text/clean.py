"""Published text made readable: no markup, no escapes, no wrong encoding. Every character remembers its place."""

from __future__ import annotations

import re

from monitor.text.escapes import unescape
from monitor.text.mapped import Mapped
from monitor.text.markup import strip_tags
from monitor.text.mojibake import repair

_ROUNDS = 2  # a feed that escapes twice is common, three times was never seen

# What a reader cannot see but a terminal, or the text around it, would obey: controls, bidirectional and zero-width
# characters, interlinear annotation, tags. Not the Arabic number signs U+0600 to U+0605, which show.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(published: str) -> Mapped:
    """Tags and escapes are undone at most twice over, then a wrong encoding is repaired."""
    text = Mapped(published)
    for _ in range(_ROUNDS):
        stripped = strip_tags(text)
        text = unescape(stripped)
        if text is stripped:
            break
    else:
        text = strip_tags(text)
    return repair(text)


def display(published: str) -> str:
    """Clean text for people, on one line: white space folded, nothing invisible, fit for UTF-8."""
    return tidy(clean(published).text)


def tidy(text: str) -> str:
    """A text without markup, as `display` shows it."""
    shown = _UNSEEN.sub("", text)
    return " ".join(_LONE_SURROGATE.sub("\ufffd", shown).split())
