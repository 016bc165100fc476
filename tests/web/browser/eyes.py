"""How pages are looked at: in Chromium, with an eye on what a good page never does."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.web.browser.covered import Action

LANGUAGES = ("ar", "en")
WIDTHS = (390, 1200)  # CSS pixels: a common phone, a common window
LOCALES = {"ar": "ar-SY", "en": "en-GB"}
PATIENCE = 60_000  # milliseconds: no test is about how busy the machine is
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
AXE = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
CONTRAST = ("color-contrast",)
_AXE = Axe().axe_script
expect.set_options(timeout=PATIENCE)

# It takes Arabic letters for icons (they are ligatures, to it) and passes over how pale they are: to be judged for
# that, they are Latin ones for a moment. Colours are looked at then alone: of all that it looks at, they take longest.
_LOOK = """async ({context, runOnly, others, colours}) => {
  const found = [], passed = [];
  const run = async options => {
    const told = await axe.run(context ?? document, {resultTypes: ['violations'], ...options});
    found.push(...told.violations);
    passed.push(...told.passes.map(each => each.id));
  };
  if (others) await run({runOnly, rules: {'color-contrast': {enabled: false}}});
  if (!colours) return {found, passed};
  const written = [], nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const node = nodes.currentNode;
    if (!/[\\u0600-\\u06ff]/.test(node.data)) continue;
    written.push([node, node.data]);
    node.data = node.data.replace(/[\\u0600-\\u06ff]/g, 'a');
  }
  try {
    await run({runOnly: {type: 'rule', values: ['color-contrast']}});
  } finally {
    for (const [node, text] of written) node.data = text;
  }
  return {found, passed};
}"""

# Before any script of the page; the policy of the page does not concern what a test puts in.
_WATCH = """
document.addEventListener('securitypolicyviolation', event => {
  (window.__refused ||= []).push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
  console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI} ${event.sample}`);
}, true);
"""

_WIDE = """asSeen => {
  const root = document.documentElement, room = root.clientWidth, main = document.querySelector('main');
  if (main && !asSeen) main.style.overflowX = 'visible';
  const wide = root.scrollWidth;
  if (wide <= room) { if (main) main.style.overflowX = ''; return []; }
  const beyond = [...document.body.querySelectorAll('*')].filter(each => {
    const box = each.getBoundingClientRect();
    return box.width && (box.right > room + 1 || box.left < -1) && !each.closest('.wide');
  });
  if (main) main.style.overflowX = '';
  return [`${wide} in ${room} pixels`, ...beyond.slice(0, 8).map(each =>
    `${each.tagName.toLowerCase()}.${each.className} «${each.textContent.trim().slice(0, 60)}»`)];
}"""

in_both_languages = pytest.mark.parametrize("language", LANGUAGES)


def everywhere(test: Callable[..., None]) -> Callable[..., None]:
    """In both languages, on a phone and in a window: the test takes `language` and `width`."""
    wide = pytest.mark.parametrize("width", WIDTHS)
    return wide(in_both_languages(test))


@dataclass
class Eyes:
    """`look` opens pages; `faults` are what the browser complained of since. `faults` that a test expects, it removes.

    A page stays open until the test is over, and is a browser of its own: no cookie is shared, unless `beside` says
    with which.
    """

    browser: Browser
    address: str
    faults: list[str] = field(default_factory=list)
    asked: list[Action] = field(default_factory=list)  # of our server
    _contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self,
        path: str,
        language: str = "ar",
        width: int = 1200,
        *,
        dark: bool = False,
        script: bool = True,
        status: int = 200,
        beside: Page | None = None,
    ) -> Page:
        """Fails at once for another status, for a page that scrolls sideways, and for what the browser complains of."""
        context = beside.context if beside else self._context(language, width, dark=dark, script=script)
        page = context.new_page()
        page.on("download", lambda download: self.asked.append(Action.at(download.url)))
        answer = page.goto(self.address + path)
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}:\n{page.inner_text('body')[:500]}"
        self.check(page)
        return page

    def check(self, page: Page) -> None:
        """After something was done to a page: what `look` looks for."""
        assert_no_sideways_scrolling(page)
        self.assert_no_faults()

    def assert_no_faults(self) -> None:
        assert not self.faults, "\n".join(self.faults)

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _context(self, language: str, width: int, *, dark: bool, script: bool) -> BrowserContext:
        context = self.browser.new_context(
            viewport={"width": width, "height": 844 if width < 600 else 900},
            locale=LOCALES[language],
            color_scheme="dark" if dark else "light",
            has_touch=width < 600,
            java_script_enabled=script,
            reduced_motion="reduce",
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE)
        context.add_init_script(_WATCH)
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.faults.append(f"script broke: {error.error}"))
        context.on("dialog", lambda dialog: (self.faults.append(f"a dialog: {dialog.message}"), dialog.dismiss()))
        self._contexts.append(context)
        return context

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if f"{parts.scheme}://{parts.netloc}" == self.address:
            self.asked.append(Action.asked(request))
        elif parts.scheme not in ("about", "blob"):
            self.faults.append(f"a request to elsewhere: {request.url[:200]}")

    def _said(self, message: ConsoleMessage) -> None:
        """Of the status of the page itself `look` judges."""
        about = message.location["url"]
        own = message.page is not None and about == message.page.url and "the server responded with" in message.text
        own = own or urlsplit(about).path == "/favicon.ico"  # it asks beside what is no page, and so names no icon
        if message.type == "error" and not own:
            self.faults.append(f"{urlsplit(about).path}: {message.text}")


def assert_no_sideways_scrolling(page: Page) -> None:
    wide = standing_out(page)
    assert not wide, f"{page.url} scrolls sideways: " + "\n  ".join(wide)


def standing_out(page: Page, *, as_seen: bool = False) -> list[str]:
    """How wide the page is and what makes it so; empty where it is no wider than its window. What a page cuts off at
    its edge counts too, unless it is looked at `as_seen`."""
    found: list[str] = page.evaluate(_WIDE, as_seen)
    return found


def axe(page: Page, *, context: str | None = None, only: Sequence[str] = ()) -> None:
    """Fails with what is wrong, where, and why. It is put in by the browser, past the policy of the page. `only`: these
    of its rules (in the dark, `CONTRAST` is all that is another)."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_AXE)
    asked = {
        "context": context,
        "runOnly": {"type": "rule", "values": [*only]} if only else [*AXE],
        "others": only != CONTRAST,
        "colours": not only or CONTRAST[0] in only,
    }
    told: dict[str, Any] = page.evaluate(_LOOK, asked)
    assert not told["found"], f"{page.url}\n" + "\n".join(map(_violation, told["found"]))
    assert told["passed"], f"{page.url}: axe looked at nothing"


def _violation(found: dict[str, Any]) -> str:
    return f"{found['id']} ({found['impact']}): {found['help']}{''.join(map(_node, found['nodes'][:5]))}"


def _node(node: dict[str, Any]) -> str:
    reasons = [check["message"] for kind in ("any", "all", "none") for check in node[kind]]
    return f"\n    {' '.join(map(str, node['target']))}\n      {node['html'][:160]}\n      {'; '.join(reasons)[:300]}"


def keep_picture(page: Page, name: str) -> None:
    """Of the whole page, as NAME.png in the directory that MONITOR_ARTIFACTS names; none without it."""
    folder = os.environ.get("MONITOR_ARTIFACTS")
    if folder:
        path = Path(folder) / "pages" / (re.sub(r"[^\w.-]+", "-", name).strip("-") + ".png")
        path.parent.mkdir(parents=True, exist_ok=True)
        # To hide the caret, it would leave a `style` in each field, which htmx would copy and the policy refuse.
        page.screenshot(path=path, full_page=True, caret="initial")
