"""Tests that look at the pages with a real browser. See `eyes` for how, `scene` for at what, `served` for where."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support import needs
from tests.web.browser import scene
from tests.web.browser.covered import not_asked
from tests.web.browser.eyes import FLAGS, Eyes
from tests.web.browser.served import Site, serve


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for all tests of this package, and no longer: as long as it is there, nothing else in this thread can run an
    event loop."""
    chromium = needs("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def as_made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[scene.Scene]:
    """Nobody changes it; it takes seconds to make."""
    logging.disable(logging.CRITICAL)  # it fails where it is meant to, and says so
    try:
        made = scene.make(tmp_path_factory.mktemp("scene"))
    finally:
        logging.disable(logging.NOTSET)
    yield made
    made.close()


@pytest.fixture(scope="package")
def shared_site(as_made: scene.Scene, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from _serving(as_made, tmp_path_factory)


@pytest.fixture
def site(shared_site: Site) -> Site:
    """Shared: a test that changes what others would see takes `own_site`."""
    return shared_site


@pytest.fixture
def more_rules() -> str:
    """What stands in the rules file of `own_site` besides; a test module may have a fixture of this name."""
    return ""


@pytest.fixture
def own_site(
    as_made: scene.Scene, more_rules: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    """For one test; news are looked for without delay."""
    monkeypatch.setattr("monitor.web.watcher.EVERY", 0.05)
    yield from _serving(as_made, tmp_path_factory, more_rules)


@pytest.fixture
def look(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Eyes]:
    """At the shared site."""
    yield from _looking(browser, site, request)


@pytest.fixture
def look_own(browser: Browser, own_site: Site, request: pytest.FixtureRequest) -> Iterator[Eyes]:
    yield from _looking(browser, own_site, request)


def _looking(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Eyes]:
    eyes, failed = Eyes(browser, site.address), request.session.testsfailed
    yield eyes
    eyes.close()
    eyes.assert_no_faults()
    if request.session.testsfailed == failed:
        left = not_asked(request.function, eyes.asked)
        assert not left, f"the test says that it covers what it never asked for: {left}"


def _serving(as_made: scene.Scene, folders: pytest.TempPathFactory, more_rules: str = "") -> Iterator[Site]:
    copy = as_made.copy(folders.mktemp("site"))
    with copy.rules.open("a", encoding="utf-8") as rules:
        rules.write(more_rules)
    with serve(copy) as site:
        yield site
    copy.close()
