from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.language import (
    NOWHERE,
    AllOf,
    AnyOf,
    Exact,
    InField,
    InPlace,
    Item,
    Name,
    OfEvent,
    OfGroup,
    Regex,
    Starts,
    Term,
    Verb,
    Word,
)
from monitor.model import Severity
from monitor.rules import build
from tests.rules.given import LEXICON, sound
from tests.rules.mistakes import GOOD, item, rule

ITEMS = [
    ("مطار", Term(text="مطار")),
    ("قاعدة جوية", Term(text="قاعدة جوية")),
    ('"105"', Term(text="105")),
    ("012", Term(text="012")),
    ("no", Term(text="no")),
    ("12:30", Term(text="12:30")),
    ("2027-03-31", Term(text="2027-03-31")),
    ("می‌شود", Term(text="می‌شود")),
    ("10,000 نازح", Term(text="10,000 نازح")),
    ("{name: درعا}", Name(text="درعا")),
    ("{verb: استهدف}", Verb(text="استهدف")),
    ("{exact: حماة الوطن}", Exact(text="حماة الوطن")),
    ("{starts: saldırı}", Starts(text="saldırı")),
    ("{regex: '\\d+ قتيل'}", Regex(pattern="\\d+ قتيل")),
    ("[جسر, جسور]", AnyOf(items=(Term(text="جسر"), Term(text="جسور")))),
    ("{place: idlib}", InPlace(ids=("idlib",))),
    ("{place: [idlib, syria], exactly: true}", InPlace(ids=("idlib", "syria"), exactly=True)),
    ("{group: runway}", OfGroup(ids=("runway",))),
    ("{event: [clash, airstrike]}", OfEvent(ids=("clash", "airstrike"))),
    ("{word: جريح}", Word(text="جريح")),
    (
        "{word: جريح, plural: جرحى, forms: [noun, feminine], ban: [جريحا]}",
        Word(text="جريح", plural=("جرحى",), forms=("noun", "feminine"), ban=("جريحا",)),
    ),
    ("{any: [جسر, سد], at_least: 2}", AnyOf(items=(Term(text="جسر"), Term(text="سد")), at_least=2)),
    ("{all: [جسر, سد], near: 5 words}", AllOf(items=(Term(text="جسر"), Term(text="سد")), near=5)),
    ("{all: [جسر]}", AllOf(items=(Term(text="جسر"),))),
    ("{sentence: [جسر, سد]}", AllOf(items=(Term(text="جسر"), Term(text="سد")), near="sentence")),
    ("{title: جسر}", InField(field="title", item=Term(text="جسر"))),
    ("{summary: [جسر, سد]}", InField(field="summary", item=AnyOf(items=(Term(text="جسر"), Term(text="سد"))))),
    ("{body: {body: جسر}}", InField(field="body", item=InField(field="body", item=Term(text="جسر")))),
]


@pytest.mark.parametrize(("written", "meant"), ITEMS, ids=[written for written, _ in ITEMS])
def test_an_item_is_read_as_what_it_says(written: str, meant: Item) -> None:
    text = item(written) + "groups:\n  runway: [مدرج]\n"
    assert sound(text).rules[0].all == (meant,)


def test_every_setting_of_a_rule_arrives() -> None:
    text = rule(
        "title: {ar: خبر, en: News}", "severity: حرج", "all: [مطار, {event: clash}]", "any: [جسر, سد]", "at_least: 2",
        "none: [فيلم]", "near: 7 words", "search_in: [body, title]", "feeds: [one, 'tag:syria']",
        "languages: [ar, en-GB]", "max_age: يومان", "throttle: 0s", "expires: 2027-03-31", "enabled: false",
        "notify: [desk, console]",
        "owner: night desk",
        "tags: convoy", "description: >", "  two", "  lines", "false_positives: [films]", "tests:",
        "  - match: مطار", "    because: seen", "  - no_match: {title: سد, body: جسر}",
    )  # fmt: skip
    text += "feeds:\n  - {id: one, url: https://a.example/, tags: [syria]}\nchannels:\n  desk: {url: '${DESK}'}\n"
    (read,) = sound(text).rules
    assert read.title == {"ar": "خبر", "en": "News"}
    assert (read.severity, read.at_least, read.near) == (Severity.CRITICAL, 2, 7)
    assert (read.any, read.none) == ((Term(text="جسر"), Term(text="سد")), (Term(text="فيلم"),))
    assert (read.search_in, read.feeds, read.languages) == (("title", "body"), ("one", "tag:syria"), ("ar", "en"))
    assert (read.max_age, read.throttle, read.expires) == (timedelta(days=2), timedelta(), date(2027, 3, 31))
    assert (read.enabled, read.notify, read.owner, read.tags) == (False, ("desk", "console"), "night desk", ("convoy",))
    assert (read.description, read.false_positives) == ("two lines\n", ("films",))
    must, must_not = read.tests
    assert (must.matches, must.fields, must.because, must.at.line) == (True, {"title": "مطار"}, "seen", 26)
    assert (must_not.matches, must_not.fields) == (False, {"title": "سد", "body": "جسر"})
    assert (read.at.line, read.at.column) == (3, 5)


