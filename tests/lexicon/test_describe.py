"""A place in words for people."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor import config
from monitor.language import KnownPlace, Lexicon, Name, Starts
from monitor.lexicon.announced import announced
from monitor.lexicon.describe import by_script, coordinates, guards, sample_rule
from monitor.rules.inline_tests import run_tests

GATE = KnownPlace(
    id="gate",
    name={"ar": "البوابة", "en": "Gate"},
    terms=("Albawaba",),
    guarded=("البوابة",),
    announced=tuple(announced(("البوابة",))),
    context=(Name(text="الواحة"), Starts(text="sahra")),
)


def test_a_guarded_spelling_tells_what_must_stand_in_front_of_it_or_near_it() -> None:
    (guard,) = guards(GATE)
    assert guard.spelling == "البوابة"
    assert guard.behind[:2] == ("مدينة", "بلدة")
    assert guard.near == ("الواحة", "sahra…")


def test_every_guarded_spelling_that_is_shipped_says_what_makes_it_the_place(lexicon: Lexicon) -> None:
    told = [guard for place in lexicon.places.values() for guard in guards(place)]
    assert told
    assert [guard for guard in told if not (guard.behind or guard.near)] == []


@pytest.mark.parametrize(
    ("spelling", "script"),
    [
        ("دير الزور", "Arabic"),
        ("ez-Zor", "Latin"),
        ("Халеб", "Cyrillic"),
        ("חלב", "Hebrew"),
        ("دێرەزۆر", "Kurdish"),
        ("گرگان", "Persian or Kurdish"),
        ("‘Ajlun", "Latin"),
    ],
)
def test_spellings_are_told_by_their_script(spelling: str, script: str) -> None:
    assert by_script([spelling]) == {script: [spelling]}


def test_shipped_places_have_coordinates_and_others_none() -> None:
    assert coordinates("deir-ez-zor") == (35.3359, 40.1408)
    assert coordinates("nowhere") is None


def test_the_sample_rule_of_every_shipped_place_loads_and_passes_its_tests(lexicon: Lexicon, tmp_path: Path) -> None:
    """All in one file: it is the same as each by itself, and quick."""
    head, _, _ = sample_rule(GATE).partition("  - id:")
    samples = [sample_rule(place).removeprefix(head) for place in lexicon.places.values()]
    file = tmp_path / "rules.yaml"
    file.write_text(head + "".join(samples), encoding="utf-8")
    loaded = config.load(file, environ={})
    results = list(run_tests(loaded.rules, loaded.lexicon))
    assert len(results) == 2 * len(lexicon.places)
    assert [str(result) for result in results if not result.passed] == []
