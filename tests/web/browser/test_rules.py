"""The pages of rules in a browser: readable everywhere, and quick while one types; the same without script."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from monitor.errors import Problem
from monitor.web.words import text
from monitor.web.workshop.studio import Studio
from tests.web.browser.covered import covers
from tests.web.browser.eyes import axe, everywhere, keep_picture


def has(part):
    return re.compile(re.escape(part))


WEAK = (
    Problem(
        file="rules.yaml", line=41, column=5, level="warning", code="R502",
        what="rule 'crossings' has no test", remedy="add one: tests: [{match: …}]", source="  - id: crossings",
    ),
)  # fmt: skip
PAGES = ("/rules/medical-hit", "/rules/medical-hit/edit", "/rules/try?text=غارة جوية&rule=air-strikes")


@everywhere
@covers("GET /rules/{rule}", "GET /rules/{rule}/edit", "GET /rules/try")
def test_every_page_of_rules_is_accessible_and_fits(look, language, width):
    for path in PAGES:
        page = look(path, language, width)
        if path == "/rules/medical-hit":
            expect(page.locator("#tests-now .badge.ok").first).to_be_visible()
        look.check(page)
        axe(page)
        keep_picture(page, f"rules{path}-{language}-{width}")


def test_in_the_dark_too(look):
    for path in ("/rules", "/rules/medical-hit/edit"):
        axe(look(path, "ar", 1200, dark=True), only=("color-contrast",))


@everywhere
@covers("GET /rules", "GET /rules/lint", "GET /rules severity=high sort=name")
def test_rules_are_looked_through_and_their_weak_spots_told(look, monkeypatch, language, width):
    told = iter([None])  # it is being looked for, at first
    monkeypatch.setattr(Studio, "weak_spots", lambda _: next(told, WEAK))
    page = look("/rules", language, width)
    expect(page.locator("#lint")).to_contain_text(text(language, "rules.lint.looking"))
    expect(page.locator("#lint li")).to_contain_text("crossings")
    rows = page.locator("table.rows tbody tr")
    all_of_them = rows.count()
    page.locator("#severity").select_option("high")
    page.locator("#sort").select_option("name")
    page.locator("form[role=search] button").click()
    expect(rows).to_have_count(1)
    assert all_of_them > 1
    look.check(page)
    axe(page, context="main")
    keep_picture(page, f"rules-filtered-{language}-{width}")


@everywhere
@covers(
    "POST /rules/sync/boxes",
    "POST /rules/sync/yaml",
    "POST /rules/{rule}/edit do=preview",
    "POST /rules/{rule}/edit do=save",
    "GET /rules/{rule}/tests",
)
def test_a_rule_is_edited_in_its_boxes_and_its_text_looked_at_and_saved(look_own, own_site, language, width):
    page = look_own("/rules/medical-hit/edit", language, width)
    box, yaml = page.locator("#box-none"), page.locator("#yaml")
    box.press("Control+End")
    box.press_sequentially("\nمسلسل\nمنبج")
    expect(yaml).to_have_value(has("none: [ذكرى, drill, مسلسل, منبج]"))
    expect(page.locator("#told")).to_contain_text("منبج")  # what is known of the name while it is typed
    expect(box).to_be_focused()
    yaml.fill(yaml.input_value().replace("severity: critical", "severity: low").replace("12 words", "3 words"))
    expect(page.locator("#box-severity")).to_have_value("low")
    expect(page.locator("#box-near")).to_have_value("3 words")
    yaml.fill(yaml.input_value().replace("severity: low", "severity: مرتفغ"))
    expect(page.locator("#wrong-severity")).to_contain_text("مرتفع")
    expect(yaml).to_be_focused()
    look_own.check(page)
    axe(page)
    keep_picture(page, f"rule-edited-{language}-{width}")
    yaml.fill(yaml.input_value().replace("severity: مرتفغ", "severity: مرتفع"))
    expect(page.locator("#wrong-severity")).to_have_count(0)
    page.get_by_role("button", name=text(language, "editor.preview")).click()
    expect(page.locator(".rule-diff ins").first).to_be_visible()
    expect(page.locator(".badge.ok").first).to_be_visible()  # its own tests
    expect(page.locator("input[name='take:منبج'][value=place]")).to_be_checked()
    look_own.check(page)
    axe(page, context="section[aria-labelledby=change]")
    keep_picture(page, f"rule-preview-{language}-{width}")
    page.get_by_role("button", name=text(language, "editor.save"), exact=True).click()
    expect(page.locator(".notice.ok")).to_contain_text(text(language, "rules.saved"))
    expect(page.locator("#tests-now .badge.ok").first).to_be_visible()
    assert "none: [ذكرى, drill, مسلسل, {place: manbij}]" in own_site.scene.rules.read_text(encoding="utf-8")


@everywhere
@covers("GET /rules/new", "POST /rules/new do=write", "POST /rules/new do=read", "POST /rules/new do=preview")
@covers("POST /rules/new do=save", "GET /search", "GET /rules/{rule}")
def test_a_search_becomes_a_rule(look_own, own_site, language, width):
    page = look_own("/search?q=قصف مشفى", language, width)
    page.get_by_role("link", name=text(language, "search.save")).click()
    expect(page.locator("h1")).to_have_text(text(language, "editor.title.new"))
    expect(page.locator("#box-all")).to_have_value("قصف\nمشفى")
    page.locator("#box-id").fill("from-a-search")
    page.locator("button[value=write]").click()
    expect(page.locator("#yaml")).to_have_value(has("id: from-a-search"))
    page.locator("#yaml").evaluate("each => { each.value = each.value.replace('from-a-search', 'a-search'); }")
    page.locator("button[value=read]").click()
    expect(page.locator("#box-id")).to_have_value("a-search")
    page.locator("button[value=preview]").click()
    expect(page.locator(".rule-diff ins").first).to_be_visible()
    look_own.check(page)
    axe(page)
    keep_picture(page, f"rule-new-{language}-{width}")
    page.locator("button[value=save]").click()
    expect(page.locator(".notice.ok")).to_contain_text(text(language, "rules.saved"))
    assert "id: a-search" in own_site.scene.rules.read_text(encoding="utf-8")


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


@everywhere
@covers("POST /rules/try/told", "POST /rules/try do=explain", "POST /rules/try do=fetch")
def test_the_playground_explains_while_one_types(look, language, width):
    page = look("/rules/try", language, width)
    page.locator("#rule").select_option("medical-hit")
    page.locator("#text").press_sequentially("قصف مدفعي على مشفى")
    expect(page.locator("#told .badge.ok")).to_be_visible()
    expect(page.locator("#text")).to_be_focused()
    assert page.locator("#told .card").first.locator("mark").all_inner_texts() == ["قصف", "مشفى"]
    page.locator("summary").click()
    page.locator("#yaml").fill("- {id: mine, severity: hihg, all: [جسر]}")
    expect(page.locator("#told .notice.error").first).to_be_visible()
    page.locator("#yaml").fill("- {id: mine, all: [مشفى, جسر]}")
    expect(page.locator("#told .badge.warn").first).to_be_visible()
    look.check(page)
    axe(page)
    keep_picture(page, f"playground-{language}-{width}")
    page.get_by_role("button", name=text(language, "playground.explain")).click()
    expect(page.locator("#told .badge.warn").first).to_be_visible()
    page.locator("#text").fill("http://127.0.0.1:9/")  # an address inside: it is not asked
    page.get_by_role("button", name=text(language, "playground.fetch")).click()
    expect(page.locator("#told .notice.error")).to_have_text(text(language, "feed_adding.inside"))
    look.check(page)