def test_a_rule_has_the_defaults_of_the_file() -> None:
    text = (
        rule(*GOOD)
        + "defaults: {severity: low, search_in: body, max_age: 2h, throttle: 1m, notify: console, every: auto}\n"
    )
    ruleset = sound(text + "feeds: [{url: https://a.example/}, {url: https://b.example/, every: 1m}]\n")
    (read,) = ruleset.rules
    assert (read.severity, read.search_in, read.notify) == (Severity.LOW, ("body",), ("console",))
    assert (read.max_age, read.throttle) == (timedelta(hours=2), timedelta(minutes=1))
    assert [(feed.auto, feed.every) for feed in ruleset.feeds] == [
        (True, timedelta(minutes=15)),
        (False, timedelta(minutes=1)),
    ]


def test_a_title_in_no_stated_language_is_one_for_all_and_the_id_stands_in_for_none() -> None:
    assert sound(rule("title: خبر", *GOOD)).rules[0].title == {"": "خبر"}
    assert sound(rule(*GOOD)).rules[0].title == {"": "dez"}


def test_places_of_the_file_join_the_shipped_ones() -> None:
    text = (
        rule(*GOOD) + "places:\n  harabish: {name: {ar: هرابش, en: Harabish}, within: deir-ez-zor,"
        " terms: [حي هرابش], inflected: [Harabiş]}\n"
    )
    place = sound(text).lexicon.places["harabish"]
    assert (place.name, place.within) == ({"ar": "هرابش", "en": "Harabish"}, "deir-ez-zor")
    assert (place.terms, place.inflected) == (("هرابش", "Harabish", "حي هرابش"), ("Harabiş",))
    assert sound(text).lexicon.places.keys() == {*LEXICON.places, "harabish"}


def test_of_a_shipped_place_what_is_not_written_stays() -> None:
    changed = sound(rule(*GOOD) + "places:\n  idlib: {terms: [ادلب الخضراء]}\n").lexicon.places["idlib"]
    assert (changed.name, changed.within) == (LEXICON.places["idlib"].name, "syria")
    assert changed.terms == ("إدلب", "Idlib", "ادلب الخضراء")


def test_a_shipped_name_that_is_no_spelling_does_not_become_one() -> None:
    """The gazetteer leaves out of the spellings a name that is an ordinary word, as الباب is a door."""
    door = replace(LEXICON.places["idlib"], terms=("مدينة إدلب",))
    (file,) = sound(rule(*GOOD) + "places:\n  idlib: {within: deir-ez-zor}\n").written
    changed = build.place("idlib", file.places["idlib"], door, NOWHERE)
    assert (changed.terms, changed.within) == (("مدينة إدلب",), "deir-ez-zor")


def test_weights_stand_beside_the_items_of_a_score() -> None:
    written = "any: [مطار, {word: جسر, weight: 3}, {any: [سد, {place: idlib, weight: 2}], min_score: 2, weight: 100}]"
    (read,) = sound(rule(written, "min_score: 4")).rules
    assert (read.min_score, read.weights) == (4, (1, 3, 100))
    assert read.any[2] == AnyOf(items=(Term(text="سد"), InPlace(ids=("idlib",))), min_score=2, weights=(1, 2))


def test_without_a_score_nothing_has_a_weight() -> None:
    (read,) = sound(rule("any: [مطار, جسر]")).rules
    assert (read.min_score, read.weights) == (None, ())


GATE = """places:
  gate: {name: {ar: البوابة, en: Gate}, terms: [بوابة الشرق], guarded: [البوابة], context: [الوادي, [{name: تل أبيض}]],
    ban: [البوابة الإلكترونية]}
  well: {name: {ar: البئر}, inflected: [Kuyu], context: [{exact: الواحة}]}
  idlib: {ban: [إدلب الجديدة]}
"""


