from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.fit import Limits, measure
from monitor.alerts.render import Message, notice, render
from monitor.alerts.sample import sample_alert
from monitor.model import Reason, Severity, SourceTold, Span
from tests.alerts.made import DAMASCUS, NOW, an_alert

LINK = "https://www.furat.example/news/12345"


def _render(language="ar", *, limits=None, attempt=1, now=NOW, **changes) -> Message:
    options = {} if limits is None else {"limits": limits}
    alert = an_alert(**changes)
    return render(alert, language=language, zone=DAMASCUS, now=now, attempt=attempt, **options)


def test_an_arabic_message_says_all_there_is_to_know():
    message = _render()
    assert message.title == "🔴 حرج · اشتباكات قرب مطار دير الزور"
    assert message.body.split("\n") == [
        "دوي انفجارات واشتباكات عند مطار دير الزور العسكري",
        LINK,
        "المصدر: صوت الفرات (\u2068furat.example\u2069)",
        "الوقت: الأحد 22 تشرين الثاني، 14:05 بتوقيت دمشق (\u206811:05 UTC\u2069) · وصل بعد 6 دقائق",
        "لماذا: الحدث «واشتباكات» + «مطار» + المكان «دير الزور»",
        "القاعدة: \u2068dez-airport-clashes\u2069 · التنبيه: \u206841.1.dez-airport-clashes\u2069",
        "الأوامر: \u2068monitor ack 41.1.dez-airport-clashes\u2069 · "
        "\u2068monitor mute 41.1.dez-airport-clashes 2h\u2069 · "
        "\u2068monitor feedback 41.1.dez-airport-clashes wrong\u2069",
    ]


def test_an_english_message_says_the_same():
    message = _render("en")
    assert message.title == "🔴 CRITICAL · Clashes near Deir ez-Zor airport"
    assert message.body.split("\n") == [
        "دوي انفجارات واشتباكات عند مطار دير الزور العسكري",
        LINK,
        "Reported by: \u2068صوت الفرات\u2069 (\u2068furat.example\u2069)",
        "Time: Sunday 22 November, 14:05 Damascus time (\u206811:05 UTC\u2069) · arrived 6 minutes later",
        "Why: event «\u2068واشتباكات\u2069» + «\u2068مطار\u2069» + place «\u2068دير الزور\u2069»",
        "Rule: dez-airport-clashes · Alert: 41.1.dez-airport-clashes",
        "Commands: \u2068monitor ack 41.1.dez-airport-clashes\u2069 · "
        "\u2068monitor mute 41.1.dez-airport-clashes 2h\u2069 · "
        "\u2068monitor feedback 41.1.dez-airport-clashes wrong\u2069",
    ]


def test_a_message_in_both_languages_has_headline_and_link_once():
    message = _render("both")
    assert (
        message.title
        == "🔴 حرج · اشتباكات قرب مطار دير الزور · \u2068CRITICAL · Clashes near Deir ez-Zor airport\u2069"
    )
    assert message.body.count(LINK) == 1
    assert message.body.count("دوي انفجارات") == 1
    assert "المصدر: " in message.body
    assert "Reported by: " in message.body
    assert message.body.count("41.1.dez-airport-clashes") == _render("ar").body.count("41.1.dez-airport-clashes")


@pytest.mark.parametrize("severity", Severity)
def test_every_severity_has_its_icon_and_word(severity):
    title = _render("en", severity=severity).title
    assert unicodedata.category(title[0]) == "So"
    assert f" {severity.value.upper()} · " in title


def test_a_story_that_changed_is_called_an_update():
    assert _render(reason=Reason.UPDATED).title == "🔴 حرج · ↳ تحديث · اشتباكات قرب مطار دير الزور"


@pytest.mark.parametrize(
    ("titles", "shown"),
    [
        ({"ar": "عنوان", "en": "Title"}, "🔴 حرج · عنوان"),
        ({"": "عنوان عام"}, "🔴 حرج · عنوان عام"),
        ({"en": "Title"}, "🔴 حرج · \u2068Title\u2069"),
        ({}, "🔴 حرج · \u2068dez-airport-clashes\u2069"),
    ],
)
def test_a_rule_is_named_in_the_readers_language_if_it_can_be(titles, shown):
    assert _render(rule_title=titles).title == shown


def test_a_service_without_titles_gets_the_title_as_first_line_and_the_link_third():
    message = _render(limits=Limits(title=0, body=4000))
    assert message.title == ""
    assert message.body.split("\n")[0] == "🔴 حرج · اشتباكات قرب مطار دير الزور"
    assert message.body.split("\n")[2] == LINK


