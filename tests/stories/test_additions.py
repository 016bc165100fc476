"""What a further report tells besides what was told: it must not be silent, and what was told in other words must."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.model import Reason, Span
from monitor.stories.changes import as_told
from monitor.stories.families import new_to
from tests.stories.told import HOUR, MINUTE, NOW, case, decided, facts, last, report

TOLD = report("one", at=NOW - HOUR)
SHELLED = {"places": frozenset({"deir-ez-zor"}), "events": frozenset({"shelling-missile", "casualties"})}


def tells(*, of, told=SHELLED, ago=HOUR, **more):
    return decided(case(report("two", of=of), TOLD, told=last(ago=ago, sources=2, **told), **more))


@pytest.mark.parametrize(
    ("events", "told", "new"),
    [
        # what the report names, what was told, what of it is new
        ("abduction", "shelling-missile casualties", "abduction"),
        ("ied-mine casualties", "shelling-missile casualties", "ied-mine"),
        ("abduction casualties", "casualties", "abduction"),
        ("abduction", "attack", "abduction"),
        ("clash", "airstrike", "clash"),
        ("siege", "airstrike", "siege"),
        ("attack", "siege", "attack"),
        ("protest", "arrest-raid", "protest"),
        ("airstrike", "", "airstrike"),
        ("drone", "airstrike", ""),
        ("shelling-missile", "attack casualties", ""),
        ("ied-mine", "explosion", ""),
        ("explosion", "airstrike", ""),
        ("attack", "clash casualties", ""),
        ("assassination", "clash", ""),
        ("airstrike", "casualties", ""),
        ("casualties", "airstrike", ""),
        ("property-destruction", "airstrike", ""),
        ("troop-movement", "clash", ""),
        ("troop-movement", "protest", "troop-movement"),
        ("displacement", "siege", ""),
        ("target-site", "airstrike", ""),
        ("airstrike target-site casualties", "airstrike", ""),
        ("", "airstrike", ""),
    ],
)
def test_a_class_is_new_where_no_other_word_for_it_was_told(events, told, new):
    assert new_to(events.split(), frozenset(told.split())) == tuple(new.split())


def test_another_thing_done_is_told_at_once():
    verdict = tells(of=facts(places=["deir-ez-zor"], events=["abduction"]), ago=MINUTE)
    assert (verdict.reason, verdict.why, verdict.due_at) == (Reason.UPDATED, "a new class of event: abduction", None)


@pytest.mark.parametrize(
    ("places", "told", "new"),
    [
        (["harabish"], ["deir-ez-zor"], "harabish"),
        (["deir-ez-zor"], [], "deir-ez-zor"),
        (["harabish", "deir-ez-zor"], ["syria"], "harabish"),
        (["deir-ez-zor"], ["harabish"], ""),
        (["deir-ez-zor"], ["deir-ez-zor-governorate"], ""),
        (["deir-ez-zor-governorate"], ["deir-ez-zor"], ""),
        (["deir-ez-zor", "harabish"], ["deir-ez-zor"], ""),
        (["syria"], [], ""),
        ([], ["deir-ez-zor"], ""),
    ],
    ids=[
        "more exactly", "at last", "the first that it names", "around what was told", "a city for what is around it",
        "what is around it for a city", "what stands further down", "a country", "nowhere",
    ],
)  # fmt: skip
def test_a_place_is_new_where_it_is_more_exact_than_what_was_told(places, told, new):
    around = {"deir-ez-zor-governorate": ("syria",), "deir-ez-zor": ("deir-ez-zor-governorate", "syria"),
              "harabish": ("deir-ez-zor", "deir-ez-zor-governorate", "syria")}  # fmt: skip
    verdict = tells(
        of=facts(places=places, events=["shelling-missile"]),
        told={**SHELLED, "places": frozenset(told)},
        within=lambda place: around.get(place, ()),
    )
    assert verdict.why.startswith(f"a new place: {new}") if new else verdict.reason is Reason.DUPLICATE


def test_a_more_exact_place_waits_for_the_throttle():
    verdict = tells(of=facts(places=["harabish"], events=["shelling-missile"]), ago=MINUTE)
    assert (verdict.reason, verdict.tells) == (Reason.THROTTLED, Reason.UPDATED)


@pytest.mark.parametrize(
    ("events", "reason"), [("shelling-missile", Reason.CORROBORATED), ("abduction", Reason.UPDATED)]
)
def test_a_second_source_that_names_the_place_confirms_and_one_that_names_another_thing_done_does_not(events, reason):
    second = report("two", of=facts(places=["harabish"], events=[events]))
    assert decided(case(second, TOLD, told=last(**SHELLED))).reason is reason


def test_what_is_told_once_is_told():
    told = {"places": frozenset({"harabish"}), "events": frozenset({"shelling-missile", "abduction"})}
    assert tells(of=facts(places=["harabish"], events=["abduction"]), told=told).reason is Reason.DUPLICATE


def test_all_that_is_new_is_said_in_one_sentence():
    verdict = tells(of=facts(3, places=["harabish"], events=["abduction"]), told={**SHELLED, "killed": 1})
    assert verdict.why == "killed: 3, told before: 1; a new class of event: abduction; a new place: harabish"


def test_a_copy_adds_nothing():
    assert tells(of=facts(places=["harabish"], events=["abduction"]), copied=True).reason is Reason.DUPLICATE


def test_an_edit_adds_nothing_but_what_an_edit_may():
    """Whatever the version before it did not name was none of the story's to it; see `changes`."""
    before = report("one", of=facts(events=["shelling-missile"]), at=NOW - HOUR, entry_id=7)
    edit = report("one", of=facts(events=["shelling-missile"], places=["harabish"]), at=NOW - HOUR, entry_id=7)
    assert decided(case(edit, before=before, told=last(**SHELLED))).reason is Reason.DUPLICATE


