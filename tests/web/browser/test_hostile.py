"""Headlines that were made to do harm, stored and shown on every page: none runs, leads elsewhere, moves what is ours,
or disorders what stands beside it. `bench/hostile_pages.py` does the same with ten thousand."""

from __future__ import annotations

import logging

import pytest

from tests.web.browser.eyes import Eyes, everywhere, keep_picture
from tests.web.browser.hostile_forms import ON_A_PAGE, go_beyond_links, tried_on_the_past
from tests.web.browser.hostile_headlines import headlines
from tests.web.browser.hostile_pages import DISORDERED, PLAIN, RAN, Walk, hostile_scene
from tests.web.browser.served import serve

MANY = 150  # each payload of the tables once, and some that are made of several


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    logging.disable(logging.CRITICAL)
    try:
        scene = hostile_scene(tmp_path_factory.mktemp("hostile"), [PLAIN, *headlines(MANY)])
    finally:
        logging.disable(logging.NOTSET)
    with serve(scene) as site:
        yield site
    scene.close()


@pytest.fixture(scope="module")
def trial(browser, hostile):
    look = Eyes(browser, hostile.address)
    yield tried_on_the_past(look)
    look.close()


@pytest.fixture
def eyes(browser, hostile):
    made = Eyes(browser, hostile.address)
    yield made
    made.close()


def test_they_are_alerts_all_the_same(hostile):
    with hostile.desk.reader() as reader:
        assert reader.totals().alerts > MANY * 0.8


@everywhere
def test_no_page_is_harmed_by_any_headline(eyes, hostile, trial, tmp_path, language, width):
    page = eyes("/no-such-page", language, width, status=404)
    walk = Walk(eyes, page, most={"/": 1, "/?before": 20, "/stories/N": 6}, rest=1)
    go_beyond_links(walk, hostile, [*headlines(ON_A_PAGE, seed=width)], trial, tmp_path)
    walk.through("/", "/feeds", "/rules", "/search?q=غارة", "/map", "/operations", "/feeds/difaf", "/rules/air-strikes")
    assert not walk.faults, "\n".join(walk.faults)
    assert len(walk.labels) == 1, walk.labels
    assert walk.labels.total() > MANY * 0.8
    assert walk.kinds["/"] == 1
    assert walk.kinds["/stories/N"] == 6
    page.goto(eyes.address + "/")
    keep_picture(page, f"hostile-{language}-{width}")


def test_a_heap_of_marks_hides_nothing_of_ours(eyes):
    page = eyes("/no-such-page", "ar", 390, status=404)
    page.goto(f"{eyes.address}/")
    card = page.locator("article[data-item]").first
    time = card.locator("time").first
    before = time.screenshot()
    heap = "ع" + "\u0651\u064b\u0653" * 60
    card.locator("h3, h2").first.locator("bdi").evaluate(
        "(each, heap) => { each.textContent = heap.repeat(14); }", heap
    )
    assert time.screenshot() == before


def test_what_is_looked_for_is_found(eyes):
    """Each harm is done once on purpose: as it would be, were the page not as it is."""
    page = eyes("/no-such-page", "en", status=404)
    page.goto(f"{eyes.address}/")
    page.evaluate(
        """() => {
          document.querySelector('main').insertAdjacentHTML('afterbegin',
            '<p>one <b>two</b> <i>\\u202ethree</i> <b>four</b> <i>five</i> six</p>');
        }"""
    )
    assert page.evaluate(DISORDERED)
    page.evaluate("window.ran = 1")
    assert page.evaluate(RAN)
