"""Explanations on a page, in the reader's language: every kind of condition, met and not met."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date
from functools import partial
from html import unescape

import pytest

from monitor.backtest.values import Said
from monitor.model import Entry
from monitor.rules.explain import explained
from monitor.rules.explain_json import as_json, obstacles_as_json
from monitor.rules.explanation import Lack, Obstacle
from monitor.rules.matcher import Matcher
from monitor.text.document import read
from monitor.web import render
from monitor.web.explained import Speaker
from monitor.web.said import in_words
from monitor.web.words import text
from tests.rules.given import LEXICON, sound

GROUPS = """
groups:
  airport: [مطار, مدرج, قاعدة جوية]
  hidden-camps: [{place: idlib}]
"""
# A line or more of a rule's settings, and a text: its title, its summary, its article.
CASES = {
    "a word": ("all: [جسر]", "سد"),
    "words with near": ("all: [جسر, سد, {place: idlib}]\n    near: 2 words", "جسر بعيد جدا عن كل ما هنا من سد في إدلب"),
    "near over fields": ("all: [جسر, {event: clash}]\n    near: 2 words", "جسر", "اشتباك"),
    "a sentence": ("all: [جسر, {place: idlib}, سد]\n    near: sentence", "خبر", "جسر في إدلب. وسد آخر."),
    "the title": ("all: [جسر, {place: syria}]\n    near: title", "جسر", "سوريا"),
    "a place of several": ("all: [{place: [syria, idlib, deir-ez-zor]}, جسر]", "سد"),
    "an event": ("all: [{event: clash}]", "سد"),
    "events": ("any: [{event: [clash, airstrike]}, {place: idlib}]", "سد"),
    "a group": ("all: [{group: airport}]", "سد"),
    "a group without words of its own": ("all: [{group: hidden-camps}]", "سد"),
    "many": ("any: [جسر, سد, نهر, قناة, ميناء, {place: idlib}]", "خبر"),
    "alternatives": ("all: [[قصف, {all: [جسر, {place: idlib}], near: 4 words}], نهر]", "سد"),
    "several of them": ("any: [جسر, {place: idlib}, {event: clash}]\n    at_least: 2", "جسر"),
    "a score": (
        "any: [{word: جسر, weight: 2}, {place: idlib, weight: 3}, [سد, {event: clash}]]\n    min_score: 5",
        "جسر سد",
    ),
    "a score of nothing": ("any: [{word: جسر, weight: 2}, {place: idlib, weight: 3}]\n    min_score: 5", "خبر"),
    "a sentence inside": ("all: [{sentence: [جسر, {place: idlib}]}]", "جسر. إدلب"),
    "in the title": ("all: [{title: [جسر, {event: clash}]}]", "خبر", "جسر واشتباك"),
    "in the body": ("all: [{body: {place: idlib}}]\n    search_in: [title, summary, body]", "إدلب"),
    "a field that is not searched": ("all: [جسر]\n    search_in: [title]", "خبر", "", "جسر"),
    "a field that is not searched at all": ("all: [جسر]\n    search_in: [body]", "جسر"),
    "none": ("all: [جسر]\n    none: [سد]", "جسر وسد"),
    "none of a place": ("all: [جسر]\n    none: [{place: idlib}, {group: airport}]", "جسر في إدلب"),
    "none of two together": ("all: [جسر]\n    none: [{all: [سد, {event: clash}]}]", "جسر وسد واشتباك"),
    "killed": ("all: [جسر]\n    killed: '>=5'", "مقتل ثلاثة على جسر"),
    "killed without a number": ("all: [جسر]\n    killed: '<5'", "جسر"),
    "wounded": ("all: [جسر]\n    wounded: '=5'", "جسر وإصابة أكثر من عشرة"),
    "wounded and met": ("all: [جسر]\n    wounded: '>5'", "جسر وإصابة 10 أشخاص أو أكثر"),
    "a query": ("query: 'جسر NEAR/2 place:idlib'", "جسر بعيد عن كل ما هو هناك إدلب"),
    "a query in order": ("query: 'جسر ONEAR/3 place:idlib'", "في إدلب جسر"),
    "a query with NOT": ("query: '(جسر OR سد) NOT event:clash'", "جسر واشتباك"),
    "a query in a field": ("query: 'title:(جسر AND place:idlib)'", "جسر"),
    "a place as a word": ("all: [إدلب]", "خبر من Idlib"),
    "a verb": ("all: [{verb: قصف}]", "القصف مستمر"),
    "a noun": ("all: [قصف]", "المدفعية تقصف الحي"),
    "exactly": ("all: [{exact: مسيرة}]", "سقوط مسيرات"),
    "a plural": ("all: [جسور]", "تدمير جسر"),
    "an article": ("all: [السد]", "انهيار سد"),
    "a name": ("all: [{name: درعا}]", "درعاً واقيا"),
    "another name": ("all: [{name: الباب}]", "فتح باب الحوار"),
    "a phrase apart": ("all: [قاعدة جوية]", "قاعدة للقوات الجوية"),
    "a phrase out of order": ("all: [قاعدة جوية]", "جوية قاعدة"),
    "a phrase over a sentence": ("all: [قاعدة جوية]", "قصف القاعدة. جوية كانت"),
    "a ban": ("all: [{word: جريح, ban: [جريحا]}]", "نقل جريحا"),
    "another hamza": ("all: [أنفاق]", "إنفاق كبير"),
    "strict letters": ("all: [{word: علي, strict: [yaa]}]", "على الطريق"),
    "particles": ("all: [{name: سبها}]", "ما كسبها"),
    "a short word": ("all: [{name: تل}]", "بناء كتل"),
    "an expression": ("all: [{regex: 'قصف.{3}جسر'}]", "سد"),
    "a language": ("all: [جسر]\n    languages: [tr]", "جسر في المدينة الكبيرة اليوم بعد الظهر"),
    "a day that is past": ("all: [جسر]\n    expires: 2020-01-31", "جسر"),
    "switched off": ("all: [جسر]\n    enabled: false", "جسر"),
    "feeds": ("all: [جسر]\n    feeds: [wire]", "جسر"),
}


def missing(title):
    return Obstacle(kind="missing", what=title, lack=Lack(title=title))


_WRITTEN = re.compile(r"\{[^{}]*\}|\u2068[^\u2069]*[:_=][^\u2069]*\u2069|\b(?:all|near|strict|ban|enabled)\b")
_LATIN = re.compile(r"[A-Za-z][A-Za-z-]*")


def told_of(settings, title, summary="", body=""):
    rules = (
        f"version: 1\nfeeds: [{{id: wire, url: 'https://w.example/f'}}]\nrules:\n  - id: one\n    {settings}\n{GROUPS}"
    )
    ruleset = sound(rules)
    matcher = Matcher(ruleset.rules, ruleset.lexicon)
    search = matcher.search(read(Entry(feed_id="", title=title, summary=summary, body=body)))
    found = explained(matcher.rules[0], ruleset.lexicon, search, today=date(2026, 6, 1))
    return {**as_json(found), "obstacles": obstacles_as_json(found.obstacles)}, ruleset.lexicon


def shown(language, told, lexicon):
    """The page's part, as a reader sees it."""
    context = {
        "t": partial(text, language),
        "spoken": partial(in_words, language),
        "speaker": Speaker(language, lexicon),
    }
    made = render._TEMPLATES.get_template("explanation.html").make_module(context).explanation(told)
    return " ".join(unescape(re.sub("<[^>]+>", " ", str(made))).split())


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_in_arabic_nothing_is_latin_but_what_its_author_wrote(case):
    settings, *texts = case
    told = shown("ar", *told_of(settings, *texts))
    mine = set(_LATIN.findall(" ".join(texts)))
    if "regex" in settings:
        mine |= set(_LATIN.findall(settings))
    left = [word for word in _LATIN.findall(_WRITTEN.sub(" ", told)) if word not in {*mine, "wire", "tr", "ar"}]
    assert left == [], told