@pytest.mark.parametrize(
    ("published", "headline"),
    [
        ("<b>قصف</b> &amp; اشتباكات", "قصف & اشتباكات"),
        ("قصف\nعلى\r\nالمدينة", "قصف على المدينة"),
        ("\u202eقصف\u202c", "قصف"),
        ("@everyone قصف", "الخبر: @\u2060everyone قصف"),
        ("CNN: قصف على المدينة", "الخبر: CNN: قصف على المدينة"),
        ("Shelling reported", "Shelling reported"),
        ("3 قتلى في قصف", "3 قتلى في قصف"),
    ],
)
def test_a_headline_is_shown_as_text(published, headline):
    assert _render(title=published, spans=()).body.split("\n")[0] == headline


def test_an_entry_without_title_is_known_by_its_summary():
    assert _render(title="", spans=()).body.startswith("أفاد سكان بسماع الأصوات منذ الفجر.\n")
    assert _render(title="", summary="", spans=()).body.startswith("خبر بلا عنوان\n")


def test_without_a_link_the_summary_is_there_to_read():
    lines = _render(link=None).body.split("\n")
    assert lines[1] == "أفاد سكان بسماع الأصوات منذ الفجر."
    assert "http" not in "".join(lines)
    assert "أفاد" not in _render().body


def test_a_link_that_is_none_is_not_shown():
    assert "javascript" not in _render(link="javascript:alert(1)").body


def test_an_undated_entry_shows_when_we_saw_it():
    assert "وقت الرصد: الأحد 22 تشرين الثاني، 14:11" in _render(published_at=None).body


@pytest.mark.parametrize("year", [1, 9999])
def test_a_date_that_nobody_believes_is_not_shown(year):
    at = datetime(year, 12 if year > 1 else 1, 31 if year > 1 else 1, 23 if year > 1 else 0, tzinfo=UTC)
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        body = render(an_alert(published_at=at), language="en", zone=ZoneInfo(zone), now=NOW).body
        assert "Seen: Sunday 22 November" in body or "Seen: Monday 23 November" in body


def test_a_repeated_message_says_which_try_it_is():
    assert " · المحاولة 2\n" in _render(attempt=2).body
    assert "المحاولة" not in _render(attempt=1).body


def test_a_message_that_comes_late_says_how_old_its_news_is():
    assert "وصل بعد 3 ساعات" in _render(now=NOW + timedelta(hours=3)).body


# --- why


def test_a_plain_term_shows_the_word_that_was_found():
    why = _render(spans=(Span(field="title", start=27, end=31, clause="مطار"),))
    assert "لماذا: «مطار»" in why.body


def test_a_word_found_twice_is_shown_once():
    span = Span(field="title", start=27, end=31, clause="group airport")
    assert "لماذا: «مطار»\n" in _render(spans=(span, span)).body


def test_a_word_by_which_two_clauses_held_is_quoted_once():
    spans = [Span(field="title", start=27, end=31, clause=clause) for clause in ("event target-site", "group airport")]
    assert "لماذا: الحدث «مطار»\n" in _render(spans=tuple(spans)).body


def test_words_in_markup_are_shown_without_it():
    title = "اشتباكات قرب <b>المطار</b>"
    start, end = title.index("<b>"), len(title)
    assert (
        "لماذا: «المطار»"
        in _render(title=title, spans=(Span(field="title", start=start, end=end, clause="group airport"),)).body
    )


def test_what_was_found_in_a_text_we_do_not_hold_is_named_by_its_clause():
    span = Span(field="body", start=0, end=5, clause="place deir-ez-zor")
    assert "لماذا: المكان \u2068deir-ez-zor\u2069" in _render(spans=(span,)).body


def test_what_was_found_in_the_article_alone_is_quoted_and_said_to_stand_there():
    spans = (
        Span(field="title", start=27, end=31, clause="group airport"),
        Span(field="body", start=90, end=98, clause="group airport"),
        Span(field="body", start=0, end=5, clause="place deir-ez-zor"),
    )
    quoted = {"group airport": ("المطارات",), "place deir-ez-zor": ("بدير <b>الزور</b>",)}
    told = _render(spans=spans, article=quoted).body
    assert "لماذا: «مطار»، «المطارات» + المكان «بدير الزور» (في نص المقال)\n" in told
    assert "(in the article)" in _render("en", spans=spans, article=quoted).body


@pytest.mark.parametrize("language", ["ar", "en", "both"])
def test_the_reason_in_hand_which_is_in_english_is_in_no_message(language):
    assert "was throttled" not in _render(language, reason=Reason.UPDATED, why="it was throttled").body


def test_who_tells_the_report_in_hand_is_not_named_among_the_others():
    tellers = (
        SourceTold(name="صوت الفرات", link=LINK, told_at=NOW),
        SourceTold(name="مرصد النهر", link="https://nahr.example/1", told_at=NOW, independent=False),
    )
    arabic = _render(told_by=tellers, sources=2, reports=3).body
    assert "مصدران مستقلان (3 تقارير)، منها أيضًا: مرصد النهر \u206814:11\u2069 (نقلًا)\n" in arabic
    english = _render("en", told_by=tellers, sources=2, reports=3).body
    assert "2 independent sources (3 reports), also: \u2068مرصد النهر\u2069 \u206814:11\u2069 (copy)\n" in english
    alone = _render("en", told_by=tellers[:1], sources=1, reports=2).body
    assert "\n1 independent source (2 reports)\n" in alone


