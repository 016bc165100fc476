"""Why two reports are one event, in the reader's language, with places and events by their names. `stories.features`
says it in English, with ids, as `monitor compare` and machines read it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from monitor.alerts.words import FSI, PDI, Language, length
from monitor.web.decisions import in_words
from monitor.web.names import Names

_PLAIN: Final = {
    "where much happens": "مكان كثير الأحداث",
    "the same village, quarter or street by name": "القرية أو الحي أو الشارع نفسه بالاسم",
    "the same name of a place": "اسم المكان نفسه",
    "the later one looks back": "يعود الأحدث إلى ما سبق",
    "the later toll is higher": "الحصيلة في الأحدث أعلى",
    "the later one follows up": "الأحدث متابعة لما سبق",
    "the later one denies or corrects": "الأحدث ينفي أو يصحّح",
}
_FIGURES: Final = {"killed": "عدد القتلى", "wounded": "عدد الجرحى"}
_PLACES: Final = re.compile(r"(same place|one place within the other:) (.+)")
_EVENT: Final = re.compile(r"same event (\S+)")
_EVENTS: Final = re.compile(r"events that are told of one: (\S+) and (\S+)")
_SIDE: Final = re.compile(r"same side (\S+)")
_HOURS: Final = re.compile(r"told within (\d+) h|told (\d+) h apart")
_TOLL: Final = re.compile(r"same number (killed|wounded): (\d+)")
_WORDS: Final = re.compile(r"(\d+)% of the words( that both languages have)?")


def kinship(why: str, names: Names, language: Language) -> str:
    """One of the reasons. What is not known here stands as it is written."""
    arabic = language == "ar"
    if found := _PLACES.fullmatch(why):
        told = ("، " if arabic else ", ").join(map(names.place, found[2].split(", ")))
        if not arabic:
            return f"{found[1]} {told}"
        return f"المكان نفسه: {told}" if found[1] == "same place" else f"أحد المكانين في الآخر: {told}"
    if found := _EVENT.fullmatch(why):
        return f"{'الحدث نفسه:' if arabic else 'same event:'} {names.event(found[1])}"
    if found := _EVENTS.fullmatch(why):
        one, other = names.event(found[1]), names.event(found[2])
        return f"حدثان يُرويان معًا: {one}، {other}" if arabic else f"events that are told of one: {one} and {other}"
    return _arabic(why) if arabic else why


def _arabic(why: str) -> str:
    if found := _HOURS.fullmatch(why):
        near = found[1] is not None
        return f"بينهما {'أقل من ' if near else ''}{length(timedelta(hours=int(found[1] or found[2])), 'ar')}"
    if found := _TOLL.fullmatch(why):
        return f"{_FIGURES[found[1]]} نفسه: {found[2]}"
    if found := _SIDE.fullmatch(why):
        return f"الطرف نفسه: {FSI}{found[1]}{PDI}"
    if found := _WORDS.fullmatch(why):
        return f"{found[1]}٪ من الكلمات مشتركة" + (" بين اللغتين" if found[2] else "")
    return _PLAIN.get(why) or in_words(why, "ar")
