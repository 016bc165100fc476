"""A rule tried on the past, in a browser: begun, watched, in the way of another, stopped, and what it tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from threading import Event

import pytest
from playwright.sync_api import expect

from monitor.web.words import text
from monitor.web.workshop.bench import Answer, Bench, Hears, NoAnswer
from tests.web.browser.covered import covers
from tests.web.browser.eyes import axe, everywhere, keep_picture


@pytest.fixture
def go(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Until it is set, a trial stands at 40 % and can only be stopped."""
    go, ask = Event(), Bench.ask

    def held(bench: Bench, order: Mapping[str, object], *, within: float, hears: Hears = lambda _: True) -> Answer:
        goes_on = order["task"] != "trial" or hears({"progress": {"doing": "matching", "done": 12, "share": 0.4}})
        while order["task"] == "trial" and not go.wait(0.02) and goes_on:
            goes_on = hears({"progress": {"doing": "matching", "done": 12, "share": 0.4}})
        if not goes_on:
            raise NoAnswer("workshop.stopped")
        return ask(bench, order, within=within, hears=hears)

    monkeypatch.setattr(Bench, "ask", held)
    yield go
    go.set()


@everywhere
@covers("POST /rules/{rule}/trial", "GET /rules/trials/{job}", "GET /rules/trials/{job}/part")
@covers("POST /rules/trials/{job}/stop", "POST /rules/trial do=trial", "POST /rules/{rule}/edit do=read")
def test_a_trial_is_watched_stopped_and_tells_what_a_change_would_change(look_own, go, language, width):
    page = look_own("/rules/medical-hit", language, width)
    page.get_by_role("button", name=text(language, "rules.trial")).click()
    expect(page.locator("#trial")).to_have_attribute("data-state", "running")
    expect(page.locator("progress")).to_have_attribute("value", "40")
    look_own.check(page)
    axe(page)
    keep_picture(page, f"trial-running-{language}-{width}")

    other = look_own("/rules/clashes/edit", beside=page)
    other.locator("#box-any").fill("اشتباك\nاشتباكات\nغارة جوية")
    expect(other.locator("#yaml")).to_have_value(re.compile("غارة جوية"))
    other.locator("button[value=trial]").click()
    expect(other.locator(".notice.warning")).to_contain_text(text(language, "trials.busy"))
    look_own.check(other)
    axe(other)
    keep_picture(other, f"trial-busy-{language}-{width}")
    other.get_by_role("button", name=text(language, "trials.back")).click()
    expect(other.locator("#box-any")).to_have_value(re.compile("غارة جوية"))

    stop = page.get_by_role("button", name=text(language, "trials.stop"))
    stop.focus()
    with page.expect_response("**/part"):
        pass  # what is told anew leaves the button, and the focus on it
    expect(stop).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#trial")).to_have_attribute("data-state", "stopped")
    expect(page.locator("#trial [role=status]")).to_have_text(text(language, "workshop.stopped"))
    look_own.check(page)

    go.set()
    other.locator("button[value=trial]").click()
    expect(other.locator("#trial")).to_have_attribute("data-state", "done")
    expect(other.locator("section[aria-labelledby=gained] article").first).to_be_visible()
    other.locator("summary", has_text=text(language, "rules.figures")).first.click()
    look_own.check(other)
    axe(other)
    keep_picture(other, f"trial-done-{language}-{width}")
