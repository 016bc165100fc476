"""A page of another site in the same browser, with all its ways to make the browser ask us for something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page
from starlette.types import Message, Receive, Scope, Send

from tests.web.browser.eyes import axe
from tests.web.browser.served import Site

LOADED = ("/export?format=csv", "/rules/strikes/tests", "/alerts.atom", "/search?q=a", "/api/v1/alerts", "/feeds.opml")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def on_another_port(folder: Path) -> Iterator[str]:
    """Which a browser takes for the same site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/evil.html"
    finally:
        server.shutdown()
        server.server_close()


def hostile(site: Site) -> str:
    pictures = "".join(f'<img src="{site.address}{path}">' for path in LOADED)
    links = "".join(f'<a id="l{n}" href="{site.address}{path}">x</a>' for n, path in enumerate(("/rules", LOADED[0])))
    return f"""<!doctype html><meta charset="utf-8"><title>evil</title>{links}{pictures}
<iframe src="{site.address}/rules?framed"></iframe><link rel="stylesheet" href="{site.address}/search?q=style">
<script src="{site.address}/operations?script"></script>
<script>fetch("{site.address}/map?fetched", {{mode: "no-cors"}}).catch(() => 0)</script>"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", accept_downloads=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def told(site: Site) -> Iterator[dict[str, int]]:
    """What the server answered to each address: the page that asked for it, and so a test, is not told."""
    app, told = site.server.config.loaded_app, dict[str, int]()

    async def listening(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                query = scope["query_string"].decode()
                told[scope["path"] + (f"?{query}" if query else "")] = message["status"]
            await send(message)

        await app(scope, receive, sending)

    site.server.config.loaded_app = listening
    yield told
    site.server.config.loaded_app = app


@pytest.mark.parametrize("where", ["another site", "another port"])
def test_a_page_of_another_site_gets_nothing_but_a_page_by_a_link(
    page: Page, site: Site, told: dict[str, int], tmp_path: Path, where: str
):
    (tmp_path / "evil.html").write_text(hostile(site), encoding="utf-8")
    with on_another_port(tmp_path) as nearby:
        evil = nearby if where == "another port" else (tmp_path / "evil.html").as_uri()
        page.goto(evil, wait_until="load")
        wanted = {*LOADED, "/rules?framed", "/search?q=style", "/operations?script", "/map?fetched"}
        page.wait_for_function("performance.getEntriesByType('resource').length >= 9")
        assert told == dict.fromkeys(wanted, 403)
        page.click("#l0")
        page.wait_for_url(f"{site.address}/rules")
        assert page.locator("table").first.is_visible()
        page.goto(evil, wait_until="load")
        page.click("#l1")
        page.wait_for_url(f"{site.address}{LOADED[0]}")
        axe(page)
        with page.expect_download() as download:
            page.click("main a.button")
        assert Path(download.value.path()).stat().st_size > 0
