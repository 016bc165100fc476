"""The watchers see what they are there for: each fault is made on purpose."""

from __future__ import annotations

import pytest

from tests.web.browser.eyes import assert_no_sideways_scrolling, axe


@pytest.fixture
def page(look):
    """Of no matter which address: a page that is not there has the frame too."""
    return look("/no-such-page", "en", 390, status=404)


def test_a_script_that_stands_in_the_page_is_refused_and_told(look, page):
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=/static/site.css onerror=\"window.ran = true\">')"
    )
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = true'}))")
    page.wait_for_function("window.__refused?.length >= 1")
    assert page.evaluate("window.ran") is None
    assert any("script-src" in each for each in look.faults)
    look.faults.clear()


def test_a_request_to_elsewhere_is_told_and_gets_nowhere(look, page):
    page.evaluate("location.assign('https://elsewhere.example/')")
    page.wait_for_event("requestfailed")
    assert any("https://elsewhere.example/" in each for each in look.faults)
    look.faults.clear()


def test_what_stands_out_of_the_page_is_found(look, page):
    page.evaluate("document.querySelector('h1').textContent = 'x'.repeat(400)")
    page.evaluate("document.querySelector('h1').style.overflowWrap = 'normal'")
    with pytest.raises(AssertionError, match="scrolls sideways"):
        assert_no_sideways_scrolling(page)


def test_what_is_not_accessible_is_found_with_its_place(look, page):
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    with pytest.raises(AssertionError, match=r"label .*\n.*input"):
        axe(page)


def test_arabic_letters_that_are_too_pale_are_found_and_the_text_stays(look):
    page = look("/no-such-page", "ar", 390, status=404)
    heading = page.inner_text("h1")
    page.evaluate("document.querySelector('h1').style.color = '#bbb'")
    with pytest.raises(AssertionError, match="color-contrast"):
        axe(page)
    page.evaluate("document.querySelector('h1').style.color = ''")
    axe(page)
    assert page.inner_text("h1") == heading


def test_another_status_is_no_page(look):
    with pytest.raises(AssertionError, match="answered 404"):
        look("/no-such-page")
    look.faults.clear()
