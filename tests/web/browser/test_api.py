"""The list of what programs may ask for, as a person reads it."""

from __future__ import annotations

from monitor.web.words import text
from tests.web.browser.covered import covers
from tests.web.browser.eyes import Eyes, axe, everywhere, keep_picture


@everywhere
@covers("GET /api/v1/", "GET /api/v1/openapi.json")
def test_what_programs_may_ask_for_can_be_read(look: Eyes, language: str, width: int) -> None:
    page = look("/api/v1/", language, width)
    first = page.locator("details#listAlerts")
    first.locator("summary").click()
    assert first.locator("dt", has_text="severity").is_visible()
    look.check(page)
    axe(page)
    keep_picture(page, f"api-{language}-{width}")
    page.get_by_role("link", name=text(language, "api.document")).click()
    page.wait_for_url("**/api/v1/openapi.json")