def test_a_number_of_killed_is_called_so_and_a_search_text_that_begins_so_is_none():
    span = Span(field="title", start=27, end=31, clause="killed >=5")
    assert "لماذا: القتلى «مطار»" in _render(spans=(span,)).body
    span = Span(field="title", start=27, end=31, clause="killed soldiers")
    assert "لماذا: «مطار»" in _render(spans=(span,)).body


def test_without_spans_there_is_no_why():
    assert "لماذا" not in _render(spans=()).body


# --- laws

HOSTILE = st.text() | st.sampled_from(
    [
        "<!channel>",
        "@everyone",
        "\u202eabc",
        "\x1b]0;owned\x07",
        "a\r\nBcc: evil@evil.example",
        "</b><a href='https://evil.example'>x</a>",
        "\ud800",
        "CNN قصف",
        "\n" * 50,
        "قصف " * 5000,
    ]
)
LIMITS = st.builds(
    Limits,
    title=st.sampled_from([0, 60, 250]),
    body=st.integers(67, 4000),
    unit=st.sampled_from(["characters", "bytes"]),
)


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE, LIMITS, st.sampled_from(["ar", "en", "both"]))
def test_no_feed_can_break_a_message(title, summary, name, rule_title, limits, language):
    message = _render(
        language,
        limits=limits,
        title=title,
        summary=summary,
        feed_name=name,
        rule_title={"ar": rule_title},
        link="https://x.example/" + summary,
    )
    assert measure(message.body, limits.unit) <= limits.body
    assert measure(message.title, limits.unit) <= limits.title
    assert message.body.strip()
    for text in (message.title, message.body):
        assert not re.search(
            r"@everyone|<!|<@|<a |[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066\u2067\ud800-\udfff]", text
        )
        assert text.count("\u2068") == text.count("\u2069")


@given(HOSTILE, HOSTILE)
def test_every_arabic_line_begins_with_an_arabic_letter(title, name):
    message = _render("ar", title=title, feed_name=name)
    for line in (message.title, *message.body.split("\n")):
        letters = [char for char in line if unicodedata.bidirectional(char) in ("L", "R", "AL")]
        if any(unicodedata.bidirectional(char) == "AL" for char in letters):
            assert unicodedata.bidirectional(letters[0]) in ("R", "AL"), line


# --- how it comes


@pytest.mark.parametrize(
    ("language", "stands_in", "repeat"),
    [
        ("ar", "بدلًا من القناة: \u2068desk\u2069", "قد يكون مكررًا"),
        ("en", "In place of the channel: desk", "May be a repeat"),
    ],
)
def test_a_message_says_for_whom_it_stands_in_and_that_it_may_be_a_repeat(language, stands_in, repeat):
    shown = {"language": language, "zone": DAMASCUS, "now": NOW}
    usual = render(an_alert(), **shown).body.split("\n")
    unusual = render(an_alert(), **shown, attempt=2, repeated=True, stands_in_for="desk").body.split("\n")
    assert [line for line in unusual if line not in usual][-2:] == [stands_in, repeat]
    assert stands_in not in usual
    assert repeat not in usual


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("ar", "لم يؤكد أحد الاطلاع عليه منذ: "),
        ("en", "Not acknowledged since: "),
    ],
)
def test_a_message_says_since_when_nobody_acknowledged_the_alert(language, line):
    shown = {"language": language, "zone": DAMASCUS, "now": NOW}
    usual = render(an_alert(), **shown).body.split("\n")
    [told] = [
        each for each in render(an_alert(), **shown, unacknowledged_since=NOW).body.split("\n") if each not in usual
    ]
    assert told.startswith(line)
    assert f"{NOW.astimezone(DAMASCUS):%H:%M}" in told


# --- others


def test_the_sample_alert_has_everything_that_a_real_one_has():
    alert = sample_alert(NOW)
    message = render(alert, language="both", zone=DAMASCUS, now=NOW)
    assert "رسالة تجريبية" in message.body
    assert "https://example.org/channel-test" in message.body.split("\n")
    assert "لماذا: «رسالة تجريبية»" in message.body


def test_a_notice_is_clean_and_cut_like_any_message():
    message = notice("Rules\nrefused", "rules.yaml:3:1\n" + "@everyone x " * 500, Limits(title=60, body=300))
    assert message.title == "Rules refused"
    assert message.body.startswith("rules.yaml:3:1\n@\u2060everyone")
    assert len(message.body) <= 300
    assert notice("Title", "text", Limits(title=0, body=300)) == Message(title="", body="Title\ntext")
