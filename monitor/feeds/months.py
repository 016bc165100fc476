"""Names of months and time zones, as news feeds write them, folded as `dates` folds."""

from __future__ import annotations

from typing import Final

_BY_MONTH = (
    # English; Egypt and the Gulf; the Levant and Iraq; the Maghreb; French; Turkish
    "january jan | يناير | كانون الثاني | جانفي | janvier janv | ocak",
    "february feb | فبراير | شباط | فيفري | février fevrier févr | şubat subat",
    "march mar | مارس | اذار | mars | mart",
    "april apr | ابريل | نيسان | افريل | avril avr | nisan",
    "may | مايو | ايار | ماي | mai | mayıs mayis",
    "june jun | يونيو يونيه | حزيران | جوان | juin | haziran",
    "july jul | يوليو يوليه | تموز | جويليه يوليوز | juillet juil | temmuz",
    "august aug | اغسطس | اب | اوت غشت | août aout | ağustos agustos",
    "september sept sep | سبتمبر | ايلول | شتنبر | septembre | eylül eylul",
    "october oct | اكتوبر | تشرين الاول | octobre | ekim",
    "november nov | نوفمبر | تشرين الثاني | نونبر | novembre | kasım kasim",
    "december dec | ديسمبر | كانون الاول | دجنبر | décembre decembre déc | aralık aralik",
)
_OF_TWO_WORDS = ("كانون", "تشرين")


def _names(line: str) -> list[str]:
    groups = [group.split() for group in line.split("|")]
    return [
        name for group in groups for name in ([" ".join(group)] if group[0] in _OF_TWO_WORDS else group)
    ]  # fmt: skip


MONTHS: Final[dict[str, int]] = {name: number for number, line in enumerate(_BY_MONTH, 1) for name in _names(line)}

# Hours east of UTC. Left out, so that the date is unknown rather than hours wrong: IST (India, Israel, Ireland), CST
# outside RFC 822, BST in Bangladesh. AST is Arabia's here, not the Atlantic's.
ZONES: Final[dict[str, float]] = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "غرينتش": 0, "جرينتش": 0, "غرينيتش": 0,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,  # RFC 822 §5.1
    "west": 1, "cet": 1, "bst": 1, "cest": 2, "cat": 2, "sast": 2, "eet": 2, "eest": 3, "idt": 3, "eat": 3, "ast": 3,
    "msk": 3, "trt": 3, "irst": 3.5, "gst": 4, "irdt": 4.5, "aft": 4.5, "pkt": 5,
}  # fmt: skip
