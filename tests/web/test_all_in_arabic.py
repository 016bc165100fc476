"""Who reads Arabic and is no programmer meets no English sentence of ours: every page over a state in which much is
wrong at once."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import pytest
from starlette.testclient import TestClient

from monitor.operations import Operations
from monitor.store.trouble_rows import TroubleRows
from monitor.web.desk import Desk
from tests.web.browser import scene as scenes
from tests.web.browser.scene import Scene
from tests.web.site import client, post

# Rules that can be used, and much that is weak in them.
WEAK = """\
  - id: dams
    title: {ar: السدود, en: Dams}
    severity: low
    all: [جسر, {event: clash}]
    any: [{group: waters}, مسيرة, سد, السد]
    near: 3 words
    languages: [tr]
    tests:
      - match: افتتاح الجسر وسقوط المطر في السد
      - match: اشتباك في الصباح على الضفة وعند المساء قرب جسر
      - no_match: مسيرة
  - id: never-met
"""
UNUSED = """\
groups:
  waters: [سد, خزان, بوابة]
  unused: [x y z]
channels:
  spare: {url: "json://spare.example"}
  lost: {url: "${NOWHERE}"}
"""
TROUBLES = (
    ("rules", "The changed rules were refused; the old ones stay in force", "{file}:4:15: error R203: severity 'urgent'"
     " is not known\n    severity: urgent\n  = use info, low, medium, high or critical (or معلومة، منخفض، متوسط، مرتفع،"
     " حرج)"),
    ("tests", "Rules in force fail their own tests ('monitor test' explains)", "{file}:9:5: dams: should match:"),
    ("state", "The state cannot be written", "{file}: the disk is full; nothing that was recorded is lost. Make room on"
     " it (database or disk is full)."),
    ("disk", "The disk does not take what must be recorded", "The disk of {file} is nearly full: there is no room for"
     " the 16 MiB that are kept for when it is. Make room on the disk."),
    ("heartbeat", "The heartbeat address does not answer: its service will raise the alarm", "it answered 500\nLook at"
     " 'heartbeat' in the rules file, and at the service that it belongs to."),
    ("damage", "The state is damaged", "{file} is damaged: x. Put a backup in its place, or move it and its -wal and"
     " -shm files away to begin anew: what the feeds hold then will be taken as known, and no alert sent for it."),
    ("rule dams", "Rule dams may have missed something", "the regex x took longer than 100 ms in the body; write it"
     " without nested repetition, or use terms and near"),
)  # fmt: skip
TEXTS = ("اشتباك قرب جسر في المدينة", "مسيرة", "غارة جوية على الحي", "قصف ذكرى مشفى")
ANSWERS = ("503 Service Unavailable: try later <b>", "550 no such mailbox: newsroom@mail.example", "accepted as 4711",
           "a street quarrel, no fighting", "known closure", "Sınırda hava saldırısı söylentisi")  # fmt: skip
SNIPPETS = (
    "- {id: mine, all: [جسر, {plcae: x}]}",
    "- {id: mine, all: [جسر, [قصف, غارة], سد], near: 1 words, killed: '>=5', none: [نهر]}",
    "- {id: mine, query: 'قصف AND', severity: urgent}",
    "- {id: mine, any: [{regex: '(قصف'}]}",
)
NAMES = frozenset({"JSON Feed", "Natural Earth", "English", "OpenSSL of libcurl"})
_PIECES = re.compile(r"<(code|pre|kbd|time|textarea|script|style|bdi|option|q)\b[^>]*>(.*?)</\1>", re.S)
_ATTRIBUTES = re.compile(r'(?:aria-label|title|placeholder|alt)="([^"]*)"')
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z'’]+(?:[ ,;]+[A-Za-z'’]{2,})+")
_ISOLATED = re.compile("\u2068[^\u2069]*\u2069")


def english(page: str) -> set[str]:
    """What stands there in English words and was not written by feeds, services, readers or the rules' author."""
    body = page[page.index("<body") :] if "<body" in page else page
    pieces = {_bare(piece) for name, piece in _PIECES.findall(body) if name in ("bdi", "option", "q")}
    said = [unescape(each) for each in _ATTRIBUTES.findall(body)]
    ours = " \n ".join([_bare(_PIECES.sub("", body)), *said, *(pieces - _written(pieces))])
    return {each.strip() for each in _ENGLISH.findall(_ISOLATED.sub("", ours))} - NAMES


