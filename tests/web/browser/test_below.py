"""The pages below a path, in a browser: keys, parts and news go there as links do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.web.browser.eyes import Eyes
from tests.web.browser.scene import Scene
from tests.web.browser.served import Site, serve

BELOW = "/monitor"


@pytest.fixture
def below(as_made: Scene, tmp_path_factory, monkeypatch) -> Iterator[Site]:
    monkeypatch.setattr("monitor.web.watcher.EVERY", 0.05)
    copy = as_made.copy(tmp_path_factory.mktemp("below"))
    rules = copy.rules.read_text(encoding="utf-8")
    copy.rules.write_text(f"{rules}web: {{url: 'https://news.example{BELOW}'}}\n", encoding="utf-8")
    with serve(copy) as site:
        yield site
    copy.close()


def test_keys_parts_and_news_stay_below_the_path(browser: Browser, below: Site) -> None:
    look = Eyes(browser, below.address)
    page = look(f"{BELOW}/", "en")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(below.address)))
    below.scene.tell("difaf", "غارة جوية على أطراف منبج", n=77)
    expect(page.locator(".live a")).to_be_visible()
    page.locator(".live a").click()
    expect(page.locator("article", has_text="منبج").first).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url(f"**{BELOW}/rules")
    page.goto(f"{below.address}{BELOW}/rules/try")
    with page.expect_response(f"**{BELOW}/rules/try/told") as told:
        page.fill("textarea[name=text]", "غارة جوية")
    assert told.value.status == 200
    assert [path for path in asked if not path.startswith(f"{BELOW}/")] == []
    assert any(path.startswith(f"{BELOW}/alerts/new") for path in asked)
    look.close()
