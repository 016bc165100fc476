"""A monitor full of hostile headlines, and a walk through all of its pages that measures what they did."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

from playwright.sync_api import Error, Page

from monitor.feeds.entries import LONGEST
from monitor.model import Entry, Fetched, FetchFailure, Parsed, ParseResult
from tests.web.browser.eyes import Eyes, standing_out
from tests.web.browser.scene import RULES, Scene, bare
from tests.world import MINUTE, PlainParser

BASE = "https://monitor.example"
NAME = "(Harbour 5/6) – أخبار <b>12"  # of the feed: it stands beside words of ours on nearly every page
MORE = f"web: {{url: {BASE}}}\n"
PLAIN = "غارة جوية على أطراف البلدة القديمة ظهر اليوم"
AT_ONCE = 200  # entries a poll
# No pages, or ones that change something; a file of all alerts takes its time.
LEAVES = ("/logout", "/live", "/static/", "/api/", "/export", "/alerts.", "/feeds.opml")
FILTERS = {"day", "event", "place", "rule", "severity", "source"}  # of the alerts: one as well as another

# Boxes and texts that stand in one line stand in it in the order of the page, whichever way the page is read: an
# isolated text is one box, whatever is in it. Where a text turned what stands beside it around, they would not.
DISORDERED = """() => {
  const found = [];
  const boxes = parent => [...parent.childNodes].map(node => {
    if (node.nodeType === Node.TEXT_NODE) {
      if (!node.data.trim()) return null;
      const range = document.createRange();
      range.selectNodeContents(node);
      return {node, rects: [...range.getClientRects()]};
    }
    if (node.nodeType !== Node.ELEMENT_NODE || node.closest('svg, select, pre, textarea')) return null;
    const style = getComputedStyle(node);
    if (style.position === 'absolute' || style.position === 'fixed' || style.order !== '0') return null;
    return {node, rects: [...node.getClientRects()]};
  }).filter(each => each && each.rects.length === 1 && each.rects[0].width > 0);
  for (const parent of document.body.querySelectorAll('*')) {
    if (parent.closest('bdi, svg, pre, textarea, select')) continue;
    const style = getComputedStyle(parent);
    if (style.flexDirection.endsWith('reverse')) continue;
    const line = boxes(parent), rtl = style.direction === 'rtl';
    for (let n = 1; n < line.length; n += 1) {
      const [a, b] = [line[n - 1].rects[0], line[n].rects[0]];
      const beside = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.6 * Math.min(a.height, b.height);
      const before = rtl ? b.right > a.right + 1 : b.left < a.left - 1;
      if (beside && before && Math.abs(a.top - b.top) < 8)
        found.push(`${parent.tagName}.${parent.className}: «${line[n].node.textContent.trim().slice(0, 40)}» before ` +
          `«${line[n - 1].node.textContent.trim().slice(0, 40)}»`);
    }
  }
  return found.slice(0, 5);
}"""

# Where what is ours stands: the frame, the title of the page, and what is alike in all cards.
OURS = """() => {
  const round = box => [box.left, box.top + scrollY, box.width].map(Math.round);
  const of = query => [...document.querySelectorAll(query)].map(each => round(each.getBoundingClientRect()));
  return {top: of('.top, .product, .sections a'), main: of('main').map(each => each.slice(0, 1).concat(each[2]))};
}"""

# In each alert, from its own edge: its severity, its first time, its buttons. All tell of one rule, one feed and one
# minute, and one of them has a plain headline.
LABELS = """() => [...document.querySelectorAll('article[data-item]')].map(card => {
  const edge = card.getBoundingClientRect().left;
  const labels = [card.querySelector('.severity'), card.querySelector('time'), ...card.querySelectorAll('[data-key]')];
  return labels.map(each => {
    const box = each.getBoundingClientRect();
    return [Math.round(box.left - edge), Math.round(box.width)].join('+');
  }).join(' ');
})"""

RAN = "() => [window.ran, document.title.includes('ran'), ...(window.__refused ?? [])].filter(Boolean)"


class GivenParser(PlainParser):
    """Answers with what it was given: XML could not carry all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: tuple[Entry, ...] = ()

    def parse(self, feed_id: str, page: Fetched, *, known: bytes | None = None) -> ParseResult:
        return Parsed(entries=self.entries)


