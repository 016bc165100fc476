"""The loop of articles: beside polls, a bounded number at a time, and through whatever ends a process."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import StateError
from monitor.model import ArticlesRead, FetchResult
from monitor.store import article_reading, article_rows, open_store, tidy
from tests.articles.world import LINE, LINK, Newsroom, clashes, feed, line, page
from tests.world import MINUTE, NOW, item


def slow(newsroom: Newsroom) -> list[tuple[str, Future[FetchResult]]]:
    """Pages are answered when the test says so."""
    asked: list[tuple[str, Future[FetchResult]]] = []
    polls = newsroom._feeds_of_network

    def submit(request):
        if request.page is None:
            return polls(request)
        future: Future[FetchResult] = Future()
        asked.append((request.page, future))
        return future

    newsroom.network.submit = submit
    newsroom.article_loop._fetcher = newsroom.network
    return asked


def is_free(newsroom: Newsroom) -> bool:
    """Whether another process would be given an article now."""
    lease = timedelta(0)
    return bool(newsroom.rows.claim(["one"], newsroom.clock.now(), ahead=timedelta(0), limit=1, lease=lease))


def lines(count: int) -> list[str]:
    return [line(f"{LINE} {n}", n=n) for n in range(1, count + 1)]


def test_one_article_of_a_feed_is_under_way_at_a_time():
    newsroom = Newsroom()
    asked = slow(newsroom)
    newsroom.poll(*lines(3))
    assert newsroom.article_loop.tick(newsroom.setup, ahead=MINUTE) == ["one"]
    assert newsroom.article_loop.tick(newsroom.setup, ahead=MINUTE) == []
    asked[0][1].set_result(newsroom._page("nowhere"))
    assert newsroom.article_loop.wait(30)
    assert newsroom.article_loop.tick(newsroom.setup, ahead=MINUTE) == ["one"]
    assert len(asked) == 2


def test_four_feeds_have_one_under_way():
    ids = [f"feed{n}" for n in range(6)]
    newsroom = Newsroom(feeds=tuple(feed(each, full_text=True) for each in ids))
    slow(newsroom)
    for each in ids:
        newsroom.poll(line(), feed_id=each)
    assert len(newsroom.article_loop.tick(newsroom.setup)) == 4
    assert newsroom.article_loop.tick(newsroom.setup) == []


def test_articles_of_a_feed_are_asked_for_seconds_apart():
    newsroom = Newsroom()
    newsroom.articles |= {f"https://news.example/{n}": page() for n in (1, 2, 3)}
    newsroom.poll(*lines(3))
    for asked in (1, 1, 2, 2, 3):
        newsroom.article_loop.tick(newsroom.setup)
        assert newsroom.article_loop.wait(30)
        assert len(newsroom.visited) == asked
        newsroom.clock.advance(timedelta(seconds=1))


def test_a_poll_goes_on_while_a_page_hangs():
    newsroom = Newsroom(clashes(), clashes("lines", all=clashes("x").all, search_in=("title",)))
    slow(newsroom)
    newsroom.poll(line())
    newsroom.article_loop.tick(newsroom.setup)
    assert newsroom.poll(line(), line("اشتباكات أخرى", n=2)) == ["اشتباكات أخرى"] * 2
    assert newsroom.article_loop.busy


def test_an_article_whose_host_has_no_turn_soon_is_put_off_for_seconds_and_nothing_is_held_against_it():
    newsroom = Newsroom()
    newsroom.articles[LINK] = page()
    newsroom.poll(line())
    asked = slow(newsroom)
    newsroom.article_loop.tick(newsroom.setup)
    asked[0][1].cancel()
    assert newsroom.article_loop.wait(30)
    assert newsroom.state_of() == ("wanted", 0, "")
    assert newsroom.article_loop.tick(newsroom.setup) == [], "others come first"
    newsroom.clock.advance(timedelta(seconds=10))
    assert newsroom.article_loop.tick(newsroom.setup) == ["one"]
    asked[1][1].set_result(newsroom._page(LINK))
    assert newsroom.article_loop.wait(30)
    assert newsroom.state_of()[0] == "read"


def test_a_stopped_loop_begins_nothing_and_notes_nothing_of_what_was_under_way():
    newsroom = Newsroom()
    asked = slow(newsroom)
    newsroom.poll(*lines(2))
    newsroom.article_loop.tick(newsroom.setup)
    newsroom.article_loop.stop()
    asked[0][1].set_result(newsroom._page("nowhere"))
    assert newsroom.article_loop.wait(30)
    assert newsroom.article_loop.tick(newsroom.setup, ahead=MINUTE) == []
    assert newsroom.state_of() == ("wanted", 0, "")
    assert is_free(newsroom), "for others, at once"


def test_a_loop_that_is_stopped_while_it_claims_leaves_that_to_others(monkeypatch):
    newsroom = Newsroom()
    newsroom.poll(line())
    claim = newsroom.rows.claim

    def stopped(*args, **kwargs):
        newsroom.article_loop.stop()
        return claim(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(newsroom.rows, "claim", stopped)
        newsroom.article_loop.tick(newsroom.setup)
    assert newsroom.visited == []
    assert is_free(newsroom)


def test_who_ends_the_fetcher_of_a_stopped_loop_does_not_wait_for_the_state(monkeypatch):
    newsroom = Newsroom()
    asked = slow(newsroom)
    newsroom.poll(line())
    answers = threading.Event()
    monkeypatch.setattr(newsroom.rows, "release", lambda *_args, **_kwargs: answers.wait(30))
    newsroom.article_loop.tick(newsroom.setup)
    newsroom.article_loop.stop()
    asked[0][1].set_result(newsroom._page("nowhere"))
    assert newsroom.article_loop.busy
    answers.set()
    assert newsroom.article_loop.wait(30)


def test_a_fetcher_that_breaks_costs_an_article_minutes(monkeypatch):
    newsroom = Newsroom()
    newsroom.articles[LINK] = page()
    newsroom.poll(line())

    def breaks(_request):
        raise RuntimeError("no thread")

    with monkeypatch.context() as patched:
        patched.setattr(newsroom.network, "submit", breaks)
        assert newsroom.read() == []
    assert newsroom.read(after=MINUTE) == []
    assert newsroom.read(after=MINUTE) == [LINE]


def test_an_article_that_breaks_us_is_put_off_and_stops_no_other(monkeypatch):
    newsroom = Newsroom()
    newsroom.articles |= {LINK: page(), "https://news.example/2": page()}
    newsroom.poll(*lines(2))
    judged = newsroom.pipeline.take_article

    def breaks(setup, feed, wanted, page, line):
        if wanted.link == LINK:
            raise RuntimeError("hushed")
        return judged(setup, feed, wanted, page, line)

    monkeypatch.setattr(newsroom.pipeline, "take_article", breaks)
    assert newsroom.read() == [f"{LINE} 2"]
    state, attempts, error = newsroom.state_of(LINK)
    assert (state, attempts) == ("wanted", 1)
    assert "hushed" not in error


def test_trouble_with_the_state_is_not_blamed_on_the_page(monkeypatch):
    newsroom = Newsroom()
    newsroom.articles[LINK] = page()
    newsroom.poll(line())

    def full(*_args):
        raise StateError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(newsroom.pipeline, "take_article", full)
        assert newsroom.read() == []
    assert isinstance(newsroom.article_loop.trouble, StateError)
    assert newsroom.state_of() == ("wanted", 0, "")
    assert newsroom.read(after=MINUTE) == [], "not at once: the page would be asked for again and again"
    assert newsroom.read(after=MINUTE) == [LINE]


class _Killed(BaseException):
    pass


@pytest.mark.parametrize("moment", ["before the transaction", "within the transaction"])
def test_a_process_that_dies_between_the_page_and_its_record_leaves_all_to_the_next(
    tmp_path: Path, monkeypatch, moment
):
    first = Newsroom(store=open_store(tmp_path, now=NOW))
    first.articles[LINK] = page()
    first.poll(line())
    [wanted] = first.rows.claim(["one"], first.clock.now(), ahead=MINUTE, limit=1, lease=10 * MINUTE)
    of = "article_is_wanted" if moment == "before the transaction" else "article_read"

    def dies(*_args, **_kwargs):
        raise _Killed

    monkeypatch.setattr(f"monitor.store.ingest.SqlIngest.{of}", dies)
    with pytest.raises(_Killed):
        first.article_loop._taking.take(first.setup, feed(full_text=True), wanted, first._page(LINK))
    monkeypatch.undo()
    assert first.texts() == [(LINE, "")]
    assert first.article_loop.tick(first.setup, ahead=MINUTE) == [], "its lease lasts"
    first.store.close()
    second = Newsroom(store=open_store(tmp_path, now=NOW), clock=first.clock)
    second.articles[LINK] = page()
    second.store.take_over(now=second.clock.now())
    assert second.read() == [LINE]
    assert second.read(after=60 * MINUTE) == []
    assert second.deliver() == [LINE]


def test_a_lease_of_a_process_that_is_gone_ends_by_itself():
    newsroom = Newsroom()
    newsroom.articles[LINK] = page()
    newsroom.poll(line())
    newsroom.rows.claim(["one"], newsroom.clock.now(), ahead=MINUTE, limit=1, lease=10 * MINUTE)
    assert newsroom.read(after=9 * MINUTE) == []
    assert newsroom.read(after=2 * MINUTE) == [LINE]


def test_a_hostile_feed_has_no_more_pages_asked_for_than_its_share(monkeypatch):
    """However many entries it shows within a day, all at somebody else's host."""
    monkeypatch.setattr(article_rows, "A_DAY", 30)
    monkeypatch.setattr(article_rows, "WAITING", 5)
    newsroom = Newsroom()
    for poll in range(10):
        newsroom.poll(*(item(f"{LINE} {n}", n=n) for n in range(20 * poll, 20 * (poll + 1))))
        newsroom.read()
    assert len(set(newsroom.visited)) == 30  # of each poll five wait
    newsroom.read(after=60 * 60 * MINUTE)
    newsroom.poll(line("خبر جديد", n=1000, at=newsroom.clock.now()))
    newsroom.read()
    assert newsroom.visited[-1] == "https://news.example/1000"


