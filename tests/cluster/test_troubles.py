"""What is wrong with a fleet, and that it is said in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from string import Formatter

import pytest

from monitor.cluster.pressure import Pressure
from monitor.cluster.troubles import FleetTrouble, Found, found
from monitor.cluster.words import _WORDS, lasting, remedy, what
from monitor.store.views.fleet import Owed
from tests.cluster.fleet import SECOND, overview_of, record
from tests.store.builders import NOW

NOTHING = Pressure(due=0, lag=timedelta(0), leased=0, expired=0, put_off=0, crowds=())
SERVER = overview_of().server
(TASK,) = overview_of().tasks


def kinds(**changes: object) -> list[FleetTrouble]:
    return [each.kind for each in found(overview_of(**changes))]


def test_a_fleet_that_does_well_has_no_trouble():
    assert kinds() == []
    assert kinds(turns=(), owed={}, tasks=(), feeds=NOTHING) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"workers": ()}, [FleetTrouble.NO_WORKER]),
        ({"workers": (record(silent=16 * SECOND),)}, [FleetTrouble.NO_WORKER, FleetTrouble.GONE]),
        ({"workers": (record(), record("b", silent=16 * SECOND))}, [FleetTrouble.GONE]),
        ({"workers": (record(), record("b", silent=15 * SECOND))}, []),
        ({"workers": (record(stage="draining"),)}, [FleetTrouble.NO_WORKER]),
        ({"workers": (record(), record("b", stage="draining"))}, []),
        ({"workers": (record(rules_trouble="rules.yaml:3: error"),)}, [FleetTrouble.RULES_REFUSED]),
        ({"workers": (record(rules_number=None), record("b"))}, []),
        ({"workers": (record(rules_number=None),)}, [FleetTrouble.NO_WORKER]),
        ({"workers": (record(rules_number=None),), "rules": None}, [FleetTrouble.NO_RULES]),
        ({"rules": None, "workers": (record(rules_trouble="none yet"),)}, [FleetTrouble.NO_RULES]),
        ({"feeds": replace(NOTHING, due=9, lag=60 * SECOND)}, []),
        ({"feeds": replace(NOTHING, due=9, lag=61 * SECOND)}, [FleetTrouble.LATE]),
        ({"workers": (), "feeds": replace(NOTHING, due=9, lag=61 * SECOND)}, [FleetTrouble.NO_WORKER]),
        ({"owed": {"desk": Owed(dead=2), "mail": Owed(retrying=9)}}, [FleetTrouble.UNDELIVERED]),
        ({"owed": {"desk": Owed(dead=2, given_up_at=NOW - timedelta(days=6))}}, [FleetTrouble.UNDELIVERED]),
        ({"owed": {"desk": Owed(dead=2, given_up_at=NOW - timedelta(days=8))}}, []),
        ({"server": replace(SERVER, connections=87)}, []),
        ({"server": replace(SERVER, connections=88)}, [FleetTrouble.CONNECTIONS]),
        ({"server": replace(SERVER, is_standby=True)}, [FleetTrouble.STANDBY]),
        ({"tasks": (replace(TASK, stalled=1),)}, [FleetTrouble.STALLED]),
    ],
)
def test_each_trouble_is_found_and_no_other(changes, expected):
    assert kinds(**changes) == expected


@pytest.mark.parametrize(("ahead", "expected"), [(5, []), (6, [FleetTrouble.CLOCK]), (-6, [FleetTrouble.CLOCK])])
def test_a_clock_may_be_a_little_off_either_way(ahead, expected):
    told = replace(record().worker.told, clock_ahead=ahead * SECOND)
    assert kinds(workers=(record(told=told),)) == expected


def test_a_worker_that_is_gone_has_no_other_trouble_and_counts_for_no_rules():
    fleet = overview_of(workers=(record(), record("b", silent=16 * SECOND, rules_trouble="old")))
    assert [(each.kind, each.subject) for each in found(fleet)] == [(FleetTrouble.GONE, "b")]
    assert (fleet.following, len(fleet.alive), len(fleet.gone)) == (1, 1, 1)


def test_the_worst_is_told_first():
    late = replace(NOTHING, due=1, lag=99 * SECOND)
    assert kinds(workers=(record(rules_trouble="no"),), owed={"desk": Owed(dead=1)}, feeds=late) == [
        FleetTrouble.RULES_REFUSED,
        FleetTrouble.LATE,
        FleetTrouble.UNDELIVERED,
    ]


def test_what_is_worth_knowing_alone_is_not_grave():
    assert {each for each in FleetTrouble if not each.is_grave} == {
        FleetTrouble.STALLED,
        FleetTrouble.GONE,
        FleetTrouble.CLOCK,
    }


@pytest.mark.parametrize("kind", FleetTrouble)
def test_each_trouble_is_told_in_both_languages_with_the_same_figures(kind):
    asked = {
        language: {name for _, name, _, _ in Formatter().parse(_WORDS[language][kind][0]) if name}
        for language in ("ar", "en")
    }
    assert asked["ar"] == asked["en"]
    told = Found(kind=kind, subject="غرفة-7", count=1234, most=97, lasts=-90 * SECOND)
    for language in ("ar", "en"):
        assert remedy(told, language)
        assert "{" not in what(told, language)
        assert ("\u2068غرفة-7\u2069" in what(told, language)) is ("subject" in asked[language])
        assert ("1,234" in what(told, language)) is ("count" in asked[language])


def test_what_a_worker_calls_itself_is_cleaned_before_it_is_said():
    told = what(Found(kind=FleetTrouble.GONE, subject="a\u202e\x1b[2Jb"), "en")
    assert not {"\u202e", "\x1b"} & set(told)


def test_lengths_of_time_are_told_in_seconds_first():
    assert [lasting(each * SECOND, "en") for each in (0, 119, 120, 7200)] == ["0 s", "119 s", "2 minutes", "2 hours"]
    assert [lasting(each * SECOND, "ar") for each in (119, 120)] == ["119 ث", "دقيقتين"]
