"""The pages of rules in a browser: readable everywhere, and quick while one types; the same without script."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.web.browser.eyes import axe, everywhere, keep_picture


def has(part):
    return re.compile(re.escape(part))


PAGES = ("/rules", "/rules/medical-hit", "/rules/medical-hit/edit", "/rules/try?text=غارة جوية&rule=air-strikes")


@everywhere
def test_every_page_of_rules_is_accessible_and_fits(look, language, width):
    for path in PAGES:
        page = look(path, language, width)
        if path == "/rules/medical-hit":
            expect(page.locator("#tests-now .badge.ok").first).to_be_visible(timeout=30_000)
        look.check(page)
        axe(page)
        keep_picture(page, f"rules{path}-{language}-{width}")


def test_in_the_dark_too(look):
    for path in ("/rules", "/rules/medical-hit/edit"):
        axe(look(path, "ar", 1200, dark=True), only=("color-contrast",))


def test_the_boxes_and_the_yaml_follow_one_another_while_one_types(look):
    page = look("/rules/medical-hit/edit", "ar")
    box, yaml = page.locator("#box-none"), page.locator("#yaml")
    box.press("Control+End")
    box.press_sequentially("\nمسلسل")
    expect(page.locator("#yaml")).to_have_value(has("none: [ذكرى, drill, مسلسل]"))
    expect(box).to_be_focused()
    yaml.fill(yaml.input_value().replace("severity: critical", "severity: low").replace("12 words", "3 words"))
    expect(page.locator("#box-severity")).to_have_value("low")
    expect(page.locator("#box-near")).to_have_value("3 words")
    yaml.fill(yaml.input_value().replace("severity: low", "severity: مرتفغ"))
    expect(page.locator("#wrong-severity")).to_contain_text("did you mean 'مرتفع'?")
    axe(page)


def test_a_rule_is_edited_looked_at_and_saved(look_own, own_site):
    page = look_own("/rules/clashes/edit", "en")
    page.locator("#box-any").press("Control+End")
    page.locator("#box-any").press_sequentially("\nمناوشات | skirmish")
    expect(page.locator("#yaml")).to_have_value(has("[مناوشات, skirmish]"))
    page.get_by_role("button", name="Check and show the change").click()
    expect(page.locator(".rule-diff ins")).to_contain_text("[مناوشات, skirmish]")
    axe(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".notice.ok")).to_contain_text("saved")
    assert "[مناوشات, skirmish]" in own_site.scene.rules.read_text(encoding="utf-8")


def test_the_same_without_script(look):
    page = look("/rules/clashes/edit", "ar", 390, script=False)
    page.locator("#box-any").fill("اشتباك\nمناوشات")
    page.locator("button[value=preview]").click()
    expect(page.locator(".rule-diff ins").first).to_contain_text("مناوشات")
    look.check(page)
    page = look("/rules/try", "en", script=False)
    page.locator("#text").fill("غارة جوية على البلدة")
    page.get_by_role("button", name="Explain").click()
    expect(page.locator("#told mark").first).to_have_text("غارة")


def test_the_playground_explains_while_one_types(look):
    page = look("/rules/try", "en")
    page.locator("#rule").select_option("medical-hit")
    page.locator("#text").press_sequentially("قصف مدفعي على مشفى")
    expect(page.locator("#told .badge.ok")).to_be_visible(timeout=30_000)
    assert page.locator("#told .card").first.locator("mark").all_inner_texts() == ["قصف", "مشفى"]
    page.locator("summary").click()
    page.locator("#yaml").fill("- {id: mine, severity: hihg, all: [جسر]}")
    expect(page.locator("#told .notice.error").first).to_be_visible()
    page.locator("#yaml").fill("- {id: mine, all: [مشفى, جسر]}")
    expect(page.locator("#told .badge.warn").first).to_be_visible()
    axe(page)


def test_a_trial_runs_beside_other_pages_and_tells_what_would_have_been_sent(look):
    page = look("/rules/medical-hit", "en", 390)
    page.get_by_role("button", name="Try on the last 30 days").click()
    expect(page.locator("#trial")).to_have_attribute("data-state", "running")
    look("/rules", "en")
    expect(page.locator("#trial")).to_have_attribute("data-state", "done", timeout=60_000)
    expect(page.locator("#samples")).to_be_visible()
    look.check(page)
    axe(page)