def test_a_page_in_vain_counts_for_the_day_also_where_it_is_left_for_newer_ones(monkeypatch):
    monkeypatch.setattr(article_rows, "A_DAY", 6)
    monkeypatch.setattr(article_rows, "WAITING", 2)
    newsroom = Newsroom()
    for poll in range(10):
        newsroom.poll(*(item(f"{LINE} {n}", n=n) for n in (2 * poll, 2 * poll + 1)))
        newsroom.read()  # none is there: each would be tried again
    assert len(set(newsroom.visited)) == 6


def test_a_feed_that_always_has_more_than_its_share_has_its_share_each_day(monkeypatch):
    monkeypatch.setattr(article_rows, "A_DAY", 3)
    newsroom = Newsroom()
    shares = []
    for day in range(3):
        before = len(set(newsroom.visited))
        for n in range(4 * day, 4 * day + 4):
            newsroom.articles[f"https://news.example/{n}"] = page()
            newsroom.poll(line(f"{LINE} {n}", n=n, at=newsroom.clock.now()))
            newsroom.read(after=6 * 60 * MINUTE)
        shares.append(len(set(newsroom.visited)) - before)
    assert shares == [3, 3, 3]


def test_edits_make_no_more_wait_than_new_entries_do(monkeypatch):
    monkeypatch.setattr(article_rows, "WAITING", 2)
    newsroom = Newsroom()
    for n in range(5):
        newsroom.articles[f"https://news.example/{n}"] = page()
        newsroom.poll(line(f"{LINE} {n}", n=n))
        newsroom.read()
    newsroom.visited.clear()
    newsroom.poll(*(line(f"تحديث {n}", n=n) for n in range(5)))
    newsroom.read()
    assert len(newsroom.visited) == 2


