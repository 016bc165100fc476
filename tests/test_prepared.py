"""Rules from the shelf match as those that were compiled just now."""

from __future__ import annotations

import gc
import json
import os
import pickle
import random
import weakref
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from monitor import config, prepared
from monitor.compiled import Shelf
from monitor.config import Config
from monitor.errors import ConfigError
from monitor.facts.reader import FactReader
from monitor.facts.reports import ReportReader
from monitor.language import Term
from monitor.model import Entry
from monitor.prepared import OnDemand, Prepared, compile_setup, prepare, prepare_reading
from monitor.rules import matcher, vocabulary
from monitor.rules.spellings import Spelling
from monitor.text.document import Document, read
from tests.world import FakeClock, FakeSender, PlainReading

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "data"
TODAY = date(2026, 11, 22)
WORDS = ["جسر", "سد", "مطار", "قافلة", "غارة", "انفجار", "اشتباك", "حاجز", "معبر", "ميناء", "دورية", "نفق"]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def made_up(path: Path, count: int) -> Path:
    """So many rules, with boxes, distances, exclusions, expressions and places."""
    dice = random.Random(count)

    def rule(number: int) -> str:
        shapes = [
            f"all: [{dice.choice(WORDS)}, {dice.choice(WORDS)}], near: {dice.randint(2, 20)} words",
            f"any: [{', '.join(dice.sample(WORDS, 4))}], at_least: 2",
            f"all: [{dice.choice(WORDS)}], none: [{dice.choice(WORDS)}], search_in: [title]",
            f"all: [{{place: deir-ez-zor}}, {{name: {dice.choice(WORDS)}}}]",
            f"all: [{{regex: '{dice.choice(WORDS)}.{{1,9}}{dice.choice(WORDS)}'}}]",
        ]
        return f"  - {{id: r{number}, {dice.choice(shapes)}}}"

    path.write_text("version: 1\nrules:\n" + "\n".join(map(rule, range(count))) + "\n", encoding="utf-8")
    return path


def texts() -> list[Document]:
    dice = random.Random(3)
    entries = [
        Entry(feed_id="one", title=" ".join(dice.choices(WORDS, k=6)), summary=" ".join(dice.choices(WORDS, k=20)))
        for _ in range(60)
    ]
    for cases in sorted(DATA.glob("labelled*/cases.jsonl")):
        for line in cases.read_text(encoding="utf-8").splitlines()[:150]:
            told = json.loads(line)
            entries.append(
                Entry(
                    feed_id="one",
                    title=str(told.get("title") or told.get("text") or ""),
                    summary=str(told.get("summary") or ""),
                    body=str(told.get("body") or ""),
                )
            )
    return [read(entry) for entry in entries]


def matches(ready: Prepared) -> list[object]:
    return [ready.matcher.match(text, feed=None, today=TODAY) for text in texts()]


def never(*_: object) -> None:
    raise AssertionError("compiled")


@pytest.mark.parametrize(
    "name", ["rules.yaml", "tests/data/labelled/rules.yaml", "tests/data/labelled-2/rules.yaml", "1000"]
)
def test_rules_from_the_shelf_match_as_compiled_ones(
    tmp_path: Path, shelf: Shelf, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made_up(tmp_path / "made.yaml", int(name)) if name.isdecimal() else ROOT / name
    loaded = config.load_rules(path, environ={})
    compiled = prepare(loaded, shelf)
    monkeypatch.setattr(prepared, "_compiled", never)
    kept = prepare(loaded, shelf)
    assert kept.rules == compiled.rules == {rule.id: rule for rule in loaded.rules}
    found = matches(compiled)
    assert matches(kept) == found
    assert any(each.matches for each in found), "the texts are about something"


@pytest.fixture
def loaded(tmp_path: Path) -> Config:
    return config.load_rules(made_up(tmp_path / "made.yaml", 8), environ={})


def test_an_edited_file_is_compiled_anew(tmp_path: Path, shelf: Shelf, loaded: Config) -> None:
    prepare(loaded, shelf)
    edited = config.load_rules(made_up(tmp_path / "made.yaml", 9), environ={})
    assert len(prepare(edited, shelf).rules) == 9


class Ruinous:
    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.target),)

    target = Path("/nowhere")


class Indirect(Ruinous):
    """By way of a module of ours that has imported `os`."""

    def __reduce__(self) -> tuple[object, ...]:
        return prepared.prepare, (None, None)


@pytest.mark.parametrize("kind", ["ruinous", "indirect", "another value", "no pickle"])
def test_a_pickle_of_anything_else_makes_nothing_and_is_no_obstacle(
    tmp_path: Path, shelf: Shelf, loaded: Config, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ruinous, "target", tmp_path / "made by a pickle")
    raw = {
        "ruinous": pickle.dumps(Ruinous()),
        "indirect": pickle.dumps(Indirect()),
        "another value": pickle.dumps({"rules": ()}),
        "no pickle": b"\x80\x05nonsense",
    }[kind]
    monkeypatch.setattr(Shelf, "load", lambda *_: raw)
    assert len(prepare(loaded, shelf).rules) == 8
    assert not Ruinous.target.exists()


