"""Arcs of the rules that weigh more than a first report: Diyala (min_sources), Lebanon (muted at noon), Yemen (a second
rule that wants five killed) and Kordofan (throttle 20m, four voices within 3h are critical)."""

from __future__ import annotations

from functools import partial

from tests.plot.values import Arc, Beat, How
from tests.plot.verdicts import (
    COPY,
    TYPO,
    below,
    corroborated,
    duplicate,
    escalated,
    first,
    held,
    muted,
    reached,
    updated,
)

NOON = 12 * 60
MUTED_RULE = "lebanon-shelling"  # from noon to the day's end

_diyala = partial(Arc, rule="diyala-explosions")  # min_sources 2, throttle 30m
_lebanon = partial(Arc, rule=MUTED_RULE)  # throttle 30m
_yemen = partial(Arc, rule="yemen-shelling", second="yemen-many-killed")  # throttle 30m, and 0s with killed >= 5
_kordofan = partial(Arc, rule="kordofan-drones")  # throttle 20m

ALONE = below("one voice, and the rule wants two")
WIRE_COPY = below("the agency's text: still one voice")

SECOND_COMES = _diyala(
    id="second-comes",
    tolls=((2, 15),),
    beats=(
        Beat(0, "wire", How.OWN, ALONE),
        Beat(12, "copier", How.COPY, WIRE_COPY, of="wire"),
        Beat(24, "copier-2", How.CREDIT, below("other words, but the agency's voice"), of="wire"),
        Beat(50, "one", How.OWN, reached()),
        Beat(95, "two", How.OWN, duplicate("a third voice: corroborated is told once, and nothing else is new")),
    ),
)
ONLY_COPIES = _diyala(
    id="only-copies",
    tolls=((2, 9),),
    beats=(
        Beat(0, "wire", How.OWN, ALONE),
        Beat(10, "copier", How.COPY, WIRE_COPY, of="wire"),
        Beat(31, "copier-2", How.LIGHT, WIRE_COPY, of="wire"),
        Beat(58, "copier-3", How.CREDIT_COPY, WIRE_COPY, of="wire"),
    ),
)
ONE_OWNER = _diyala(
    id="one-owner",
    beats=(Beat(0, "paper", How.OWN, ALONE), Beat(30, "television", How.OWN, below("the owner's other outlet"))),
)
TWO_LANGUAGES = _diyala(
    id="two-languages",
    tolls=((2, 7),),
    beats=(
        Beat(0, "arabic", How.OWN, ALONE),
        Beat(22, "english", How.OWN, below("the owner's other outlet, in English")),
        Beat(60, "one", How.OWN, reached()),
    ),
)
REACHED_THEN_MORE = _diyala(
    id="reached-then-more",
    tolls=((2, 4), (7, 15)),
    beats=(
        Beat(0, "one", How.OWN, ALONE),
        Beat(20, "two", How.OWN, reached()),
        Beat(75, "two", How.OWN, updated("more killed than was told, after the throttle"), toll=1),
    ),
)

MORNING = _lebanon(
    id="morning",
    window=(200, NOON - 120),
    beats=(
        Beat(0, "one", How.OWN, first()),
        Beat(45, "two", How.OWN, corroborated()),
        Beat(70, "copier", How.COPY, COPY, of="one"),
    ),
)
ACROSS_NOON = _lebanon(
    id="across-noon",
    window=(NOON - 70, NOON - 40),
    beats=(Beat(0, "one", How.OWN, first("noon is yet to come")), Beat(100, "two", How.OWN, muted())),
)
AFTERNOON = _lebanon(
    id="afternoon",
    window=(NOON + 30, 1300),
    beats=(Beat(0, "one", How.OWN, muted()), Beat(40, "two", How.OWN, muted())),
)

BECOMES_DEADLY = _yemen(
    id="becomes-deadly",
    tolls=((2, 3), (7, 15)),
    beats=(
        Beat(0, "one", How.OWN, first()),
        Beat(50, "one", How.OWN, updated("more killed than was told"), toll=1, second=first()),
    ),
)
DEADLY_AT_ONCE = _yemen(
    id="deadly-at-once",
    tolls=((6, 14),),
    beats=(
        Beat(0, "one", How.OWN, first(), second=first()),
        Beat(45, "two", How.OWN, corroborated(), second=corroborated()),
    ),
)
RAISED_BY_EDIT = _yemen(
    id="raised-by-edit",
    tolls=((3, 4), (5, 8)),
    beats=(
        Beat(0, "one", How.OWN, first()),
        Beat(
            48,
            "one",
            How.EDIT_FIGURE,
            updated("a version with more killed than was told"),
            toll=1,
            second=first("the version reaches five; under this rule nothing was told"),
        ),
    ),
)
NOBODY_KILLED = _yemen(
    id="nobody-killed",
    beats=(Beat(0, "wire", How.OWN, first()), Beat(14, "copier", How.LIGHT, COPY, of="wire")),
)

FOUR_VOICES = _kordofan(
    id="four-voices",
    beats=(
        Beat(0, "wire", How.OWN, first()),
        Beat(35, "one", How.OWN, corroborated()),
        Beat(70, "two", How.OWN, duplicate("a third voice, and the rule escalates at four")),
        Beat(110, "three", How.OWN, escalated("a fourth voice, 110 minutes after the first")),
    ),
)
LATE_FOURTH = _kordofan(
    id="late-fourth",
    beats=(
        Beat(0, "wire", How.TICKER, first()),
        Beat(40, "one", How.OWN, corroborated()),
        Beat(80, "two", How.OWN, duplicate("a third voice, and the rule escalates at four")),
        Beat(
            205, "three", How.OWN, duplicate("a fourth voice, but 205 minutes after the first report, and within is 3h")
        ),
    ),
    window=(20, 1200),
)
PUBLISHED_ANEW = _kordofan(
    id="published-anew",
    beats=(
        Beat(0, "one", How.OWN, first()),
        Beat(90, "one", How.REPOST, updated("published anew, dated later by more than the throttle"), of="one"),
    ),
)
REPEATED_SOON = _kordofan(
    id="repeated-soon",
    beats=(
        Beat(0, "one", How.OWN, first()),
        Beat(9, "one", How.REPOST, duplicate("published anew, but dated within the throttle"), of="one"),
    ),
)
HEADLINE_HELD = _kordofan(
    id="headline-held",
    beats=(
        Beat(0, "one", How.OWN, first()),
        Beat(8, "one", How.EDIT_HEADLINE, held("updated", "a materially new headline, within the throttle")),
        Beat(70, "one", How.EDIT_TYPO, TYPO),
    ),
)
ENGLISH_FIRST = _kordofan(
    id="english-first",
    tolls=((2, 9),),
    beats=(
        Beat(0, "english", How.OWN, first()),
        Beat(41, "one", How.OWN, corroborated("a second voice, in another language")),
        Beat(64, "copier", How.LIGHT, COPY, of="one"),
    ),
)

DIYALA = (SECOND_COMES, SECOND_COMES, ONLY_COPIES, ONE_OWNER, TWO_LANGUAGES, REACHED_THEN_MORE)
LEBANON = (MORNING, MORNING, ACROSS_NOON, AFTERNOON, AFTERNOON)
YEMEN = (BECOMES_DEADLY, DEADLY_AT_ONCE, RAISED_BY_EDIT, NOBODY_KILLED)
KORDOFAN = (FOUR_VOICES, LATE_FOURTH, PUBLISHED_ANEW, REPEATED_SOON, HEADLINE_HELD, ENGLISH_FIRST)