def test_what_waits_no_more_makes_nothing_dearer_that_is_asked_for_each_entry_or_second():
    """A feed has tens of thousands of these after some months."""
    newsroom = Newsroom()
    newsroom.poll(line())
    few = _steps_to_ask(newsroom)
    with newsroom.store.database.read() as db:
        db.execute("PRAGMA foreign_keys = OFF")
        rows = "SELECT :n, feed, link, raw, 'left', wanted_us FROM article WHERE entry_id = 1"
        into = "INSERT INTO article (entry_id, feed, link, raw, state, wanted_us)"
        db.executemany(f"{into} {rows}", [{"n": n} for n in range(10, 2000)])
    assert _steps_to_ask(newsroom) < few * 1.2


def _steps_to_ask(newsroom: Newsroom) -> int:
    """In virtual machine instructions of SQLite, by the ten: the same on any machine."""
    counted = [0]

    def count() -> int:
        counted[0] += 1
        return 0

    now = newsroom.clock.now()
    with newsroom.store.database.read() as db:
        db.set_progress_handler(count, 10)
        for _ in range(20):
            article_rows.want(db, 1, 1, link="", raw=b"", now=now)
            article_rows.want_again(db, 1, now=now)
            newsroom.rows.claim(["one"], now, ahead=MINUTE, limit=1, lease=timedelta(0))
        db.set_progress_handler(None, 0)
    return counted[0]