def hostile_scene(folder: Path, headlines: Iterable[str]) -> Scene:
    """Each headline is an entry of one feed, its summary and author the same; through matcher, reader and ingest.
    `close` it."""
    parser = GivenParser()
    scene = bare(folder, parser, written=RULES.replace("name: شبكة الضفاف", f'name: "{NAME}"') + MORE)
    world = scene.world
    world.poll_page(b"", feed_id="difaf")
    world.poll_page(FetchFailure.TIMEOUT, feed_id="sanabil")
    written = [*headlines]
    for begin in range(0, len(written), AT_ONCE):
        parser.entries = tuple(
            _entry(scene, begin + n, each) for n, each in enumerate(written[begin : begin + AT_ONCE])
        )
        world.poll_page(b"%d" % begin, feed_id="difaf")
    world.deliver()
    return scene


def _entry(scene: Scene, number: int, headline: str) -> Entry:
    return Entry(
        feed_id="difaf",
        guid=f"hostile-{number}",
        link=f"https://difaf.example/{number}",
        title=headline[: LONGEST["title"]],
        summary=headline[: LONGEST["summary"]],
        author=headline[: LONGEST["author"]],
        published_at=scene.now - MINUTE,
    )


@dataclass
class Walk:
    """From page to page by their links; `page` is at one without anything hostile. `kinds` tells how many pages of each
    kind were looked at; `most` bounds them by kind, and `rest` those that it does not name."""

    look: Eyes
    page: Page
    most: dict[str, int]
    rest: int = 4
    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    labels: Counter[str] = field(default_factory=Counter)  # where those of alerts stand, and in how many of them
    frame: dict[str, object] = field(init=False)

    def __post_init__(self) -> None:
        self.frame = self.page.evaluate(OURS)

    def through(self, *begins: str) -> None:
        ahead, seen = [*begins], {*begins}
        while ahead:
            path = ahead.pop(0)
            kind = kind_of(path)
            if self.kinds[kind] >= self.most.get(kind, self.rest):
                continue
            self.kinds[kind] += 1
            self.visit(path)
            found = self.page.eval_on_selector_all("a[href]", "all => all.map(each => each.href)")
            for each in found:
                there = self._ours(each)
                if there and there not in seen:
                    seen.add(there)
                    ahead.append(there)

    def visit(self, path: str) -> None:
        try:
            answer = self.page.goto(self.look.address + path)
        except Error as error:
            if "Download is starting" not in error.message:
                raise
            return
        assert answer is not None
        if "text/html" not in answer.headers.get("content-type", ""):
            return
        if answer.status >= 500:
            self.faults.append(f"{path}: status {answer.status}")
        if urlsplit(path).path == "/":
            self.labels.update(self.page.evaluate(LABELS))
        self.judge(path)

    def judge(self, path: str, *, framed: bool = True) -> None:
        """The page as it is now; `path` is what its faults are told by. `framed`: our frame stands around it."""
        told = [f"ran: {each}" for each in self.page.evaluate(RAN)]
        told += [f"disordered: {each}" for each in self.page.evaluate(DISORDERED)]
        told += [f"sideways: {', '.join(wide)}"] if (wide := standing_out(self.page)) else []
        told += [f"the browser: {each}" for each in self.look.faults if "server responded" not in each]
        self.look.faults.clear()
        frame = self.page.evaluate(OURS) if framed else self.frame
        told += [f"{name} moved: {frame[name]}, not {was}" for name, was in self.frame.items() if frame[name] != was]
        self.faults += [f"{path}: {each}" for each in told]

    def _ours(self, address: str) -> str | None:
        parts = urlsplit(urldefrag(address)[0])
        if f"{parts.scheme}://{parts.netloc}" != self.look.address or parts.path.startswith(LEAVES):
            return None
        return parts.path + (f"?{parts.query}" if parts.query else "")


def kind_of(path: str) -> str:
    """An address without what is one of many in it."""
    parts = urlsplit(path)
    plain = re.sub(r"/[^/]*\d[^/]*", "/N", parts.path)
    plain = re.sub(r"^/(rules|feeds)/(?!new|try|add|trials)[^/]+", r"/\1/N", plain)
    told = {each.partition("=")[0] for each in parts.query.split("&") if each}
    names = sorted({"filter" if each in FILTERS else each for each in told})
    return plain + (f"?{'&'.join(names)}" if names else "")