def test_who_speaks_of_an_event_may_do_so_anywhere():
    speech = report("two", of=facts(places=["harabish"], events=["shelling-missile"]))
    speech = replace(speech, sketch=replace(speech.sketch, marks=frozenset({"speech"})))
    assert decided(case(speech, TOLD, told=last(sources=2, **SHELLED))).reason is Reason.DUPLICATE


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ({"shelling-missile": "title", "siege": "body", "abduction": "body"}, ""),
        ({"shelling-missile": "title", "siege": "summary"}, ""),
        ({"shelling-missile": "title", "abduction": "summary"}, "a new class of event: abduction"),
        ({"shelling-missile": "title", "siege": "title"}, "a new class of event: siege"),
        ({"abduction": "body"}, "a new class of event: abduction"),
    ],
    ids=[
        "a background", "what came of it, further down", "what was done, in the lead",
        "what came of it, in the headline", "an article that alone tells what was done",
    ],
)  # fmt: skip
def test_what_stands_far_down_is_background(found, why):
    spans = tuple(Span(field=field, start=0, end=3, clause=f"event {event}") for event, field in found.items())
    verdict = tells(of=replace(facts(events=found), spans=spans))
    assert verdict.why == why if why else verdict.reason is Reason.DUPLICATE


def test_of_several_places_those_of_the_headline_count():
    of = facts(places=["deir-ez-zor", "harabish"], events=["shelling-missile"])
    for field, reason in (("summary", Reason.DUPLICATE), ("title", Reason.UPDATED)):
        spans = (
            Span(field="title", start=0, end=3, clause="place deir-ez-zor"),
            Span(field=field, start=5, end=9, clause="place harabish"),
        )
        assert tells(of=replace(of, spans=spans)).reason is reason


def test_what_takes_the_turn_of_a_new_place_or_class_tells_it_too():
    seen = last(ago=HOUR, **SHELLED)
    waiting = last(
        ago=MINUTE, told_at=NOW + MINUTE, shown=seen,
        places=SHELLED["places"] | {"harabish"}, events=SHELLED["events"] | {"siege"},
    )  # fmt: skip
    more = case(report("three", of=facts(9, events=["shelling-missile"])), TOLD, told=waiting)
    told = as_told(more, waiting, Reason.UPDATED)
    assert (told.places, told.events) == (("harabish",), ("shelling-missile", "siege"))
    assert as_told(more, waiting, Reason.CORRECTED).places == ()
    assert as_told(more, seen, Reason.UPDATED).places == ()