@pytest.mark.parametrize(
    ("case", "arabic", "english"),
    [
        ("a place of several", "ينقص: مكان: سوريا ، إدلب أو دير الزور", "Missing: place: Syria , Idlib or Deir ez-Zor"),
        (
            "alternatives",
            "ينقص: قصف أو كل ما يلي، وبين كل عبارة والتي تليها 4 كلمات على الأكثر ( جسر و مكان: إدلب )",
            "Missing: قصف or All of these, at most 4 words between one and the next ( جسر and place: Idlib )",
        ),
        ("many", "ينقص: جسر ، سد ، نهر أو غيرها (3)", "Missing: جسر , سد , نهر or 3 more"),
        ("none of a place", "استبعدها: إدلب ( مكان: إدلب )", "Excluded by إدلب ( place: Idlib )"),
        ("a group", "ينقص: مجموعة: مطار، مدرج …", "Missing: group: airport"),
        (
            "near over fields",
            "في العنوان جسر، وفي الملخص حدث: اشتباك",
            "the title has جسر; the summary has event: clash",
        ),
        ("a score", "جسر 2 + (سد أو حدث: اشتباك) 1 = 3 من 5", "جسر 2 + (سد or event: clash) 1 = 3 of 5"),
    ],
)
def test_what_is_in_the_way_is_told_by_its_names_and_joined_as_it_is_meant(case, arabic, english):
    settings, *texts = CASES[case]
    told = told_of(settings, *texts)
    assert arabic in shown("ar", *told).replace("\u2068", "").replace("\u2069", "")
    assert english in shown("en", *told)


LINES = [
    Said(text="the rule is new"),
    Said(text="now: already alerted", when=""),
    Said(text="now: only event clash is missing", when="now", obstacles=(missing("event clash"),)),
    Said(text="before: not", when="before", obstacles=(missing("place idlib"),), problems=("not close enough",)),
    Said(text="held before: place idlib", when="held before", title="place idlib", surfaces=("إدلب",)),
    Said(text="now holds: event clash", when="now holds", title="event clash", surfaces=("اشتباك",)),
]


@pytest.mark.parametrize("line", LINES, ids=[line.text for line in LINES])
def test_what_makes_the_difference_between_two_rules_is_told_in_arabic(line):
    told = str(Speaker("ar", LEXICON).said(asdict(line)))
    assert _LATIN.findall(re.sub("<[^>]+>", " ", told)) == []


def test_the_words_of_a_difference_are_shown_as_text():
    line = Said(text="", when="now holds", title="<b>", surfaces=("<i>",))
    told = Speaker("en", LEXICON).said(asdict(line))
    assert "&lt;b&gt;" in told
    assert "&lt;i&gt;" in told
