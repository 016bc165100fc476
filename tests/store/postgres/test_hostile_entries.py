"""What a feed may write and PostgreSQL takes otherwise than SQLite: one entry of it must not cost the others."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

import pytest

from monitor import config
from monitor.late import late_parser
from monitor.model import FeedState, Fetched
from monitor.pipeline import Pipeline
from monitor.prepared import compile_setup
from monitor.store.postgres.store import open_postgres
from tests.world import NOW, FakeClock, FakeSender

GATHERED = "https://rss.app/feeds/abc.xml"  # what others publish, each told by the host of its link
RULES = f"""
version: 1
feeds: [{{id: gathered, url: "{GATHERED}"}}]
rules: [{{id: strikes, title: غارات, all: [غارة]}}]
"""
NOISE = "".join(Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=3900))  # nothing makes it shorter
LINKS = {
    "a host of one long name": f"https://{NOISE}.example/2",
    "a host of many names": f"https://{'.'.join(NOISE[at : at + 60] for at in range(0, 3600, 60))}.example/2",
    "a long path": f"https://good.example/{NOISE}",
    "a long guid": "https://good.example/2",
}


def page(link: str) -> bytes:
    return f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{NOISE}</title>
<item><title>غارة على مطار حلب</title><link>{escape(link)}</link><guid>{NOISE}</guid><author>{NOISE}</author></item>
<item><title>غارة على حي هرابش</title><link>https://good.example/1</link><guid>1</guid></item>
</channel></rss>""".encode()


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS.keys())
def test_an_entry_that_no_index_holds_keeps_no_other_of_its_feed_from_being_told(
    tmp_path: Path, postgres_url: str, link: str
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES, encoding="utf-8")
    clock = FakeClock()
    sender = FakeSender(clock)
    setup = compile_setup(config.load(rules, environ={}), sender)
    with closing(open_postgres(postgres_url, now=NOW)) as store, closing(late_parser(clock)) as parser:
        pipeline = Pipeline(store=store, parser=parser, sender=sender, clock=clock, rng=Random(1), baseline=False)
        fetched = Fetched(
            url=GATHERED, body=page(link), content_type="application/rss+xml", validators=None, fetched_at=clock.now()
        )
        state = FeedState(feed_id="gathered", next_poll_at=NOW)
        report = pipeline.take(setup, setup.feeds["gathered"], state, fetched)
    assert report.outcome == "polled", report.detail
    assert {alert.title for alert in report.alerts} == {"غارة على مطار حلب", "غارة على حي هرابش"}
