"""When an article is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.articles.policy import again_at, of_failure
from monitor.model import FetchFailed, FetchFailure, NoArticle, Unread
from tests.world import NOW

MINUTES = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("why", "waits"),
    [
        (Unread.UNREACHED, (2, 10, 60, None)),
        (Unread.NO_TEXT, (2, 10, 60, None)),
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
