"""What holds of a message in every format: nothing that a feed brings is live, nothing needed is lost, it fits."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.alerts.clean import safe_link
from monitor.alerts.dialects import DIALECTS, FORMATS
from monitor.alerts.fit import Limits, measure
from monitor.alerts.render import notice, plain, render, render_digest
from monitor.alerts.samples import FULL, HOSTILE, LINKS, LONG, NOW, SAMPLES
from monitor.model import NamedFact, Reason, Severity, SourceTold, Span
from tests.alerts.made import DAMASCUS, an_alert
from tests.alerts.read_back import assert_dead, read_back

LANGUAGES = ("ar", "en", "both")
LINK = "https://furat.example/news/1_2*3?a=b&c=d#e"

POISON = st.sampled_from([
    "<!channel>", "<!here|here>", "<@U123>", "<#C12>", "@everyone", "@here", "@room", "@user:matrix.example",
    "</b></p><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;", "&amp;lt;", "&#60;b&#62;",
    "[x](https://evil.example)", "![x](https://evil.example/i.png)", "[x]: https://evil.example",
    "<https://evil.example>", "<https://evil.example|bank>", "https://evil.example/x", "www.evil.example",
    "evil.example", "tg://resolve?domain=x", "mailto:a@b.example", "/start", "#topic", "**bold**", "*bold*", "__x__",
    "_x_", "~x~", "~~x~~", "||x||", "`x`", "```x```", "> quoted", "# title", "- item", "1. item", "---", "===", "|",
    "\\", "\\[x](https://evil.example)", "::x::", ":smile:", "{{ 7*7 }}", "{% raw %}", "\u202eevil\u202c",
    "\u2066x", "\u2068", "\u2069", "\ud83d", "\x00", "\x1b[31m", "\u200b", "\n\n", "\r\n", "\u2028", "\ue000",
    "🔥" * 200, "قصف", "على", "city", "5 < 7 & 8 > 3", "'\"",
])  # fmt: skip
HOSTILE_TEXT = st.lists(POISON | st.text(max_size=12), max_size=8).map(" ".join) | st.lists(POISON, max_size=6).map(
    "".join
)
LIMITS = st.builds(
    Limits,
    title=st.sampled_from([0, 100]),
    body=st.integers(300, 4000),
    unit=st.sampled_from(["characters", "bytes"]),
)


def _spans(draw_from, text):
    ends = [at for at in draw_from if at < len(text)]
    return tuple(Span(field="title", start=at, end=min(at + 3, len(text)), clause="event x") for at in sorted(ends))


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=50, deadline=None)
@given(HOSTILE_TEXT, HOSTILE_TEXT, HOSTILE_TEXT, LIMITS, st.sampled_from(LANGUAGES), st.lists(st.integers(0, 40)))
@example("[x](https://evil.example) **a** &lt;b&gt;", "`", "*<!here>*", Limits(title=0, body=900), "both", [0, 4])
@example("> <b>", "# x", "| x", Limits(title=0, body=900), "ar", [])
@example("", "خبرhttps://evil.example/x", "__x__https://evil.example/x", Limits(title=0, body=900), "ar", [])
def test_nothing_that_a_feed_brings_is_live(format, title, name, summary, limits, language, marks):
    if format == "html":
        limits = Limits(title=limits.title, body=30_000)
    alert = an_alert(
        title=title, feed_name=name, summary=summary, rule_title={"ar": "<b>@everyone *x* [x](/y)"}, link=LINK,
        spans=_spans(marks, title), why=summary, before={"headline": title, "killed": summary, "place": name},
        told_by=(SourceTold(name=name, link=LINK, told_at=NOW),) * 3, sources=3, reports=3,
        places=(NamedFact(id=name, name={"": title}, pcode=summary),),
    )  # fmt: skip
    message = render(
        alert, language=language, zone=DAMASCUS, now=NOW, limits=limits, format=format, links=LINKS, repeated=True,
        stands_in_for="desk",
    )  # fmt: skip
    assert measure(message.body, limits.unit) <= limits.body
    shown = assert_dead(message.body, format, {LINK, *LINKS.values()})
    assert LINK in shown.links
    if format == "html":
        assert_dead(message.text_alternative, "text", {LINK, *LINKS.values()})
        assert LINK in message.text_alternative.split("\n")
    digest = render_digest([alert], language=language, zone=DAMASCUS, now=NOW, limits=limits, format=format)
    assert LINK in assert_dead(digest.body, format, {LINK}).links
    assert measure(digest.body, limits.unit) <= limits.body


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=40, deadline=None)
@given(HOSTILE_TEXT, st.lists(st.integers(0, 40), max_size=3))
@example("5 < 7 & 8 > 3 **a** [x](y) _b_ \\ `c` | <b>d</b>", [0])
def test_the_headline_can_be_read_as_it_was_published(format, title, marks):
    message = render(
        an_alert(title=title, link=None, summary="", spans=_spans(marks, title)),
        language="en", zone=DAMASCUS, now=NOW, limits=Limits(title=100, body=30_000), format=format,
    )  # fmt: skip
    published = plain(title).replace("\u2060", "")
    if measure(plain(title), "characters") <= 400:
        assert _as_seen(published) in _as_seen(read_back(message.body, format).text)


def _as_seen(text: str) -> str:
    """Signs that look the same stand for each other; white space is of no consequence to HTML."""
    return " ".join(text.translate(str.maketrans("∗ˍ∼‵", "*_~`")).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("format", [each for each in FORMATS if each != "html"])
@pytest.mark.parametrize("sample", [name for name, alert in SAMPLES.items() if alert.link])
def test_the_link_stands_alone_on_a_line_by_the_third(format, sample, language):
    for limits in (Limits(title=0, body=4000), Limits(title=100, body=500, unit="bytes")):
        body = render(
            SAMPLES[sample], language=language, zone=DAMASCUS, now=NOW, limits=limits, format=format
        ).body  # fmt: skip
        lines = [read_back(line, format).text.strip() for line in body.split("\n")]
        assert lines.index(SAMPLES[sample].link) <= 2


@pytest.mark.parametrize("format", FORMATS)
def test_what_has_no_room_goes_and_severity_headline_and_link_stay(format):
    overhead = len(render(FULL, language="ar", zone=DAMASCUS, now=NOW, limits=_room(30_000), format=format).body)
    for room in range(overhead, 300 if format != "html" else 2700, -90):
        body = render(FULL, language="ar", zone=DAMASCUS, now=NOW, limits=_room(room), format=format).body
        shown = read_back(body, format)
        assert len(body) <= room
        assert "🔴 حرج" in shown.text
        assert "القصف" in shown.text
        assert FULL.link in shown.links


def _room(body: int) -> Limits:
    return Limits(title=0, body=body)


@pytest.mark.parametrize("format", FORMATS)
def test_the_details_that_are_needed_least_go_first(format):
    whole = render(FULL, language="ar", zone=DAMASCUS, now=NOW, limits=_room(30_000), format=format).body
    assert "الأوامر" in whole
    cut = render(FULL, language="ar", zone=DAMASCUS, now=NOW, limits=_room(len(whole) - 1), format=format).body
    assert "الأوامر" not in cut
    assert "القاعدة" in cut


@pytest.mark.parametrize("format", FORMATS)
def test_a_long_alert_is_cut_with_a_sign(format):
    body = render(LONG, language="ar", zone=DAMASCUS, now=NOW, limits=_room(4000), format=format).body
    assert len(body) <= 4000
    assert "عنيفة" in body
    assert "…" in body


MARKED = [
    # headline, what was found in it, what stands out
    ("دوي واشتباكات قرب المطار", ["اشتباكات"], ["واشتباكات"]),
    ("قصف على «المطار»: قتلى", ["مطار"], ["المطار"]),
    ("وبالقصف المدفعي", ["قصف المدفع"], ["وبالقصف المدفعي"]),
    ("اشتباكات <b>عنيفة</b> ليلا", ["اشتباكات", "عنيفة"], ["اشتباكات", "عنيفة"]),
]


@pytest.mark.parametrize("format", ["html", "telegram", "matrix", "markdown"])
@pytest.mark.parametrize(("title", "found", "strong"), MARKED)
def test_found_words_stand_out_as_whole_words(format, title, found, strong):
    spans = tuple(
        Span(field="title", start=title.index(word), end=title.index(word) + len(word), clause="event x")
        for word in found
    )
    message = render(
        an_alert(title=title, spans=spans), language="ar", zone=DAMASCUS, now=NOW, format=format,
        limits=Limits(title=100, body=30_000),
    )  # fmt: skip
    assert read_back(message.body, format).strong == strong


def test_slack_marks_only_between_spaces():
    def strong(title):
        at = title.index("مطار")
        alert = an_alert(title=title, spans=(Span(field="title", start=at, end=at + 4, clause="place x"),))
        message = render(alert, language="ar", zone=DAMASCUS, now=NOW, format="slack", limits=Limits(title=9, body=900))
        return read_back(message.body, "slack").strong

    assert strong("قصف على المطار ليلا") == ["المطار"]
    assert strong("قصف على «المطار» ليلا") == []


def test_a_mail_has_one_subject_for_a_story_and_says_the_reason_in_its_first_line():
    message = render(FULL, language="ar", zone=DAMASCUS, now=NOW, format="html", limits=Limits(title=200, body=30_000))
    assert message.title == "🔴 حرج · قصف الجسور"
    assert "↳ تحديث" in read_back(message.body, "html").text
    assert FULL.link in message.text_alternative.split("\n")


def test_a_mail_says_which_way_it_runs_and_brings_nothing_from_elsewhere():
    body = render(FULL, language="ar", zone=DAMASCUS, now=NOW, format="html", limits=_room(30_000), links=LINKS).body
    assert '<html lang="ar" dir="rtl">' in body
    assert 'name="color-scheme" content="light dark"' in body
    assert not re.search(r"<(img|link|script|iframe|object|svg)|url\(|@import|@font-face| src=", body)
    assert read_back(body, "html").text.strip().endswith("monitor")


@pytest.mark.parametrize("format", FORMATS)
def test_links_to_act_are_shown_where_there_are_any_and_commands_where_there_are_none(format):
    with_links, without = (
        render(FULL, language="both", zone=DAMASCUS, now=NOW, limits=_room(30_000), format=format, links=links).body
        for links in (LINKS, {})
    )
    assert set(LINKS.values()) <= set(read_back(with_links, format).links)
    assert "monitor ack" not in with_links
    assert "monitor ack 41.2.bridges" in without
    assert without.count("monitor ack") == 1


def test_an_address_that_is_none_is_no_link_to_act():
    links = {"open": "javascript:alert(1)", "mute": LINKS["mute"]}
    body = render(FULL, language="ar", zone=DAMASCUS, now=NOW, limits=_room(30_000), format="html", links=links).body
    assert "javascript" not in body
    assert LINKS["mute"] in read_back(body, "html").links


# --- digests and notices


def _stories(count: int):
    return [
        an_alert(id=f"{number}.1.r", story_id=number, title=f"خبر رقم {number} <b>", spans=(),
                 link=f"https://furat.example/{number}", decided_at=NOW.replace(minute=number % 60, hour=number // 60))
        for number in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
def test_a_digest_has_a_line_a_story_with_its_link_the_newest_first(format):
    body = render_digest(
        _stories(5), language="ar", zone=DAMASCUS, now=NOW, limits=_room(30_000), format=format
    ).body  # fmt: skip
    shown = read_back(body, format)
    assert [link for link in shown.links if "furat" in link] == [f"https://furat.example/{n}" for n in (4, 3, 2, 1, 0)]
    assert "موجز · 5 أخبار" in shown.text
    assert "أخرى" not in shown.text


@pytest.mark.parametrize("format", FORMATS)
def test_a_digest_counts_what_it_has_no_room_for(format):
    room = 6000 if format == "html" else 1000
    body = render_digest(
        _stories(200), language="ar", zone=DAMASCUS, now=NOW, limits=_room(room), format=format
    ).body  # fmt: skip
    shown = read_back(body, format)
    listed = len({link for link in shown.links if "furat" in link})
    assert len(body) <= room
    assert 1 < listed < 200
    assert f"+{200 - listed} أخرى" in shown.text


def test_a_feed_that_tells_a_hundred_stories_pushes_none_of_another_s_out_of_a_digest():
    flood = [replace(each, feed_id="loud", severity=Severity.LOW) for each in _stories(200)]
    calm = replace(flood[0], feed_id="calm", id="900.1.r", story_id=900, link="https://calm.example/1")
    grave = replace(flood[1], severity=Severity.CRITICAL, id="901.1.r", story_id=901, link="https://grave.example/1")
    body = render_digest([*flood, calm, grave], language="ar", zone=DAMASCUS, now=NOW, limits=_room(1000)).body
    links = read_back(body, "text").links
    assert {"https://calm.example/1", "https://grave.example/1", "https://furat.example/199"} <= set(links)
    assert links.index("https://furat.example/199") < links.index("https://calm.example/1"), "the newest first"


def test_a_story_is_told_once_in_a_digest_as_it_was_last():
    first = an_alert(id="7.1.r", story_id=7, number=1, title="الأول", spans=())
    last = an_alert(id="7.2.r", story_id=7, number=2, title="الثاني", spans=(), decided_at=NOW.replace(minute=30))
    other = an_alert(id="8.1.r", story_id=8, title="الثالث", spans=())
    body = render_digest([last, first, other], language="ar", zone=DAMASCUS, now=NOW, limits=_room(900)).body
    assert "الثاني" in body
    assert "الأول" not in body
    assert "خبران" in body


def test_a_mails_plain_text_says_what_its_subject_does_not():
    options = {
        "language": "ar",
        "zone": DAMASCUS,
        "now": NOW,
        "format": "html",
        "limits": Limits(title=200, body=30_000),
    }
    first = render(an_alert(), **options)
    update = render(an_alert(reason=Reason.UPDATED, follows="41.0.r"), **options)
    assert first.title == update.title
    assert not first.text_alternative.startswith("🔴")
    assert update.text_alternative.startswith("🔴 حرج · ↳ تحديث · ")


def test_a_digest_of_one_is_an_alert_in_the_operators_own_words():
    alert, options = an_alert(), {"language": "ar", "zone": DAMASCUS, "now": NOW, "limits": _room(900)}
    own = {"text": "{{ alert.severity_word }} {{ alert.headline | mark }}\n{{ alert.link | address }}\nمكتبنا"}
    assert render_digest([alert], **options) == render(alert, **options)
    assert render_digest([alert], templates=own, **options).body.endswith("مكتبنا")


@pytest.mark.parametrize("format", ["text", "telegram", "slack", "markdown", "matrix"])
def test_a_digest_that_fits_in_no_way_keeps_the_link_of_its_newest_story(format):
    alerts = [an_alert(id=f"{n}.1.r", story_id=n, link=f"https://furat.example/{n}/{'x' * 70}") for n in (1, 2)]
    body = render_digest(alerts, language="ar", zone=DAMASCUS, now=NOW, limits=_room(130), format=format).body
    assert "https://furat.example/2/" in body or "https://furat.example/1/" in body
    assert len(body) <= 130


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=40, deadline=None)
@example("\u2069\u2068", "\u2069\u2068")  # as many as must be, the wrong way round
@given(HOSTILE_TEXT, st.lists(HOSTILE_TEXT, max_size=4).map("\n".join))
def test_a_notice_is_dead_in_every_format(format, title, body):
    limits = Limits(title=0, body=30_000 if format == "html" else 700)
    message = notice(title, body, limits, format=format)
    addresses = {unquote(each) for each in re.findall(r"https?://\S+", title + " " + body)}
    assert len(message.body) <= limits.body
    shown = read_back(message.body, format)
    assert not any("script" in tag or tag == "img" for tag in shown.tags)
    assert all("evil.example" not in link or addresses for link in shown.links)


def test_every_dialect_writes_an_address_that_leads_where_it_says():
    for format in FORMATS:
        written = DIALECTS[format].address(safe_link(LINK))
        assert read_back(written, format).text.strip() == LINK


def test_the_hostile_sample_is_hostile_indeed():
    assert {"<script>", "<!channel>", "@everyone", "\u202e", "\ud83d", "\x00"} <= {
        each for each in ("<script>", "<!channel>", "@everyone", "\u202e", "\ud83d", "\x00") if each in HOSTILE.title
    }
