"""Troubles in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from string import Formatter

import pytest

from monitor.alerts import troubles
from monitor.alerts.render import ROOMY
from monitor.alerts.render import notice as rendered
from monitor.alerts.trouble_texts import PHRASES
from monitor.alerts.words import FSI, PDI, length
from monitor.arabic.feeds import FAILURES
from monitor.model import FetchFailure, Unread
from monitor.store.article_rows import LEFT, TOO_LATE
from monitor.trouble import Finding, Kind, Trouble, Turn, Word
from tests.world import NOW

HOUR = timedelta(hours=1)
FACTS: Mapping[Kind, Mapping[str, str | int]] = {
    Kind.NETWORK: {"failing": 28, "feeds": 30, "error": "no connection: made up"},
    Kind.FEED_FAILING: {"name": "وكالة الساحل", "failures": 3, "error": "too slow: one.example"},
    Kind.FEED_GONE: {"name": "One", "error": "the server refused: one.example answered 410"},
    Kind.FEED_SILENT: {"name": "One", "usual_seconds": 7200},
    Kind.FEED_EMPTY: {"name": "One"},
    Kind.FEED_GARBLED: {"name": "One", "warning": "200 damaged characters"},
    Kind.FEED_OVERFLOWS: {"name": "One", "window": 20},
    Kind.FEED_MOVED: {"name": "One", "to": "https://new.example/rss"},
    Kind.FEED_ARTICLES: {"name": "One", "unread": 12, "articles": 20, "error": "no text of an article in it"},
    Kind.RULE_BLIND: {"down": 3, "of": 4, "names": "one, two, three", "rules": 9},
    Kind.CHANNEL_REFUSES: {"waiting": 0, "given_up": 2, "error": "HTTP 401"},
    Kind.CHANNEL_LATE: {"waiting": 11, "given_up": 0, "error": "timed out"},
    Kind.CANARY_LOST: {"waiting": 1, "given_up": 0, "error": ""},
    Kind.CLOCK: {"ahead_seconds": 7200},
    Kind.REPORTED: {"title": "The state cannot be written", "text": "the disk is full"},
}


def word(kind: Kind, turn: Turn = Turn.BEGAN, subject: str = "one", **facts) -> Word:
    finding = Finding(kind=kind, subject=subject, facts={**FACTS[kind], **facts})
    over = NOW if turn is Turn.ENDED else None
    return Word(turn=turn, trouble=Trouble(finding=finding, begun_at=NOW - 3 * HOUR, over_at=over))


@pytest.mark.parametrize("language", ["ar", "en", "both"])
@pytest.mark.parametrize("turn", Turn)
@pytest.mark.parametrize("kind", Kind)
def test_every_trouble_has_words_for_its_beginning_its_lasting_and_its_end(kind, turn, language):
    told = troubles.notice([word(kind, turn)], language=language, now=NOW)
    assert told.title
    assert "\n" not in told.title
    assert told.text
    assert "{" not in told.title + told.text
    if language == "ar":
        assert re.match(r"[\u0600-\u06ff]", told.title), "an Arabic line begins with an Arabic letter"
    for line in [told.title, *told.text.splitlines()]:
        assert line.count(FSI) == line.count(PDI)


@pytest.mark.parametrize(("language", "kind"), [(each, kind) for each in ("ar", "en") for kind in PHRASES[each]])
def test_every_fact_that_words_name_is_given(language, kind):
    phrases = PHRASES[language][kind]
    spoken = {*troubles.spoken(word(kind).trouble, language, now=NOW), "count"}
    for phrase in (phrases.what, phrases.over, phrases.remedy, phrases.many):
        assert {name for _, name, _, _ in Formatter().parse(phrase) if name} <= spoken


def test_both_languages_know_every_kind():
    assert PHRASES["ar"].keys() == PHRASES["en"].keys() == set(Kind) - {Kind.REPORTED}
    read_in_vain = (Unread.NO_PAGE, Unread.NO_TEXT, Unread.ELSEWHERE, Unread.BROKE)
    of_articles = {*(why.value for why in read_in_vain), LEFT, TOO_LATE}
    assert FAILURES.keys() == {failure.value for failure in FetchFailure} | of_articles


@pytest.mark.parametrize(
    ("kind", "turn", "title"),
    [
        (Kind.FEED_FAILING, Turn.ENDED, f"Feed '{FSI}وكالة الساحل{PDI}' can be read again, after 3 hours"),
        (Kind.NETWORK, Turn.BEGAN, "The network seems down: 28 of 30 feeds fail (no connection: made up)"),
        (Kind.RULE_BLIND, Turn.BEGAN, "Rule 'one' is blind: 3 of its 4 feeds cannot be read (one, two, three)"),
        (Kind.CHANNEL_REFUSES, Turn.BEGAN, "Channel 'one' refuses: 2 alerts given up (HTTP 401)"),
        (
            Kind.FEED_SILENT,
            Turn.BEGAN,
            "Feed 'One' is silent: nothing new for 3 hours, and usually never for more than 2 hours",
        ),
        (Kind.CANARY_LOST, Turn.BEGAN, "The daily test of channel 'one' has not arrived (no reason is known)"),
        (Kind.REPORTED, Turn.LASTS, "Still, for 3 hours: The state cannot be written"),
    ],
)
def test_english_titles(kind, turn, title):
    assert troubles.notice([word(kind, turn)], language="en", now=NOW).title == title


@pytest.mark.parametrize(
    ("kind", "turn", "title"),
    [
        (
            Kind.FEED_FAILING,
            Turn.BEGAN,
            f"تعذّرت قراءة الخلاصة «وكالة الساحل» 3 مرات متتالية: بطء شديد: {FSI}one.example{PDI}",
        ),
        (Kind.FEED_FAILING, Turn.ENDED, "عادت الخلاصة «وكالة الساحل» مقروءة بعد 3 ساعات"),
        (
            Kind.NETWORK,
            Turn.BEGAN,
            f"يبدو أن الشبكة منقطعة: تعذّرت قراءة 28 من أصل 30 خلاصة (لا اتصال: {FSI}made up{PDI})",
        ),
        (Kind.CHANNEL_REFUSES, Turn.BEGAN, f"القناة «{FSI}one{PDI}» ترفض: لم يصل عبرها تنبيهان ({FSI}HTTP 401{PDI})"),
        (Kind.CLOCK, Turn.BEGAN, "ساعة هذا الجهاز خاطئة أو كانت كذلك: سُجّلت قراءات تسبق وقتها بمقدار ساعتين"),
    ],
)
def test_arabic_titles(kind, turn, title):
    assert troubles.notice([word(kind, turn)], language="ar", now=NOW).title == title


def test_many_of_a_kind_are_counted_named_and_cut():
    told = troubles.notice(
        [word(Kind.FEED_FAILING, name=f"N{n}", subject=f"n{n}") for n in range(28)], language="en", now=NOW
    )
    assert told.title == "28 feeds cannot be read"
    assert told.text.count("•") == troubles.MOST_LINES
    assert "… and 16 more" in told.text
    assert told.text.count("Open its address") == 1


def test_several_kinds_are_one_message_with_what_to_do_for_each():
    words = [word(Kind.FEED_FAILING), word(Kind.CHANNEL_LATE), word(Kind.FEED_EMPTY, Turn.ENDED)]
    told = troubles.notice(words, language="en", now=NOW)
    assert told.title == "monitor: 2 new troubles, 1 mended"
    assert "Open its address" in told.text
    assert "monitor notify test one" in told.text
    assert "has entries again" in told.text


def test_what_is_said_of_several_channels_names_none():
    words = [word(Kind.CHANNEL_LATE, subject=name) for name in ("desk", "field")]
    assert "'monitor notify test ID'" in troubles.notice(words, language="en", now=NOW).text


def test_a_feeds_name_commands_no_chat_service_and_fills_no_braces():
    told = troubles.notice([word(Kind.FEED_EMPTY, name="@everyone {subject}\n<!channel>")], language="en", now=NOW)
    assert "@everyone" not in told.title
    assert "{subject}" in told.title
    assert "\n" not in told.title


def test_a_line_of_a_file_runs_from_left_to_right_within_arabic():
    line = '    desk: {url: "${DESK_URL}", name: مكتب}'
    text = f"rules.yaml:22:18: warning R316: the channel 'desk' is left out: ${{DESK_URL}} has no value\n{line}"
    found = Finding(kind=Kind.REPORTED, subject="warnings", facts={"title": "Warnings", "text": text})
    told = troubles.remedy(Trouble(finding=found, begun_at=NOW), "ar").splitlines()
    assert told[1] == f"\u2066{line}{PDI}"
    assert "خارج الاستعمال" in told[0]


def test_isolates_of_ours_reach_the_message():
    told = troubles.notice([word(Kind.FEED_EMPTY)], language="ar", now=NOW)
    message = rendered(told.title, told.text, ROOMY)
    assert f"«{FSI}One{PDI}»" in message.title


@pytest.mark.parametrize(
    ("minutes", "english", "arabic"),
    [(0, "1 minute", "دقيقة"), (2, "2 minutes", "دقيقتين"), (180, "3 hours", "3 ساعات"), (72 * 60, "3 days", "3 أيام")],
)
def test_lengths_of_time(minutes, english, arabic):
    assert (length(timedelta(minutes=minutes), "en"), length(timedelta(minutes=minutes), "ar")) == (english, arabic)
