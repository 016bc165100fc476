"""Where no link leads: pages that come of a form, of a message's link, or of what a reader types, with hostile
headlines on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import quoteattr

from monitor import config as configuration
from monitor.links import ACTIONS, Links, key_in
from monitor.store.read import open_reader
from tests.servers import site as servers
from tests.web.browser.eyes import Eyes
from tests.web.browser.hostile_pages import BASE, Walk
from tests.web.browser.served import Site
from tests.world import NOW, item, rss

WITHIN = 120_000  # milliseconds for a trial: a process starts and compiles rules
ON_A_PAGE = 6  # of the headlines


def go_beyond_links(walk: Walk, site: Site, headlines: Sequence[str], trial: str, folder: Path) -> None:
    """`trial`: where the result of one stands. `folder` is for the file that is uploaded."""
    with a_feed_of(site, headlines) as address:
        preview(walk, address)
        choose(walk, address, headlines, folder)
    explain(walk, headlines)
    edit(walk, headlines[0])
    walk.visit(trial)
    follow_links_of_messages(walk, site)


@contextmanager
def a_feed_of(site: Site, headlines: Sequence[str]) -> Iterator[str]:
    """Its address; the site may ask it, for the rules have a feed of this server."""
    entries = [item(in_xml(each), n=n, at=NOW, summary=in_xml(each)) for n, each in enumerate(headlines)]
    with servers() as made:
        made.pages |= {f"/hostile?{n}": rss(*entries) for n in range(3)}
        rules = site.scene.rules
        own = f"feeds:\n  - {{id: own, url: '{made.url('/own')}', allow_private: true}}\n"
        before = rules.read_text(encoding="utf-8")
        rules.write_text(before.replace("feeds:\n", own, 1), encoding="utf-8")
        site.desk.take(configuration.load(rules, environ={}))
        yield made.url("/hostile")
        rules.write_text(before, encoding="utf-8")
        site.desk.take(configuration.load(rules, environ={}))


def in_xml(text: str) -> str:
    """Without what a document cannot carry."""
    return "".join(each for each in text if each in "\t\n\r" or (each >= " " and not "\ud800" <= each <= "\udfff"))


def preview(walk: Walk, address: str) -> None:
    walk.page.goto(f"{walk.look.address}/feeds/add?url={quote(f'{address}?0')}")
    walk.page.locator("form[action='/feeds/add/look'] button").click()
    walk.page.locator("table.rows").wait_for()
    walk.judge("/feeds/add/look")


def choose(walk: Walk, address: str, headlines: Sequence[str], folder: Path) -> None:
    named = (f"<outline text={quoteattr(in_xml(each))} xmlUrl='{address}?{n}'/>" for n, each in enumerate(headlines))
    file = folder / "list.opml"
    file.write_text(f'<opml version="2.0"><body>{"".join(named)}</body></opml>', encoding="utf-8")
    walk.page.goto(f"{walk.look.address}/feeds/add")
    walk.page.locator("#opml").set_input_files(file)
    walk.page.locator("form[action='/feeds/add/list'] button").click()
    walk.page.locator("#feed-1").check()
    walk.page.locator("button[value=look]").click()
    walk.page.locator("section.card").wait_for()
    walk.judge("/feeds/add/chosen")


def explain(walk: Walk, headlines: Sequence[str]) -> None:
    for number, each in enumerate(headlines):
        walk.page.goto(f"{walk.look.address}/rules/try?rule=air-strikes&text={quote(in_xml(each)[:1500])}")
        walk.judge(f"/rules/try, headline {number}")


def edit(walk: Walk, headline: str) -> None:
    """What is wrong with a rule is told with what is written in it."""
    walk.page.goto(f"{walk.look.address}/rules/new?all={quote(headline[:200])}&title_en={quote(headline[:200])}")
    walk.judge("/rules/new")
    walk.page.locator("button[value=preview]").click()
    walk.page.wait_for_load_state()
    walk.judge("/rules/new, preview")


def tried_on_the_past(look: Eyes) -> str:
    """Where the result of a trial of all that is stored stands, for whoever looks."""
    page = look("/rules/air-strikes")
    page.locator("form[action$='/trial'] button").click()
    page.locator("#trial[data-state=done]").wait_for(timeout=WITHIN)
    return urlsplit(page.url).path


def follow_links_of_messages(walk: Walk, site: Site) -> None:
    links = Links(BASE, key_in(site.scene.state))
    reader = open_reader(site.scene.state)
    assert reader is not None
    with reader:
        alerts = [alert for n in (1, 2, 3) if (alert := reader.alert(f"{n}.1"))]
    language = walk.page.get_attribute("html", "lang")
    for alert in alerts:
        for action in ACTIONS:
            parts = urlsplit(links.of(alert)[action])
            walk.page.goto(f"{walk.look.address}{parts.path}?{parts.query}&l={language}")
            walk.judge(parts.path, framed=False)
