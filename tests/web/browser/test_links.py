"""The pages behind the links of messages: what each asks, does and takes back, and that a bad link says so."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from monitor.links import Links, key_in
from monitor.web.links.words import TEXTS
from tests.web.browser.covered import covers
from tests.web.browser.eyes import axe, everywhere, keep_picture
from tests.web.browser.scene import Scene
from tests.web.browser.served import Site

DEEDS = ("ack", "mute", "wrong")


@pytest.fixture
def more_rules() -> str:
    return "web: {url: https://monitor.example}\n"


@pytest.fixture
def links(as_made: Scene, own_site: Site) -> dict[str, str]:
    """By action, the addresses that the message of an alert has, as this server has them."""
    alert = next(each.alert for each in as_made.world.sender.sent if each.alert.rule_id == "medical-hit")
    made = Links("https://monitor.example", key_in(own_site.scene.state)).of(alert)
    return {action: f"{urlsplit(link).path}?{urlsplit(link).query}" for action, link in made.items()}


@everywhere
@covers(
    "GET /a/{alert_id}",
    "GET /a/{alert_id}/ack",
    "POST /a/{alert_id}/ack doing=do",
    "POST /a/{alert_id}/ack doing=undo",
    "GET /a/{alert_id}/mute",
    "POST /a/{alert_id}/mute doing=do subject=rule lasts=7d",
    "POST /a/{alert_id}/mute doing=undo",
    "GET /a/{alert_id}/wrong",
    "POST /a/{alert_id}/wrong doing=do",
    "POST /a/{alert_id}/wrong doing=undo",
)
def test_a_link_asks_first_then_does_what_it_says_and_takes_it_back(look_own, links, language, width):
    words = TEXTS[language]
    page = look_own(f"{links['open']}&l={language}", language, width)
    as_told(look_own, page, f"link-open-{language}-{width}")
    for action in DEEDS:
        page.goto(f"{look_own.address}{links[action]}&l={language}")
        assert page.get_attribute("html", "lang") == language
        expect(page.locator("h2")).to_have_text(words[action])
        if action == "mute":
            page.get_by_label(words["this_rule"]).check()
            page.locator("input[name=lasts][value='7d']").check()
        as_told(look_own, page, f"link-{action}-{language}-{width}")
        page.get_by_role("button", name=words[f"{action}_do"]).click()
        expect(page.locator("main strong, body strong").first).to_contain_text(words[f"{action}_done"])
        as_told(look_own, page, f"link-{action}-done-{language}-{width}")
        page.get_by_role("button", name=words[f"{action}_undo"]).click()
        expect(page.get_by_text(words[f"{action}_undone"])).to_be_visible()
        expect(page.get_by_role("button", name=words[f"{action}_do"])).to_be_visible()


@everywhere
def test_a_bad_link_says_so_and_the_other_language_is_one_step_away(look_own, links, language, width):
    page = look_own(links["ack"].replace("t=", "t=A", 1) + f"&l={language}", language, width, status=403)
    expect(page.locator("h1")).to_have_text(TEXTS[language]["forged"])
    as_told(look_own, page, f"link-bad-{language}-{width}")
    page.goto(f"{look_own.address}{links['ack']}&l={language}")
    page.get_by_role("link", name=TEXTS[language]["other_language"]).click()
    assert page.get_attribute("html", "lang") != language
    look_own.check(page)


def as_told(look, page: Page, name: str) -> None:
    look.check(page)
    axe(page)
    keep_picture(page, name)
