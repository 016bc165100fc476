"""Why nobody was told, in Arabic. A decision is kept in English, as `monitor why` and machines read it; what alerts can
have of it, `monitor.alerts.cases` says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from monitor.alerts import phrases
from monitor.alerts.cases import case
from monitor.alerts.words import FSI, PDI, Language
from monitor.arabic import arabic
from monitor.model import MuteKind

_KINDS: Final = {
    MuteKind.RULE.value: "القاعدة", MuteKind.PLACE.value: "المكان", MuteKind.STORY.value: "القصة",
    MuteKind.SOURCE.value: "المصدر",
}  # fmt: skip
_WORDS: Final = {
    "an edit that changes nothing that is told": "تعديل لا يغيّر شيئًا مما يُبلَّغ",
    "what the rule waits for: it is not silent": "هذا ما تنتظره القاعدة: لا صمت",
    "nothing in common by which one would be looked for": "لا شيء مشترك يُبحث به",
    "the same words": "الكلمات نفسها",
    "the same headline": "العنوان نفسه",
    "much in common": "بينهما الكثير من المشترك",
}


def in_words(why: str, language: str) -> str:
    """'' for nothing. A sentence that nobody has translated stays as it is."""
    if language == "en" or not why:
        return why
    if why in _WORDS:
        return _WORDS[why]
    for pattern, say in _SENTENCES:
        if found := pattern.fullmatch(why):
            return say(found)
    told = case(why, _ARABIC)
    return told if told != why else arabic(why) or why


_ARABIC: Final[Language] = "ar"


def _latin(text: str) -> str:
    return f"{FSI}{text}{PDI}"


def _muted(found: re.Match[str]) -> str:
    because = f": {_latin(found['why'])}" if found["why"] else ""
    kind = _KINDS.get(found["kind"], found["kind"])
    return f"الكتم {found['id']} ({kind} {_latin(found['subject'])}، حتى {_latin(found['until'])}){because}"


def _stale(found: re.Match[str]) -> str:
    return f"نُشر في {_latin(found[1])}، وأقصى عمر تقبله القاعدة {_latin(found[2])}"


def _told(found: re.Match[str]) -> str:
    return f"بلّغ التنبيه {_latin(found[1])} بهذه القصة، ولا جديد هنا"


def _stands(found: re.Match[str]) -> str:
    of = f"التنبيه {_latin(found[1])} من القاعدة {_latin(found[2])}"
    return f"يغني عنه حتى {_latin(found[3])} {of}: {_latin(found[4])}"


def _counted(found: re.Match[str]) -> str:
    """What a rule of kind volume says of stories that are not told by themselves."""
    many = case(found["many"], _ARABIC)
    if found["of"]:
        return f"{many}، من {found['of']} تطلبها القاعدة"
    if found["since"]:
        return f"{many}: لا تُعرف الزيادة إلا بعد أسبوعين، وهذه القاعدة تنظر منذ {_latin(found['since'])}"
    until = f" حين تنتهي مهلته في {_latin(found['until'])}" if found["until"] else ""
    return f"{many}: يبلّغ بها التنبيه {_latin(found['alert'])}{until}"


def _few(found: re.Match[str]) -> str:
    many = phrases.sources(1 if found[1] == "one" else int(found[1]), "ar")
    return f"{many} حتى الآن، والقاعدة تطلب {found[2]}"


def _percent(what: str) -> Callable[[re.Match[str]], str]:
    return lambda found: f"{found[1]}٪ من {what} مأخوذ من الآخر"


_SENTENCES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (
        re.compile(
            r"mute (?P<id>\d+) \((?P<kind>\w+) (?P<subject>.+), until (?P<until>[\d: -]+UTC)\)(?:: (?P<why>.*))?"
        ),
        _muted,
    ),
    (re.compile(r"published (.+), and the rule's max_age is (.+)"), _stale),
    (re.compile(r"the rule's last day was (.+)"), lambda found: f"كان آخر أيام القاعدة {_latin(found[1])}"),
    (
        re.compile(r"rule (\S+) tells this very story"),
        lambda found: f"القاعدة {_latin(found[1])} تبلّغ بهذه القصة نفسها",
    ),
    (re.compile(r"alert (\S+) told the story; nothing is new here"), _told),
    (re.compile(r"alert (\S+) of rule (\S+) stands for it until (.+? UTC): (.*)"), _stands),
    (
        re.compile(
            r"(?P<many>\d+ stor(?:y|ies) within [^:,(]+(?: \(usual at these hours: [\d.]+\))?)"
            r"(?:, of (?P<of>\d+)"
            r"|: a surge wants two weeks to compare with, and this rule has looked since (?P<since>.+)"
            r"|: alert (?P<alert>\S+) tells it(?: when its throttle ends at (?P<until>.+))?)"
        ),
        _counted,
    ),
    (re.compile(r"(one|\d+) independent sources? so far, and the rule wants (\d+)"), _few),
    (re.compile(r"(\d+)% of its phrases are the other's"), _percent("عباراته")),
    (re.compile(r"(\d+)% of its words are the other's"), _percent("كلماته")),
)