def test_the_garbage_collector_is_left_as_it_was(shelf: Shelf, loaded: Config) -> None:
    prepare(loaded, shelf)
    prepare(loaded, shelf)
    assert gc.isenabled()
    gc.disable()
    try:
        prepare(loaded, shelf)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_nothing_is_compiled_before_it_is_asked_for_and_then_once(loaded: Config) -> None:
    asked: list[int] = []

    def obtain() -> Prepared:
        asked.append(1)
        return prepare(loaded, None)

    demand = OnDemand(obtain)
    rules = demand.rules
    assert not asked
    assert set(rules) == {rule.id for rule in loaded.rules}
    assert len(rules) == 8
    assert rules["r0"] == loaded.rules[0]
    assert demand.match(read(Entry(feed_id="one", title="لا شيء")), feed=None, today=TODAY) == matcher.Matches()
    assert asked == [1]


def changed(path: Path, word: str) -> Config:
    """The starter rules with another word in a group, and a rule more."""
    text = (ROOT / "rules.yaml").read_text(encoding="utf-8")
    group, rule = "\ngroups:\n", "\nrules:\n"
    assert group in text
    assert rule in text
    text = text.replace(group, f"{group}  own-words:\n    - {word}\n").replace(
        rule, f"{rule}  - {{id: own, title: own, all: [{{group: own-words}}]}}\n"
    )
    path.write_text(text, encoding="utf-8")
    return config.load(path, environ={})


def test_rules_that_follow_others_match_as_if_they_were_compiled_from_nothing(
    tmp_path: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = changed(tmp_path / "old.yaml", "انفجار"), changed(tmp_path / "new.yaml", "كشتبان")
    sender = FakeSender(FakeClock())
    compile_setup(old, sender, shelf=shelf)
    setup = compile_setup(old, sender, shelf=shelf)  # from the shelf
    fresh = matches(prepare(new, None))
    compiled: list[object] = []
    monkeypatch.setattr(
        vocabulary, "compile_item", lambda item, made=vocabulary.compile_item: compiled.append(item) or made(item)
    )
    follows = compile_setup(new, sender, before=setup)
    assert compiled == [Term(text="كشتبان")]
    assert isinstance(follows.matcher, OnDemand)
    assert matches(follows.matcher.prepare()) == fresh


def test_a_reader_of_reports_is_made_of_what_the_one_before_knew_and_not_before_the_rules_are_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender, later = FakeSender(FakeClock()), list[Callable[[], object]]()
    old, new = changed(tmp_path / "old.yaml", "انفجار"), changed(tmp_path / "new.yaml", "اشتباك")
    report = read(Entry(feed_id="f", title="مقتل خمسة بغارة على حلب"))
    before = compile_setup(old, sender)
    facts = before.reading.read(report)
    follows = compile_setup(new, sender, before=before, later=later.append)
    monkeypatch.setattr(vocabulary, "compile_item", never)
    monkeypatch.setattr(Spelling, "pattern", never)
    (prepare_reading_now,) = later
    prepare_reading_now()
    monkeypatch.setattr(FactReader, "__init__", never)
    assert follows.reading.read(report) == facts
    assert facts.places == ("aleppo",)


def test_rules_that_others_follow_are_let_go_also_where_the_garbage_collector_never_looks(
    loaded: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "prepare_reading", lambda *_, **__: PlainReading())
    sender, gone = FakeSender(FakeClock()), list[weakref.ref[object]]()
    setup = None
    gc.disable()
    try:
        for reads in (True, False, True, True):
            setup = compile_setup(loaded, sender, before=setup)
            assert isinstance(setup.matcher, OnDemand)
            gone += [weakref.ref(setup.matcher), weakref.ref(setup.matcher.compiled())]
            if reads:
                gone.append(weakref.ref(setup.matcher.prepare_reading()))
        assert [each() is None for each in gone] == [True] * 8 + [False] * 3
    finally:
        gc.enable()


def test_rules_that_broke_meanwhile_are_told_each_time_they_are_asked_for() -> None:
    def obtain() -> Prepared:
        raise ConfigError(())

    demand = OnDemand(obtain)
    for _ in range(2):
        with pytest.raises(ConfigError):
            _ = demand.rules["r0"]


def test_reports_are_read_by_what_lies_on_the_shelf(
    shelf: Shelf, loaded: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = read(Entry(feed_id="f", title="مقتل خمسة بغارة على حلب"))
    first = prepare_reading(loaded, shelf).read(document)
    monkeypatch.setattr(FactReader, "__init__", lambda *_: pytest.fail("it was made anew"))
    assert prepare_reading(loaded, shelf).read(document) == first
    assert first.places == ("aleppo",)


def test_the_reader_of_reports_is_made_when_one_is_read(loaded: Config) -> None:
    made: list[str] = []

    def obtain_reading() -> ReportReader:
        made.append("reading")
        return prepare_reading(loaded, None)

    content = OnDemand(lambda: prepare(loaded, None), obtain_reading)
    content.prepare()
    assert made == []
    facts = content.reading.read(read(Entry(feed_id="f", title="غارة على حلب")))
    assert [place.id for place in content.reading.named(facts)[0]] == ["aleppo"]
    assert made == ["reading"]