def test_places_of_the_file_may_be_guarded_and_have_bans() -> None:
    places = sound(rule(*GOOD) + GATE).lexicon.places
    gate = places["gate"]
    assert (gate.terms, gate.guarded) == (("Gate", "بوابة الشرق"), ("البوابة",))
    assert (gate.context, gate.ban) == ((Term(text="الوادي"), Name(text="تل أبيض")), ("البوابة الإلكترونية",))
    assert "مدينة البوابة" in gate.announced
    assert (places["idlib"].terms, places["idlib"].ban) == (LEXICON.places["idlib"].terms, ("إدلب الجديدة",))


def test_a_context_by_itself_guards_every_spelling() -> None:
    well = sound(rule(*GOOD) + GATE).lexicon.places["well"]
    assert (well.terms, well.guarded, well.inflected) == ((), ("البئر", "Kuyu"), ("Kuyu",))


def test_of_a_guarded_shipped_place_what_is_not_written_stays() -> None:
    gate = sound(rule(*GOOD) + GATE).lexicon.places["gate"]
    (file,) = sound(rule(*GOOD) + "places:\n  gate: {terms: [بوابة الغرب]}\n").written
    changed = build.place("gate", file.places["gate"], gate, NOWHERE)
    assert changed.terms == ("Gate", "بوابة الغرب")
    assert (changed.guarded, changed.announced) == (gate.guarded, gate.announced)
    assert (changed.context, changed.ban) == (gate.context, gate.ban)


def test_a_section_in_which_everything_is_commented_out_is_no_section() -> None:
    assert sound(rule(*GOOD) + "feeds:\n# - url: https://a.example/\nchannels:\n").feeds == ()


@pytest.mark.parametrize(
    ("address", "id_", "source"),
    [
        ("https://www.enabbaladi.net/feed/", "enabbaladi-net-feed", "enabbaladi.net"),
        ("http://feeds.bbci.co.uk/arabic/rss.xml", "feeds-bbci-co-uk-arabic-rss-xml", "bbci.co.uk"),
        ("https://sana.sy/feed", "sana-sy-feed", "sana.sy"),
        ("https://rss.sana.gov.sy/x", "rss-sana-gov-sy-x", "sana.gov.sy"),
        ("https://desk.blogspot.com/feed", "desk-blogspot-com-feed", "desk.blogspot.com"),
        ("https://feeds.feedburner.com/desk", "feeds-feedburner-com-desk", "feeds-feedburner-com-desk"),
        ("http://127.0.0.1:8080/rss", "127-0-0-1-8080-rss", "127.0.0.1"),
    ],
)
def test_a_feed_is_named_by_its_address(address: str, id_: str, source: str) -> None:
    (feed,) = sound(rule(*GOOD) + f"feeds: [{{url: '{address}'}}]\n").feeds
    expected = id_ if ":" not in address.removeprefix("http://").removeprefix("https://") else feed.id[:-7]
    assert (expected, feed.source) == (id_, source)


def test_addresses_that_differ_in_what_an_id_cannot_hold_have_different_ids() -> None:
    urls = [
        "https://a.example/?a=1",
        "https://a.example/?a-1",
        "https://a.example/%D8%A7",
        "https://a.example/ا",
        "https://a.example/A",
    ]
    text = rule(*GOOD) + "feeds:\n" + "".join(f"  - {{url: '{url}'}}\n" for url in urls)
    assert len({feed.id for feed in sound(text).feeds}) == len(urls)


def test_two_addresses_that_come_out_alike_need_an_id() -> None:
    text = rule(*GOOD) + "feeds:\n  - url: https://a.example/x\n  - url: http://www.a.example/x/\n"
    with pytest.raises(AssertionError, match="feed id 'a-example-x' is used twice"):
        sound(text)


def test_the_console_can_have_a_language_of_its_own() -> None:
    (console,) = sound(rule(*GOOD) + "language: ar\nchannels:\n  console: {language: en, min_severity: low}\n").channels
    assert (console.id, console.url, console.language, console.min_severity) == ("console", None, "en", Severity.LOW)


def test_channels_speak_the_language_of_the_file() -> None:
    ruleset = sound(rule(*GOOD) + "language: ar\nchannels:\n  desk: {url: '${DESK}'}\n")
    assert {channel.id: channel.language for channel in ruleset.channels} == {"console": "ar", "desk": "ar"}
