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
from monitor.store import article_rows, open_store
from tests.articles.world import LINE, Newsroom, clashes, feed, line, page
from tests.web.site import a_desk, client
from tests.world import FakeClock

RULES = """version: 1
feeds:
  - {id: one, url: "https://one.example/rss", full_text: true}
  - {id: two, url: "https://two.example/rss"}
rules:
  - {id: clashes, title: x, all: [اشتباكات], search_in: [title, body]}
"""
READ = {"of": 6, "unread": 4, "waiting": 1, "error": "the server refused: news.example answered 404"}


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
    assert f"  articles: 4 of the last 6 not read, 1 waiting; the last: {READ['error']}\n" in shown.output
    told = json.loads(CliRunner().invoke(cli, ["feeds", "status", "--json", *where]).output)
    assert [(each["id"], each.get("articles")) for each in told] == [("one", READ), ("two", None)]


def test_the_doctor_warns_of_them_with_a_remedy(folder):
    [found] = doctor.look(feed(full_text=True), folder / "state")
    assert (found.level, found.what) == (Level.WARNING, f"4 of the last 6 not read: {READ['error']}")
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
    assert article_rows.NEWEST == 20
