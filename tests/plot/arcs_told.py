"""Arcs of rules that tell a first report at once: Deir ez-Zor (throttle 30m, escalation) and Idlib (no throttle)."""

from __future__ import annotations

from functools import partial

from tests.plot.values import Arc, Beat, How
from tests.plot.verdicts import (
    COPY,
    CREDIT,
    TYPO,
    corrected,
    corroborated,
    denied,
    duplicate,
    escalated,
    first,
    held,
    updated,
)

_dez = partial(Arc, rule="dez-clashes")  # throttle 30m; 3 voices within 2h are critical
_idlib = partial(Arc, rule="idlib-strikes")  # throttle 0s

THREE_VOICES = _dez(
    id="three-voices",
    beats=(
        Beat(0, "wire", How.OWN, first()),
        Beat(10, "copier", How.COPY, COPY, of="wire"),
        Beat(44, "one", How.OWN, corroborated("a second voice, after the throttle")),
        Beat(75, "two", How.OWN, escalated("a third voice, 75 minutes after the first")),
        Beat(100, "copier-2", How.CREDIT, CREDIT, of="wire"),
    ),
)
COPIES_ONLY = _dez(
    id="copies-only",
    tolls=((2, 14),),
    beats=(
        Beat(0, "wire", How.OWN, first()),
        Beat(9, "copier", How.COPY, COPY, of="wire"),
        Beat(21, "copier-2", How.LIGHT, COPY, of="wire"),
        Beat(47, "copier-3", How.CREDIT_COPY, COPY, of="wire"),
    ),
)
LATE_THIRD = _dez(
    id="late-third",
    beats=(
        Beat(0, "one", How.OWN, first()),
        Beat(45, "english", How.OWN, corroborated("a second voice, in another language")),
        Beat(150, "two", How.OWN, duplicate("a third voice, but 150 minutes after the first report, and within is 2h")),
    ),
)
QUICK_SECOND = _dez(
    id="quick-second",
    tolls=((3, 9),),
    beats=(
        Beat(0, "one", How.OWN, first()),
        Beat(10, "two", How.OWN, held("corroborated", "a second voice, within the throttle")),
        Beat(60, "three", How.OWN, escalated("a third voice, an hour after the first; never throttled")),
    ),
)
RISING_TOLL = _dez(
    id="rising-toll",
    tolls=((2, 4), (6, 9)),
    beats=(
        Beat(0, "one", How.TICKER, first()),
        Beat(45, "one", How.OWN, updated("killed were not told before"), toll=0),
        Beat(70, "one", How.EDIT_TYPO, TYPO),
        Beat(95, "one", How.EDIT_FIGURE, updated("more killed than was told, after the throttle"), toll=1),
    ),
)
HELD_CHAIN = _dez(
    id="held-chain",
    tolls=((2, 2), (3, 4), (6, 13)),
    beats=(
        Beat(0, "one", How.OWN, first()),
        Beat(8, "one", How.OWN, held("updated", "more killed, within the throttle", replaced=True), toll=1),
        Beat(17, "one", How.OWN, held("updated", "more killed again: takes the place of the waiting one"), toll=2),
    ),
)
NEIGHBOUR = _dez(
    id="neighbour",
    beats=(
        Beat(0, "wire", How.OWN, first("another town than its neighbour's, though of one class and one hour")),
        Beat(13, "copier", How.COPY, COPY, of="wire"),
    ),
)

DENIED = _idlib(
    id="denied",
    beats=(
        Beat(0, "one", How.OWN, first()),
        Beat(20, "two", How.OWN, corroborated()),
        Beat(60, "one", How.DENIAL, denied()),
        Beat(90, "copier", How.COPY, duplicate("the denial again, which was told"), of="one"),
    ),
)
LOWERED = _idlib(
    id="lowered",
    tolls=((7, 12), (3, 5)),
    beats=(
        Beat(0, "one", How.OWN, first()),
        Beat(30, "one", How.EDIT_FIGURE, corrected("a version of the entry whose figures fell"), toll=1),
        Beat(70, "one", How.EDIT_TYPO, TYPO, toll=1),
    ),
)
CORRECTED = _idlib(
    id="corrected",
    tolls=((6, 9), (2, 4)),
    beats=(
        Beat(0, "one", How.OWN, first()),
        Beat(50, "one", How.CORRECTION, corrected("it has the tag correction"), toll=1),
    ),
)
BILINGUAL = _idlib(
    id="bilingual",
    tolls=((2, 9),),
    beats=(
        Beat(0, "arabic", How.OWN, first()),
        Beat(15, "english", How.OWN, duplicate("the owner's other outlet: no second voice")),
        Beat(45, "one", How.OWN, corroborated()),
    ),
)
MOVED = _idlib(
    id="moved",
    towns=2,
    beats=(
        Beat(0, "one", How.OWN, first()),
        Beat(25, "one", How.EDIT_PLACE, corrected("a version of the entry whose place is another now")),
    ),
)
NEW_HEADLINE = _idlib(
    id="new-headline",
    beats=(
        Beat(0, "one", How.OWN, first()),
        Beat(35, "one", How.EDIT_HEADLINE, updated("a version whose headline shares fewer than half of its words")),
    ),
)
HIT_AGAIN = _idlib(  # the second one 14 hours after the first: `arcs.AGAIN_AFTER`
    id="hit-again",
    window=(20, 500),
    tolls=((1, 12),),
    beats=(
        Beat(0, "wire", How.OWN, first("fourteen hours lie between the two events of this town")),
        Beat(16, "copier", How.LIGHT, COPY, of="wire"),
    ),
)
NEAR_A_DRILL = _idlib(
    id="near-a-drill",
    tolls=((2, 5),),
    beats=(
        Beat(0, "one", How.OWN, first()),
        Beat(80, "two", How.OWN, corroborated("the drill between the two was no report of this event")),
    ),
)
NEAR_AN_ANNIVERSARY = _idlib(
    id="near-an-anniversary",
    beats=(Beat(0, "one", How.OWN, first()), Beat(75, "copier", How.CREDIT_COPY, COPY, of="one")),
)
DRILL = _idlib(id="drill", beats=(Beat(0, "one", How.DRILL, first("a drill is no report of the real strike near it")),))
ANNIVERSARY = _idlib(
    id="anniversary",
    beats=(Beat(0, "one", How.ANNIVERSARY, first("the strike that it remembers is not that of today")),),
)

DEIR_EZ_ZOR = (
    THREE_VOICES,
    THREE_VOICES,
    COPIES_ONLY,
    LATE_THIRD,
    QUICK_SECOND,
    RISING_TOLL,
    HELD_CHAIN,
    NEIGHBOUR,
    NEIGHBOUR,
)
IDLIB = (
    DENIED,
    LOWERED,
    CORRECTED,
    BILINGUAL,
    MOVED,
    NEW_HEADLINE,
    HIT_AGAIN,
    HIT_AGAIN,
    NEAR_A_DRILL,
    NEAR_AN_ANNIVERSARY,
)
ECHOES = {NEAR_A_DRILL.id: DRILL, NEAR_AN_ANNIVERSARY.id: ANNIVERSARY}
ECHO_AFTER = 40  # minutes after the first report of the real event, in the same town
