"""What a poll keeps of the entries that rules matched."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from monitor import canon, witness
from monitor.model import Fetched, FetchFailure, Secret
from monitor.store.housekeeping import Retention, tidy
from monitor.store.read import Reader
from monitor.store.views.evidence import body_of, item_of, of_story, pages, rule_text, story_of
from tests.world import NOW, STRIKE, World, feed, item, rss, rule

QUIET = "هدوء في وسط المدينة"


@pytest.fixture
def world():
    made = World()
    made.poll(item(QUIET, n=9))
    return made


def reader(world: World) -> Reader:
    return Reader(world.store.database)


def rows(world: World, table: str) -> int:
    return reader(world).rows(f"SELECT count(*) FROM {table}")[0][0]


def only(world: World):
    (seen,) = of_story(reader(world), story_of(reader(world), "1"))
    return seen


def test_a_matched_entry_is_kept_byte_for_byte_with_digests_of_it_and_its_document(world):
    strike = item(n=1)
    document = rss(strike, item(QUIET, n=9))
    world.poll_page(document)
    seen = only(world)
    assert item_of(reader(world), seen.version_id) == strike.encode()
    assert seen.item.sha256 == sha256(strike.encode()).hexdigest()
    assert (seen.item.size, seen.item.is_cut, seen.item.encoding) == (len(strike.encode()), False, "utf-8")
    page = pages(reader(world), [seen.page_id])[seen.page_id]
    assert (page.sha256, page.size) == (sha256(document).digest(), len(document))
    assert (page.address, page.fetched_at, page.normal_form) == ("https://one.example/rss", world.clock.now(), 1)
    assert body_of(reader(world), seen.page_id) is None


def test_nothing_is_kept_of_what_no_rule_matched(world):
    world.poll(item(QUIET, n=2), item(QUIET, n=3))
    assert (rows(world, "evidence"), rows(world, "evidence_page"), rows(world, "rule_text")) == (0, 0, 0)


def test_the_rules_text_is_kept_once_and_tells_its_version(world):
    world.poll(item(n=1), item("غارة على المطار القديم", n=2))
    assert (rows(world, "evidence"), rows(world, "rule_text"), rows(world, "evidence_page")) == (2, 1, 1)
    digest = of_story(reader(world), 1)[0].rules["strikes"]
    text = rule_text(reader(world), digest)
    assert text == canon.text(rule())
    assert digest == sha256(text.encode()).hexdigest()
    world.use(rule("strikes", "غارة", title={"": "renamed"}), feeds=[feed()])
    world.poll(item("غارة ثالثة قرب الجسر", n=3))
    assert rows(world, "rule_text") == 2


def test_every_version_of_an_entry_is_kept_as_it_was(world):
    first, second = item(n=1), item(f"{STRIKE} وأنباء عن جرحى", n=1)
    world.poll(first)
    world.poll(second)
    one, two = of_story(reader(world), 1)
    assert [one.number, two.number] == [1, 2]
    assert [item_of(reader(world), each.version_id) for each in (one, two)] == [first.encode(), second.encode()]


def test_where_an_entry_cannot_be_cut_the_whole_document_is_kept_and_it_is_said(world):
    document = rss(item(n=1)).replace(b"</item>", b"")
    world.poll_page(document)
    seen = only(world)
    assert (seen.item.is_kept, seen.item.sha256, seen.item.note) == (False, "", witness.NOT_CUT)
    assert body_of(reader(world), seen.page_id) == document


def test_what_is_too_long_is_cut_and_its_digest_is_of_all(world, monkeypatch):
    monkeypatch.setattr(witness, "ITEM_LIMIT", 20)
    world.poll(item(n=1))
    seen = only(world)
    whole = item(n=1).encode()
    assert item_of(reader(world), seen.version_id) == whole[:20]
    assert (seen.item.is_cut, seen.item.size, seen.item.sha256) == (True, len(whole), sha256(whole).hexdigest())


def test_bytes_that_repeat_a_secret_of_the_feed_are_not_kept():
    of = replace(
        feed(), url=Secret("https://one.example/rss?key=hushhush1"), address="https://one.example/rss?key=${K}"
    )
    world = World(feeds=[of])
    world.poll(item(QUIET, n=9))
    world.poll(item(n=1, link="https://one.example/story?key=hushhush1"))
    seen = only(world)
    assert (seen.item.is_kept, seen.item.note) == (False, witness.REPEATS)
    assert seen.item.sha256
    assert "hushhush1" not in repr(pages(reader(world), [seen.page_id]))


def test_a_poll_that_fails_halfway_keeps_nothing(world, monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError("broke")

    monkeypatch.setattr("monitor.store.story_rows.write_report", broken)
    world.poll(item(n=1))
    assert (rows(world, "evidence"), rows(world, "evidence_page"), rows(world, "rule_text")) == (0, 0, 0)


def test_evidence_stays_while_the_alert_does_and_goes_with_its_entry(world):
    world.poll(item(n=1))
    world.deliver()
    for _ in range(3):
        world.clock.advance(timedelta(days=100))
        world.poll(item(QUIET, n=9))
        tidy(world.store, now=world.clock.now())
    assert (rows(world, "alert"), rows(world, "evidence")) == (1, 1)
    world.clock.advance(timedelta(days=101))
    world.poll(item(QUIET, n=9), item(QUIET, n=10))
    tidy(world.store, now=world.clock.now(), keep=Retention())
    assert [rows(world, each) for each in ("alert", "evidence", "evidence_page", "evidence_rule", "rule_text")] == [
        0
    ] * 5


def test_a_failed_poll_is_no_evidence(world):
    world.poll_page(FetchFailure.TIMEOUT)
    assert rows(world, "evidence_page") == 0


# --- articles


@pytest.mark.parametrize(
    ("body", "kept", "note"),
    [
        (b"<html>x</html>", True, ""),
        (b"x" * witness.PAGE_LIMIT, True, ""),
        (b"x" * (witness.PAGE_LIMIT + 1), False, witness.TOO_LARGE_TO_KEEP),
        (b"<html>hushhush1</html>", False, witness.REPEATS),
    ],
)
def test_of_an_articles_page_all_is_kept_or_its_digest_alone(body, kept, note):
    of = feed(url=Secret("https://one.example/rss?key=hushhush1"), address="https://one.example/rss?key=${KEY}")
    link = "https://one.example/1?key=hushhush1"
    page = Fetched(url=link, body=body, content_type="text/html", validators=None, fetched_at=NOW)
    seen = witness.witness_article(of, link, page, {})
    assert (seen.page.body is not None, seen.note, seen.of_article) == (kept, note, True)
    assert (seen.page.sha256, seen.page.size) == (sha256(body).digest(), len(body))
    assert "hushhush1" not in seen.page.address + seen.page.url
