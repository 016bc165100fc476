"""Sentences and their forms: how one is found to fit, and that it takes no longer for who writes them to annoy us."""

from __future__ import annotations

import re
from collections import Counter
from importlib import import_module
from pkgutil import iter_modules

from hypothesis import given, settings
from hypothesis import strategies as st

import monitor.arabic
from monitor.arabic import LONGEST, table
from monitor.arabic.forms import HOLE, forms

_MODULES = sorted(each.name for each in iter_modules(monitor.arabic.__path__) if each.name not in ("codes", "forms"))
KNOWN = [english for name in _MODULES for english in import_module(f"monitor.arabic.{name}").SENTENCES]


def test_a_sentence_has_one_form():
    assert [english for english, times in Counter(KNOWN).items() if times > 1] == []


WITH_HOLES = [english for english in KNOWN if HOLE.search(english)]
SOME = {"n": r"[-+\d.,]+", "m": r"[-+\d.,]+", "who": r"\S+?"}
PIECES = ["a", "b c", "3", "1,2", " ", ": ", "; ", " (", ")", "'", ", ", ".", " is ", " and ", "\n"]


def any_way(english: str, sentence: str) -> re.Match[str] | None:
    """Every way to fit is tried, the shortest first."""
    pattern, end, met = "", 0, set[str]()
    for hole in HOLE.finditer(english):
        some = SOME.get(hole[1]) or (".*?" if hole[2] else ".+?")
        here = f"(?P={hole[1]})" if hole[1] in met else f"(?P<{hole[1]}>{some})"
        pattern += re.escape(english[end : hole.start()]) + here
        end = hole.end()
        met.add(hole[1])
    return re.fullmatch(pattern + re.escape(english[end:]), sentence, re.DOTALL)


@settings(max_examples=300, deadline=None)
@given(english=st.sampled_from(WITH_HOLES), data=st.data())
def test_a_sentence_fits_a_form_as_if_every_way_had_been_tried(english, data):
    written = st.lists(st.sampled_from(PIECES), max_size=4).map("".join)
    sentence = HOLE.sub(lambda _: data.draw(written), english)
    (form,) = forms({english: ""})
    way = any_way(english, sentence)
    assert form.parts(sentence) == (way.groupdict() if way else None)


def test_a_sentence_that_nearly_fits_in_very_many_ways_is_given_up():
    """To try them all takes minutes, in which no page is answered."""
    sentence = "x: " * 300 + "x (" * 300 + "x).x" * 40
    assert not [form for form in table() if form.letters > 20 and form.parts(f"{sentence[: LONGEST - 1]}~")]


def test_what_fits_in_two_ways_ends_each_hole_as_early_as_can_be():
    (form,) = forms({"<path>: <what*> (<error>).": ""})
    assert form.parts("a: b: c (d) (e).") == {"path": "a", "what": "b: c", "error": "d) (e"}
