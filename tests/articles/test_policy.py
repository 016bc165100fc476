"""When an article is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.articles.policy import again_at, is_led_away, is_worth_having, leads_home, of_failure
from monitor.model import Entry, FetchFailed, FetchFailure, KnownEntry, Line, NoArticle, Unread
from tests.world import NOW

MINUTES = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("why", "waits"),
    [
        (Unread.UNREACHED, (2, 10, 60, None)),
        (Unread.NO_TEXT, (2, 10, 60, None)),
        (Unread.ELSEWHERE, (2, 10, 60, None)),
        (Unread.BROKE, (10, None)),
        (Unread.REFUSED, (None,)),
        (Unread.NO_PAGE, (None,)),
    ],
)
def test_each_try_waits_longer_until_it_is_given_up(why, waits):
    for attempts, wait in enumerate(waits):
        at = again_at(NoArticle(why=why, detail="x"), attempts=attempts, now=NOW)
        assert at == (None if wait is None else NOW + wait * MINUTES)


@pytest.mark.parametrize(("wish", "wait"), [(1, 2), (30, 30), (60 * 24 * 30, 6 * 60)])
def test_a_servers_wish_is_heeded_within_reason(wish, wait):
    asked = NoArticle(why=Unread.UNREACHED, detail="x", retry_after=wish * MINUTES)
    assert again_at(asked, attempts=0, now=NOW) == NOW + wait * MINUTES


@pytest.mark.parametrize("failure", list(FetchFailure))
def test_every_way_in_which_a_page_fails_is_one_in_which_an_article_does(failure):
    failed = of_failure(FetchFailed(failure=failure, detail="a.example: x", fetched_at=NOW, retry_after=MINUTES))
    never = {FetchFailure.BAD_ADDRESS, FetchFailure.FORBIDDEN_ADDRESS, FetchFailure.REDIRECTS, FetchFailure.TOO_LARGE}
    assert failed.why is (Unread.REFUSED if failure in never else Unread.UNREACHED)
    assert failed.detail == f"{failure.value}: a.example: x"
    assert failed.retry_after == MINUTES


@pytest.mark.parametrize(
    ("page", "body", "summary", "has_article", "worth"),
    [
        (20, 0, 0, False, True),
        (20, 20, 0, False, False),
        (20, 0, 20, False, False),  # many feeds write all that they tell as the description
        (21, 20, 20, False, True),
        (11, 20, 0, True, True),  # an article that its newsroom cut
        (10, 20, 0, True, False),  # by half: a wall, rather
        (11, 20, 12, True, False),
    ],
)
def test_a_page_is_worth_having_that_tells_more_than_the_feed(page, body, summary, has_article, worth):
    """In letters, markup not counted."""
    entry = Entry(feed_id="one", link="", title="x", summary=f"<b>{'s' * summary}</b>", body=f"<p>{'b' * body}</p>")
    known = KnownEntry(
        id=1,
        guid="",
        link=None,
        published_at=None,
        texts=frozenset(),
        words=frozenset(),
        matched_rules=frozenset(),
        story_id=None,
    )
    line = Line(entry=entry, known=known, raw=b"", has_article=has_article)
    assert is_worth_having(f"<p>{'p' * page}</p>", line) is worth


NEWS = "https://news.example"


@pytest.mark.parametrize(
    ("link", "end", "home"),
    [
        (f"{NEWS}/2026/story", f"{NEWS}/", True),
        (f"{NEWS}/2026/story", f"{NEWS}/?gone=1", True),
        (f"{NEWS}/2026/story", "https://www.news.example", True),
        (f"{NEWS}/2026/story", f"{NEWS}/ar", True),
        (f"{NEWS}/2026/story", f"{NEWS}/en-GB/", True),
        (f"{NEWS}/2026/story", f"{NEWS}/ar/index.html", True),
        (f"{NEWS}/2026/story", f"{NEWS}/Home", True),
        (f"{NEWS}/2026/story", f"{NEWS}/2026/story/", False),
        (f"{NEWS}/2026/story", f"{NEWS}/ar/story", False),
        (f"{NEWS}/2026/story", f"{NEWS}/homes-destroyed", False),
        (f"{NEWS}/?p=7", f"{NEWS}/?p=7", False),
        ("http://news.example/?p=7", f"{NEWS}/?p=7", False),  # some sites number their articles so
        (f"{NEWS}/", f"{NEWS}/ar", False),
    ],
)
def test_an_articles_address_may_lead_to_the_front_page(link, end, home):
    assert leads_home(link, end) is home


@pytest.mark.parametrize(
    ("link", "end", "away"),
    [
        (f"{NEWS}/1", f"{NEWS}/1", False),
        ("http://news.example/1", "https://www.news.example/1/", False),
        ("https://news.example:443/1#top", f"{NEWS}/1", False),
        (f"{NEWS}/1", f"{NEWS}/2", True),
        (f"{NEWS}/?p=1", f"{NEWS}/?p=2", True),
        (f"{NEWS}/1", "https://other.example/1", True),
    ],
)
def test_a_site_may_call_one_page_by_several_addresses(link, end, away):
    assert is_led_away(link, end) is away
