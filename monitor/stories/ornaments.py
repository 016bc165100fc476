"""What newsrooms hang on a report, and what is no part of it: taken off before reports are compared.

Anybody may write a headline, so no pattern may take long over any: what follows a repeated part cannot be taken for
more of it, white space is folded first, and what looks for the end looks at the end alone.
"""

from __future__ import annotations

import re
from functools import partial

_SEP = r"[|\-–—:/•»«]"
_SHOUTS = (
    r"عاجل(?:\s+جدا|\s+الآن)?|خاص|حصري|شاهد|فيديو|بالفيديو|صور|بالصور|متابعة|مباشر|تحديث|هام|نبأ عاجل|خبر عاجل|"
    r"BREAKING(?: NEWS)?|URGENT|EXCLUSIVE|JUST IN|UPDATE(?: ?\d+)?|WATCH|VIDEO|LIVE|FLASH|ALERT|SON DAKİKA|SON DAKIKA|"
    r"DERNIÈRE MINUTE|СРОЧНО|МОЛНИЯ|فوری"
)
_LEADING = re.compile(rf"^[\W_]*(?:#?(?:{_SHOUTS})\s*(?:[|:!\-–—.•/]|\s(?=[|#])|$)[\W_]*)+", re.IGNORECASE)
_SHOUT_HASHTAG = re.compile(rf"#(?:{_SHOUTS.replace(' ', '_')})\b", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\B@\w+|\bt\.me/\S+")
# An outlet behind the headline (… | صحيفة المدى, … - Reuters): at most four words after a bar or a spaced dash.
_TRAILING = re.compile(r"\s[|–—-]\s?[^\s|–—-]+(?:\s[^\s|–—-]+){0,3}\s?$|\s?\|\s?[^\s|]+(?:\s[^\s|]+){0,3}\s?$")
_LEADING_OUTLET = re.compile(r"^(?:[^\s|:]+\s+){0,3}[^\s|:]+\s*\|\s*")
# DAMASCUS (AFP) -, دمشق – سانا:, (رويترز)
_CREDIT = re.compile(r"[(\[][^()\[\]]{2,24}[)\]]")
_DATELINE = re.compile(r"^(?:[^\s.،,/:–—-]+[\s،,/]+){0,3}[^\s.،,/:–—-]+\s?(?:[(\[][^()\[\]]{2,24}[)\]]\s?)?[–—-]+\s")
_HASHTAGS_AT_END = re.compile(r"(?:\s*#[\w_]+)+[\s.]*$")
# Who told it to whom, ahead of what was told.
_LEADS = re.compile(
    r"(?:^|(?<=[.!؟]\s))(?:و?(?:قال|قالت|أفاد|افاد|أفادت|افادت|ذكر|ذكرت|نقل|أكد|أكدت|أعلن|علمت|رصد)\s+)"
    r"(?:مراسل\w*|مندوب\w*|مصادر\w*|مصدر|وكالة|وسائل|شبكة|موقع|صحيفة|ناشطون)(?:\s+\S+){0,5}?\s+(?:بأنّ?|بان|أنّ?|ان|إنّ?|عن)\s+"
)
_LEADS_ENGLISH = re.compile(
    r"^(?:our|a|an|the)?\s*(?:\w+\s){0,2}(?:correspondent|reporter|sources?)(?:\s\w+){0,4}?\s(?:said|says|reported|reports)"
    r"\s(?:that\s)?",
    re.IGNORECASE,
)
_END = 600  # characters in which hashtags at the end are looked for
_FEW = 4  # words; a headline that would be left with fewer keeps what looks like an outlet


def plain_title(title: str) -> str:
    """A clean headline without shouts, outlets, addresses and the marks of hashtags."""
    text = _bare(title)
    for shortened in (_without_hashtags, partial(_LEADING_OUTLET.sub, ""), partial(_TRAILING.sub, "")):
        shorter = shortened(text)
        if len(shorter.split()) >= _FEW:
            text = shorter
    return _LEADING.sub("", _CREDIT.sub(" ", text)) or title


def plain_prose(prose: str) -> str:
    """The same for a summary or body, with datelines and 'our correspondent said that'."""
    text = _CREDIT.sub(" ", _DATELINE.sub("", _bare(prose), count=1))
    return _LEADS_ENGLISH.sub("", _LEADS.sub("", _folded(_without_hashtags(text))))


def _bare(text: str) -> str:
    """White space folded, neither shouts in front nor addresses."""
    return _folded(_LEADING.sub("", _folded(_ADDRESS.sub(" ", _SHOUT_HASHTAG.sub(" ", text)))))


def _folded(text: str) -> str:
    return " ".join(text.split())


def _without_hashtags(text: str) -> str:
    return text[:-_END] + _HASHTAGS_AT_END.sub("", text[-_END:])
