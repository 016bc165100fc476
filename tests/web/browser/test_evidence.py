"""The evidence of a story in a browser."""

from __future__ import annotations

from pathlib import Path
from zipfile import is_zipfile

from tests.web.browser.covered import covers
from tests.web.browser.eyes import Eyes, axe, everywhere, keep_picture


@everywhere
@covers("GET /stories/{story_id}/evidence", "GET /stories/{story_id}/evidence.zip")
def test_a_reader_looks_at_the_evidence_and_keeps_it(look: Eyes, language: str, width: int) -> None:
    page = look("/stories/1", language, width)
    page.locator('section[aria-labelledby="evidence"] a[href$="/evidence"]').click()
    page.wait_for_url("**/stories/1/evidence")
    look.check(page)
    for fold in page.locator("details").all():
        fold.evaluate("fold => { fold.open = true; }")
    look.check(page)
    axe(page)
    keep_picture(page, f"evidence-{language}-{width}")
    with page.expect_download() as kept:
        page.locator('main a[href$="/evidence.zip"]').click()
    assert is_zipfile(Path(kept.value.path()))
    assert kept.value.suggested_filename == "evidence-1.zip"
