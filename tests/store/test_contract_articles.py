"""What every store promises about articles: who has one, and what the word of one counts whose lease has ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from monitor.model import WantedArticle
from monitor.store.article_rows import Articles
from monitor.store.sql_store import SqlStore

from .builders import HOUR, MINUTE, NOW, item

AGAIN = NOW + 5 * MINUTE  # the lease of before has ended
SECOND = timedelta(seconds=1)
Say = Callable[[Articles, WantedArticle], object]

GIVEN_BACK: Say = lambda articles, wanted: articles.release(wanted)  # noqa: E731
IN_VAIN: Say = lambda articles, wanted: articles.unread(wanted, "busy", now=AGAIN, again_at=NOW + HOUR)  # noqa: E731
FOR_GOOD: Say = lambda articles, wanted: articles.unread(wanted, "gone", now=AGAIN, again_at=None)  # noqa: E731
WORDS = pytest.mark.parametrize("say", [GIVEN_BACK, IN_VAIN, FOR_GOOD], ids=["given back", "in vain", "for good"])


@pytest.fixture
def articles(store: SqlStore) -> Articles:
    entry = item(link="https://local.example/1")
    with store.ingest() as tx:
        entry_id, _, _ = tx.write(entry, seen_at=NOW)
        tx.want_article(entry_id, entry.entry, entry.fingerprint.raw, now=NOW)
    return Articles(store.database)


def claim(articles: Articles, at: datetime = NOW) -> list[WantedArticle]:
    return articles.claim(["local"], at, ahead=SECOND, limit=5, lease=2 * MINUTE)


def row(store: SqlStore) -> tuple[object, ...]:
    with store.database.read() as db:
        return tuple(db.execute("SELECT state, due_us, lease_until_us, attempts, error FROM article").fetchone())


@WORDS
def test_what_one_says_whose_lease_has_ended_changes_nothing_of_what_another_has(
    store: SqlStore, articles: Articles, say: Say
) -> None:
    [late], [_another] = claim(articles), claim(articles, AGAIN)
    before = row(store)
    say(articles, late)
    assert row(store) == before
    assert claim(articles, AGAIN) == []


@WORDS
def test_what_one_says_whose_lease_has_ended_counts_not_after_what_another_said(
    store: SqlStore, articles: Articles, say: Say
) -> None:
    [late], [another] = claim(articles), claim(articles, AGAIN)
    articles.unread(another, "no page there", now=AGAIN, again_at=AGAIN + MINUTE)
    before = row(store)
    say(articles, late)
    assert row(store) == before


@pytest.mark.parametrize(
    ("say", "state", "attempts"),
    [(GIVEN_BACK, "wanted", 0), (IN_VAIN, "wanted", 1), (FOR_GOOD, "unread", 1)],
    ids=["given back", "in vain", "for good"],
)
def test_the_word_of_who_has_it_counts_also_after_its_lease_where_nobody_came_since(
    store: SqlStore, articles: Articles, say: Say, state: str, attempts: int
) -> None:
    [mine] = claim(articles)
    say(articles, mine)
    found = row(store)
    assert (found[0], found[2], found[3]) == (state, None, attempts)
    assert [each.attempts for each in claim(articles, NOW + HOUR)] == [attempts] * (state == "wanted")


def test_one_that_was_put_off_is_due_then_and_was_not_tried(store: SqlStore, articles: Articles) -> None:
    [mine] = claim(articles)
    articles.release(mine, due_at=NOW + MINUTE)
    assert claim(articles, NOW + MINUTE - 2 * SECOND) == []
    assert [each.attempts for each in claim(articles, NOW + MINUTE)] == [0]


def test_whoever_lost_one_puts_it_off_for_nobody(store: SqlStore, articles: Articles) -> None:
    [late], [_another] = claim(articles), claim(articles, AGAIN)
    before = row(store)
    articles.release(late, due_at=AGAIN + HOUR)
    assert row(store) == before


def test_it_counts_when_the_clock_was_set_back_since(store: SqlStore, articles: Articles) -> None:
    [mine] = claim(articles)
    store.shift_leases(-HOUR, now=NOW - HOUR)
    articles.release(mine)
    assert len(claim(articles, NOW)) == 1
