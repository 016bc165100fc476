"""How reading articles goes, where people look: `monitor feeds status`, the doctor, a feed's page."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli.group import cli
from monitor.doctor import articles as doctor
from monitor.doctor.findings import Level
from monitor.store import article_reading, open_store
from tests.articles.world import LINE, Newsroom, clashes, feed, line, page
from tests.web.site import a_desk, client
from tests.world import FakeClock, rss

RULES = """version: 1
feeds:
  - {id: one, url: "https://one.example/rss", full_text: true}
  - {id: two, url: "https://two.example/rss"}
rules:
  - {id: clashes, title: x, all: [اشتباكات], search_in: [title, body]}
"""
REFUSED = "the server refused: news.example answered 404"
READ = {"of": 6, "unread": 4, "waiting": 1, "error": REFUSED, "again": None}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of seven articles two were read, four given up, and one is still tried."""
    made = tmp_path_factory.mktemp("shown")
    (made / "rules.yaml").write_text(RULES, encoding="utf-8")
    clock = FakeClock(datetime.now(UTC))
    newsroom = Newsroom(
        clashes(), feeds=(feed(full_text=True),), store=open_store(made / "state", now=clock.now()), clock=clock
    )
    newsroom.articles |= {f"https://news.example/{n}": page() for n in (1, 2)}
    newsroom.poll(*(line(f"{LINE} {n}", n=n, at=clock.now()) for n in range(1, 7)))
    newsroom.read()
    with newsroom.store.database.write() as db:
        db.execute("UPDATE article SET attempts = 3, due_us = due_us - 600000000 WHERE due_us IS NOT NULL")
    newsroom.read()
    newsroom.poll(line(f"{LINE} أخيرا", n=9, at=clock.now()))
    newsroom.store.close()
    return made


def test_the_status_of_a_feed_says_how_many_were_not_read_and_why(folder):
    where = ["-c", str(folder / "rules.yaml"), "-s", str(folder / "state")]
    shown = CliRunner().invoke(cli, ["feeds", "status", *where])
    assert f"  articles: 4 of the last 6 not read, 1 waiting; the last: {REFUSED}\n" in shown.output
    told = json.loads(CliRunner().invoke(cli, ["feeds", "status", "--json", *where]).output)
    assert [(each["id"], each.get("articles")) for each in told] == [("one", READ), ("two", None)]


def test_the_doctor_warns_of_them_with_a_remedy(folder):
    [found] = doctor.look(feed(full_text=True), folder / "state")
    assert (found.level, found.what) == (Level.WARNING, f"4 of the last 6 not read: {REFUSED}")
    assert "full_text" in found.remedy
    [none] = doctor.look(feed("other", full_text=True), folder / "state")
    assert none.level is Level.OK
    [new] = doctor.look(feed(full_text=True), folder / "nowhere")
    assert new.level is Level.OK


@pytest.mark.parametrize(
    ("language", "told"), [("en", "2 of the newest 6 read · 1 waiting"), ("ar", "قُرئ 2 من أحدث 6 · في الانتظار: 1")]
)
def test_the_page_of_a_feed_says_it_in_the_readers_language(folder, language, told):
    desk = a_desk(folder, RULES)
    with client(desk, accept_language=language) as browser:
        one, two = (unescape(browser.get(f"/feeds/{each}").text) for each in ("one", "two"))
    assert told in re.sub("[\u2066-\u2069]", "", re.sub("<[^>]+>", "", one))
    assert "404" in one
    assert ("Articles" if language == "en" else "المقالات") not in two


def test_what_is_told_is_bounded_to_the_newest():
    assert article_reading.NEWEST == 20


# --- one that could not be read, and is tried again


@pytest.fixture
def waiting(tmp_path: Path) -> Path:
    """Of two articles one was not to be had; the other has its turn yet."""
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    clock = FakeClock(datetime.now(UTC))
    newsroom = Newsroom(store=open_store(tmp_path / "state", now=clock.now()), clock=clock)
    newsroom.poll(line(at=clock.now()))
    newsroom.read()
    newsroom.poll(line(f"{LINE} أخيرا", n=2, at=clock.now()))
    newsroom.store.close()
    return tmp_path


def said(folder: Path, *arguments: str) -> str:
    where = ["-c", str(folder / "rules.yaml"), "-s", str(folder / "state")]
    return CliRunner().invoke(cli, [*arguments, *where]).output


def test_what_waits_says_why_it_could_not_be_read_and_when_it_is_tried_again(waiting):
    told = said(waiting, "feeds", "status")
    assert "  articles: 2 waiting\n" in told
    assert re.search(rf"\n    of those waiting 1 could not be read: {REFUSED}; tried again in \d+m\n", told)
    [one, _] = json.loads(said(waiting, "feeds", "status", "--json"))
    assert (one["articles"]["again"]["count"], one["articles"]["again"]["error"]) == (1, REFUSED)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", f"1 of those could not be read, and are tried again; the next in N: {REFUSED}"),
        ("ar", "منها ما تعذّرت قراءته ويُعاد طلبه (1)؛ الموعد القادم بعد N: رفض الخادم الطلب"),
    ],
)
def test_the_page_of_a_feed_says_it_of_what_waits(waiting, language, told):
    with client(a_desk(waiting, RULES), accept_language=language) as browser:
        page_of_feed = unescape(browser.get("/feeds/one").text)
    seen = re.sub("[\u2066-\u2069]", "", re.sub("<[^>]+>", "", page_of_feed))
    assert told in re.sub(r"(next in |القادم بعد )[^:]+", r"\1N", seen)


def test_why_says_of_an_entry_what_became_of_its_article(waiting):
    told = said(waiting, "why", "https://news.example/1")
    assert re.search(r"\n  article: not read after 1 try; tried again in \d+m, ", told)
    assert f"\n    {REFUSED}\n    rules look at what the feed itself carries\n" in told
    assert "article: not read yet; its turn is " in said(waiting, "why", "2")
    [entry] = json.loads(said(waiting, "why", "1", "--json"))["entries"]
    assert (entry["article"]["state"], entry["article"]["attempts"], entry["article"]["error"]) == (
        "wanted",
        1,
        REFUSED,
    )


def test_why_says_that_an_article_was_given_up_or_read(folder):
    assert "  article: not read, given up " in said(folder, "why", "https://news.example/5")
    read = said(folder, "why", "https://news.example/1")
    assert "  article: read " in read
    assert "tells no more" not in read
    assert "edit since" not in read, "its text is the newsroom's first, completed"


def test_a_page_that_tells_less_than_its_feed_is_said_to(tmp_path):
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    clock = FakeClock(datetime.now(UTC))
    newsroom = Newsroom(store=open_store(tmp_path / "state", now=clock.now()), clock=clock)
    newsroom.articles["https://news.example/1"] = page()
    whole = f"<content:encoded>{'نص أطول من الصفحة ' * 20}</content:encoded></item>"
    entry = line(summary="ملخص", at=clock.now()).replace("</item>", whole)
    content = b'<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    newsroom.poll_page(rss(entry).replace(b"<rss ", content))
    newsroom.read()
    newsroom.store.close()
    told = said(tmp_path, "why", "1")
    assert "; it tells no more than the feed, so the feed's text stands\n" in told, told


def test_why_quotes_the_article_by_which_a_rule_matched(folder):
    """Neither the headline nor the line has the word."""
    told = said(folder, "why", "https://news.example/1").translate({0x2068: None, 0x2069: None})
    assert "    by اشتباكات: «اشتباكات» in the article: اندلعت «اشتباكات» عنيفة قرب مطار البلدة" in told
