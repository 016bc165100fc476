"""Workers in a browser: on a phone and in a window, and anew by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from monitor.web.words import text
from tests.store.conftest import with_schema
from tests.web import fleet
from tests.web.browser.covered import covers
from tests.web.browser.eyes import axe, everywhere, keep_picture

ROWS = "section[aria-labelledby=workers] tbody tr"


@pytest.fixture
def url(postgres, monkeypatch):
    made = postgres.fresh(with_schema)
    fleet.make(made)
    monkeypatch.setenv("MONITOR_DATABASE_URL", made)
    yield made
    monkeypatch.delenv("MONITOR_DATABASE_URL")
    postgres.drop(made)


@everywhere
@covers("GET /cluster")
def test_workers_are_told_and_the_page_keeps_up_with_them(look, url, language, width):
    page = look("/cluster", language, width)
    expect(page.locator("#sight")).to_contain_text(text(language, "cluster.error"))
    expect(page.locator(ROWS)).to_have_count(3)
    look.check(page)
    axe(page)
    keep_picture(page, f"cluster-{language}-{width}")
    fleet.one_more(url, "d-4")
    expect(page.locator(ROWS)).to_have_count(4)
    expect(page.locator(ROWS).filter(has_text="d-4")).to_contain_text(text(language, "cluster.stage.working"))
    look.check(page)


def test_the_same_without_script(look, url):
    page = look("/cluster", "ar", 390, script=False)
    expect(page.locator(ROWS)).to_have_count(3)
