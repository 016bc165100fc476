"""An alert's page tells what the message tells and more, and nothing on it that came from a feed is live."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import (
    DeliveryStatus,
    Facts,
    Figure,
    NamedFact,
    Reason,
    Recipient,
    SourceTold,
    Span,
    Tag,
)
from monitor.store.read import DeliveryRecord
from monitor.web.links.document import Html
from monitor.web.links.page import Reading, alert_page
from monitor.web.links.words import HOLDS, REASONS, STATUSES, TAGS, TEXTS
from tests.alerts.made import DAMASCUS, NOW, an_alert
from tests.web.links.desk import seen

OURS = {
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "ul", "li", "a", "bdi", "code", "time",
}  # fmt: skip


def page(language="en", deliveries=(), **changes) -> str:
    reading = Reading(language=language, zone=DAMASCUS, now=NOW)
    return str(alert_page(an_alert(**changes), deliveries, Html(), reading).body)


def delivery(status=DeliveryStatus.SENT, **changes) -> DeliveryRecord:
    standing = {
        "id": 1, "alert": an_alert(), "recipient": Recipient(channel_id="desk", key="amal@desk.example"),
        "status": status, "attempts": 1, "created_at": NOW, "next_try_at": None, "last_try_at": NOW,
        "last_error": "550 no such user", "sent_at": NOW if status is DeliveryStatus.SENT else None,
        "stands_in_for": None,
    }  # fmt: skip
    return DeliveryRecord(**(standing | changes))


def test_it_tells_who_said_what_and_when():
    shown = seen(page()).text
    for told in ("CRITICAL", "Clashes near Deir ez-Zor airport", "صوت الفرات", "furat.example", "11:05 UTC"):
        assert told in shown


def test_it_tells_the_sources_and_which_of_them_copy():
    told_by = (
        SourceTold(name="صوت الفرات", link="https://furat.example/1", told_at=NOW),
        SourceTold(name="Wire Copy", link=None, told_at=NOW + timedelta(minutes=3), independent=False),
    )
    answer = page(sources=1, reports=2, told_by=told_by)
    assert "Independent sources: 1 (reports: 2)" in seen(answer).text
    assert "https://furat.example/1" in [each.get("href") for each in seen(answer).of("a")]
    copied = seen(answer).text.partition("Wire Copy")[2]
    assert "a copy of another's" in copied


def test_it_tells_the_facts_and_what_was_told_before():
    five = Figure(kind="killed", least=5, most=5, span=Span(field="title", start=0, end=1, clause="killed"))
    dozens = Figure(kind="wounded", least=24, most=None, span=five.span)
    town = NamedFact(id="deir-ez-zor", name={"ar": "دير الزور", "en": "Deir ez-Zor"}, pcode="SY09", lat=35.3, lon=40.1)
    shown = seen(
        page(
            facts=Facts(killed=five, wounded=dozens, tags=frozenset({Tag.DRILL})),
            places=(town,),
            before={"killed": "3", "headline": "عنوان سابق"},
        )
    ).text
    for told in ("killed: 5 (before: 3)", "wounded: at least 24", "Deir ez-Zor (SY09)", "عنوان سابق", "drill"):
        assert told in shown


def test_it_tells_why():
    shown = seen(page(reason=Reason.UPDATED, why="killed: 5, was 3")).text
    assert "Reason: the story changed: killed: 5, was 3" in shown
    assert "«واشتباكات»" in shown
    assert "monitor why" in shown
    arabic = seen(page("ar", reason=Reason.DENIED, why="it denies the event")).text
    assert "ينفي وقوع الحدث" in arabic
    assert "denies" not in arabic


@pytest.mark.parametrize("status", list(DeliveryStatus))
def test_it_tells_how_each_delivery_stands_and_neither_to_whom_nor_what_the_service_said(status):
    answer = page(deliveries=[delivery(status)])
    assert f"desk: {STATUSES['en'][status]}" in seen(answer).text
    for hidden in ("amal", "550"):
        assert hidden not in answer


@pytest.mark.parametrize(
    "words", [TEXTS, REASONS, TAGS, STATUSES, HOLDS], ids=["texts", "reasons", "tags", "statuses", "holds"]
)
def test_whatever_is_said_in_one_language_is_said_in_the_other(words):
    missing = set(words["ar"]) ^ set(words["en"])
    assert {each for each in missing if not (isinstance(each, Reason) and not each.tells)} == set()


def test_an_arabic_page_runs_from_the_right_and_keeps_foreign_runs_apart():
    found = seen(page("ar", feed_name="Furat Voice"))
    assert found.of("html")[0] == {"lang": "ar", "dir": "rtl"}
    assert "<bdi>Furat Voice</bdi>" in page("ar", feed_name="Furat Voice")


HOSTILE = [
    "<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
    '"><img src=https://t.example/p.gif onload=alert(1)>',
    "</title></style></bdi></main><iframe src=//x>",
    "<!--<svg/onload=alert(1)>-->",
    "]]><b>bold</b>",
    "javascript:alert(1)",
    "\u202eدسم\u2066evil\u2069\u200f",
    "\ud800\x00\x1b[31m\u0085\u2028",
    "<form action=//x><input name=doing>",
    "😀" * 200,
    "<" * 3000,
    "<script src=//t.example/x.js",
    '<img src=x onerror="alert(1)',
    "<<b>script>alert(1)<<b>/script>",
]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_nothing_that_came_from_outside_is_live(hostile, language):
    check(everywhere(hostile, language))


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("<>&\"'/=;#abtilscrpon:\u202e\u0627 \x00\ud800"), max_size=40))
def test_no_text_whatever_is_live(text):
    check(everywhere(text, "ar"))


def everywhere(hostile: str, language: str) -> str:
    named = NamedFact(id=hostile, name={"ar": hostile}, pcode=hostile)
    return page(
        language,
        [delivery(recipient=Recipient(channel_id=hostile, key=hostile))],
        title=hostile,
        summary=hostile + " " + hostile,
        feed_name=hostile,
        rule_id=hostile or "r",
        rule_title={"": hostile},
        link=hostile,
        why=hostile,
        places=(named,),
        events=(named,),
        actors=(named,),
        before={"headline": hostile, "killed": hostile},
        told_by=(SourceTold(name=hostile, link=hostile, told_at=NOW),),
        spans=(Span(field="title", start=0, end=max(1, len(hostile)), clause=f"place {hostile}"),),
    )


def check(answer: str) -> None:
    """As a browser reads it: our elements, our attributes, links to the web alone, and no character that is obeyed."""
    answer.encode("utf-8")
    for element, attributes in seen(answer).elements:
        assert element in OURS, element
        assert set(attributes) <= {"charset", "name", "content", "lang", "dir", "class", "datetime", "href", "rel"}
        assert attributes.get("href", "https://").startswith(("https://", "http://"))
    assert not set(answer) & set("\x00\x1b\u202e\u2066\u200f")
    assert balanced(answer)


def balanced(answer: str) -> bool:
    open_elements: list[str] = []
    sound = True

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag != "meta":
                open_elements.append(tag)

        def handle_endtag(self, tag):
            nonlocal sound
            sound = sound and bool(open_elements) and open_elements.pop() == tag

    Reader().feed(answer)
    return sound and not open_elements


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "//x.example", 'https://x.example/" onclick="x', "", None]
)
def test_a_link_is_of_the_web_or_none(link):
    check(page(link=link))
