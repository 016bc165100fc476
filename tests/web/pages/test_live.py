"""News of alerts: how many came since a page was made. The stream itself is looked at in the browser's tests."""

from __future__ import annotations

import pytest

from monitor.store.views.news import MOST
from tests.web.site import a_desk, client
from tests.world import World, feed, item, rule


@pytest.fixture
def desk(tmp_path):
    return a_desk(tmp_path)


@pytest.fixture
def browser(desk):
    return client(desk, accept_language="en")


def alerts(desk, count, **more):
    """That many more, each of a story of its own."""
    with desk.store() as store:
        world = World(rule(**more), feeds=[feed("wire")], store=store, baseline=False)
        had = world.store.database.do(lambda db: db.execute("SELECT count(*) FROM alert").fetchone()[0])
        new = range(had, had + count)
        world.poll(
            *(item(f"غارة على بلدة {n} {'ابتثجحخدذر'[n % 10] * (3 + n // 10)}", n=n) for n in new), feed_id="wire"
        )


def test_what_came_after_the_page_was_made_is_counted(desk, browser):
    alerts(desk, 2)
    page = browser.get("/live?after=0").json()
    assert (page["count"], page["text"], page["gravest"]) == (2, "2 new alerts", "high")
    assert browser.get(f"/live?after={page['at']}").json()["count"] == 0
    alerts(desk, 1)
    assert browser.get(f"/live?after={page['at']}").json()["text"] == "1 new alert"


def test_a_page_names_the_end_of_the_alerts_that_it_was_made_at(desk, browser):
    assert 'data-after="0"' in browser.get("/no-such-page").text
    alerts(desk, 3)
    assert 'data-after="3"' in browser.get("/no-such-page").text


@pytest.mark.parametrize("after", ["", "x", "-1", "1.5", "٣", "9" * 18, "9" * 400, "1e3", "0x1"])
def test_a_cursor_that_is_none_of_ours_counts_from_now_on(desk, browser, after):
    alerts(desk, 2)
    told = browser.get("/live", params={"after": after}).json()
    assert (told["count"], told["after"]) == (0, 2)


def test_tests_of_ours_are_no_news(desk, browser):
    alerts(desk, 1, rule_id="monitor:canary")
    assert browser.get("/live?after=0").json()["count"] == 0


def test_more_than_anybody_counts_are_told_as_more(desk, browser):
    alerts(desk, MOST + 5)
    assert browser.get("/live?after=0").json()["text"] == f"More than {MOST} new alerts"


def test_where_nothing_was_recorded_yet_there_is_no_news(browser):
    assert browser.get("/live?after=0").json()["count"] == 0


def test_arabic_counts_as_it_does(desk, browser):
    alerts(desk, 2)
    assert browser.get("/live?after=0&lang=ar").json()["text"] == "تنبيهان جديدان"