def _bare(markup: str) -> str:
    return unescape(re.sub("<[^>]+>", "\n", markup)).strip()


def _written(pieces: set[str]) -> set[str]:
    """Those that others wrote: news, names, notes, what a service answered."""
    others = " ".join([scenes.RULES, *(text for row in scenes._NEWS for text in row[3:]), *ANSWERS])
    return {piece for piece in pieces if _flat(piece) in _flat(_bare(others))}


def _flat(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip()


@dataclass
class Site:
    scene: Scene
    desk: Desk
    browser: TestClient


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    scene = scenes.make(tmp_path_factory.mktemp("arabic"))
    operations = Operations(scene.world.sender, clock=scene.world.clock, memory=TroubleRows(scene.world.store.database))
    for trouble, title, text in TROUBLES:
        operations.tell(trouble, title, text.replace("{file}", str(scene.rules)))
    operations.settle()
    operations.close()
    rules = scene.rules.read_text(encoding="utf-8").replace("  - id: never-met\n", WEAK).replace("channels:\n", UNUSED)
    scene.rules.write_text(rules, encoding="utf-8")
    desk = Desk(scene.rules, scene.state, clock=scene.world.clock, environ={})
    yield Site(scene, desk, client(desk, accept_language="ar"))
    scene.close()


def test_every_page_is_in_arabic(site):
    rules = [f"/rules/{rule.id}{behind}" for rule in site.desk.config.rules for behind in ("", "/edit")]
    feeds = [f"/feeds/{feed.id}" for feed in site.desk.config.feeds]
    stories = [f"/stories/{number}{behind}" for number in range(1, 9) for behind in ("", "/evidence")]
    plain = [
        "/",
        "/?seen=yes",
        "/map",
        "/search?q=قصف",
        "/search?q=قصف+AND",
        "/search?q=and+قصف",
        "/rules",
        "/rules/try",
    ]
    others = ["/rules/new", "/rules/dams/tests", "/feeds", "/feeds/add", "/operations", "/nowhere", "/stories/99999"]
    left = {path: found for path in (*plain, *others, *rules, *feeds, *stories) if (found := on(site, path))}
    assert left == {}


def on(site: Site, path: str) -> set[str]:
    return english(site.browser.get(path).text)


def test_why_tests_fail_is_told_in_arabic(site):
    page = site.browser.get("/rules/dams/tests").text
    assert "تنظر في لغات أخرى" in page
    assert "أقرب ما بينها 7 كلمات" in page


def test_weak_spots_are_told_in_arabic(site):
    end = time.monotonic() + 60
    while "R412" not in (page := site.browser.get("/rules/lint").text):
        assert time.monotonic() < end, page
    assert english(page) == set()
    assert "السطر" in page


@pytest.mark.parametrize("text", TEXTS)
def test_an_explanation_is_in_arabic(site, text):
    page = post(site.browser, "/rules/try", {"text": text, "yaml": "", "rule": ""}, on="/rules/try").text
    assert english(page) == set()


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_what_is_wrong_with_a_rule_that_is_tried_is_told_in_arabic(site, snippet):
    given = {"text": "سقوط جسر بعيدا عن النهر ثم قصف 3 قتلى", "yaml": snippet, "rule": ""}
    page = post(site.browser, "/rules/try", given, on="/rules/try").text
    assert english(page) == set()


def test_refused_rules_are_told_in_arabic_on_every_page(site, monkeypatch):
    monkeypatch.setattr("monitor.web.desk.LOOK_EVERY", 0.0)
    rules = site.scene.rules.read_text(encoding="utf-8")
    broken = rules.replace("severity: critical", "severity: urgent").replace("any: [زلزال", "anyy: [زلزال")
    site.scene.rules.write_text(broken, encoding="utf-8")
    try:
        for _ in range(3):
            page = site.browser.get("/operations").text
        assert "«\u2068urgent\u2069» ليست من درجات الأهمية" in page
        assert {path: found for path in ("/", "/operations", "/rules") if (found := on(site, path))} == {}
    finally:
        site.scene.rules.write_text(rules, encoding="utf-8")