def test_of_too_many_that_wait_the_oldest_is_left_and_told(monkeypatch):
    monkeypatch.setattr(article_rows, "WAITING", 2)
    newsroom = Newsroom()
    newsroom.articles |= {f"https://news.example/{n}": page() for n in (1, 2, 3)}
    for n in (1, 2, 3):
        newsroom.poll(line(f"{LINE} {n}", n=n))
    newsroom.read()
    assert newsroom.visited == ["https://news.example/2", "https://news.example/3"]
    assert newsroom.state_of(LINK) == ("left", 0, "more came than are read")
    with newsroom.store.database.read() as db:
        told = article_reading.of_feed(db, "one")
    assert told == ArticlesRead(of=3, unread=1, waiting=0, error="more came than are read")


def test_an_article_that_is_being_read_is_not_left_for_newer_ones(monkeypatch):
    monkeypatch.setattr(article_rows, "WAITING", 2)
    newsroom = Newsroom()
    asked = slow(newsroom)
    newsroom.poll(line())
    newsroom.article_loop.tick(newsroom.setup)
    for n in (2, 3):
        newsroom.poll(line(f"{LINE} {n}", n=n))
    newsroom.articles[LINK] = page()
    asked[0][1].set_result(newsroom._page(LINK))
    assert newsroom.article_loop.wait(30)
    states = [newsroom.state_of(f"https://news.example/{n}")[0] for n in (1, 2, 3)]
    assert states == ["read", "left", "wanted"]


def test_the_bounds_are_those_that_the_docs_tell():
    assert (article_rows.WAITING, article_rows.A_DAY, article_rows.ROUNDS) == (50, 300, 3)


def test_a_clock_that_was_set_back_holds_no_article_up():
    newsroom = Newsroom()
    newsroom.articles[LINK] = page()
    newsroom.poll(line())
    with newsroom.store.database.write() as db:
        db.execute("UPDATE article SET due_us = due_us + 86400000000, lease_until_us = due_us")
    assert newsroom.read() == []
    newsroom.store.take_over(now=newsroom.clock.now())
    assert newsroom.read() == [LINE]


def test_a_clock_that_is_set_while_we_run_takes_what_waits_with_it():
    newsroom = Newsroom()
    newsroom.poll(line())
    newsroom.read()  # in vain: again in two minutes
    newsroom.articles[LINK] = page()
    newsroom.store.shift_leases(-60 * MINUTE, now=newsroom.clock.now() - 60 * MINUTE)
    newsroom.clock.advance(-60 * MINUTE)
    assert newsroom.read(after=1 * MINUTE) == []
    assert newsroom.read(after=1 * MINUTE) == [LINE]


def test_what_is_kept_of_an_article_goes_with_its_entry():
    newsroom = Newsroom(clashes(search_in=("title",)))
    newsroom.articles[LINK] = page()
    newsroom.poll(line())
    newsroom.read()
    newsroom.clock.advance(timedelta(days=200))
    newsroom.poll(line("خبر آخر", n=2, at=newsroom.clock.now()))
    tidy(newsroom.store, now=newsroom.clock.now())
    assert [title for title, _ in newsroom.texts()] == ["خبر آخر"]
    with newsroom.store.database.read() as db:
        assert db.execute("SELECT count(*) FROM article").fetchone()[0] == 1


def test_what_nobody_read_for_days_is_not_asked_for_any_more():
    """Its feed was turned off, or the machine."""
    newsroom = Newsroom()
    newsroom.articles[LINK] = page()
    newsroom.poll(line())
    assert newsroom.read(after=timedelta(days=3, minutes=1)) == []
    assert newsroom.visited == []
    assert newsroom.state_of()[0] == "wanted"
    tidy(newsroom.store, now=newsroom.clock.now())
    assert newsroom.state_of() == ("left", 0, "nobody read it in time")
