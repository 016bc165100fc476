"""An alert as a page shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.model import Alert, Mute, MuteKind, Passage, Span
from monitor.store.feedback_rows import Opinion
from monitor.store.views.history import Said, Told
from monitor.web.cards import Clock, Eye, card, day_name, folded
from tests.store.builders import alert

NOW = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
DAMASCUS = ZoneInfo("Asia/Damascus")


def eye(language="en", zone=DAMASCUS, **more) -> Eye:
    told = {"now": NOW, "by": "page", "languages": {"local": "ar"}, "around": lambda _: ("syria",)}
    return Eye(language=language, zone=zone, **{**told, **more})


def told(of: Alert | None = None, **more) -> Told:
    return Told(alert=of or alert(1), entry_id=1, version=1, newsroom="desk", **more)


def text_of(pieces) -> str:
    return "".join(text for text, _ in pieces)


CLOCKS = [
    (datetime(2026, 3, 4, 5, 6, tzinfo=UTC), DAMASCUS, ("08:06", "05:06 UTC")),
    (datetime(2026, 3, 4, 22, 30, tzinfo=UTC), DAMASCUS, ("01:30", "2026-03-04 22:30 UTC")),  # of another day there
    (datetime(2026, 3, 4, 5, 6, tzinfo=UTC), UTC, ("05:06", "")),
]


@pytest.mark.parametrize(("at", "zone", "expected"), CLOCKS)
def test_a_time_is_told_here_and_in_utc_where_that_differs(at, zone, expected):
    assert eye(zone=zone).clock(at) == Clock(*expected, at.isoformat(timespec="seconds"))


DAYS = [
    (date(2026, 3, 5), "en", "Today, Thursday 5 March"),  # past midnight in Damascus
    (date(2026, 3, 4), "en", "Yesterday, Wednesday 4 March"),
    (date(2026, 3, 3), "en", "Tuesday 3 March"),
    (date(2025, 12, 31), "en", "Wednesday 31 December 2025"),
    (date(2026, 3, 5), "ar", "Today، الخميس 5 آذار"),
]


@pytest.mark.parametrize(("day", "language", "expected"), DAYS)
def test_a_day_is_called_as_its_reader_calls_it(day, language, expected):
    assert day_name(day, eye(language), "Today", "Yesterday") == expected


def test_words_that_were_found_are_marked_whole_and_the_rest_is_as_published():
    found = replace(
        alert(1), title="بغارة <b>على</b> البلدة", spans=(Span(field="title", start=1, end=5, clause="غارة"),)
    )
    shown = card(told(found), eye())
    assert text_of(shown.headline) == "بغارة على البلدة"
    assert [text for text, marked in shown.headline if marked] == ["بغارة"]
    assert [clause.words for clause in shown.clauses] == [("غارة",)]


def test_what_stands_in_the_article_alone_is_said_to_and_quoted():
    body = "وقالت المصادر إن أربعة عمال قُتلوا."
    found = replace(
        alert(1),
        title="تطورات ميدانية",
        spans=(
            Span(field="title", start=0, end=6, clause="تطورات"),
            Span(field="body", start=17, end=22, clause="killed >=3"),
            Span(field="body", start=23, end=27, clause="عمال"),
        ),
        article={"killed >=3": ("أربعة",), "عمال": ("عمال",)},
    )
    passage = Passage(text=body, spans=found.spans[1:], begins=True, ends=True)
    shown = card(told(found, passages=(passage,)), eye())
    assert [(each.kind, each.words, each.in_article) for each in shown.clauses] == [
        ("killed", ("أربعة",), True),
        ("", ("تطورات",), False),
        ("", ("عمال",), True),
    ]
    (quote,) = shown.article
    assert text_of(quote) == body
    assert [text for text, marked in quote if marked] == ["أربعة", "عمال"]
    assert card(told(found), eye()).article == ()


def test_an_address_in_a_headline_is_not_broken_for_chat_services():
    shown = card(told(replace(alert(1), title="see news.example/a for more", spans=())), eye())
    assert text_of(shown.headline) == "see news.example/a for more"


def test_without_a_title_the_summary_is_the_headline():
    shown = card(told(replace(alert(1), title="", summary="قال شهود", spans=())), eye())
    assert (text_of(shown.headline), shown.summary) == ("قال شهود", ())


def test_a_text_without_end_is_cut():
    endless = "غارة " * 200_000
    shown = card(told(replace(alert(1), title=endless, summary=endless)), eye())
    assert len(text_of(shown.headline)) <= 600
    assert len(text_of(shown.summary)) <= 400


MUTES = [
    (MuteKind.RULE, "strikes", True),
    (MuteKind.RULE, "other", False),
    (MuteKind.STORY, "1", True),
    (MuteKind.SOURCE, "desk", True),
    (MuteKind.SOURCE, "local", True),
    (MuteKind.SOURCE, "elsewhere", False),
]


@pytest.mark.parametrize(("kind", "subject", "holds"), MUTES)
def test_a_mute_stands_on_what_it_keeps_quiet(kind, subject, holds):
    until = NOW + timedelta(hours=1)
    mute = Mute(id=1, kind=kind, subject=subject, until=until, reason="", by="x", begun_at=NOW)
    assert card(told(), eye(mutes=(mute,))).mutes == ((mute,) if holds else ())


def test_what_this_reader_called_wrong_is_theirs_to_take_back():
    mine, other = (Said(opinion=Opinion.WRONG, by=by, at=NOW) for by in ("page", "sana"))
    assert card(told(said=(other, mine)), eye()).said_wrong == mine
    assert card(told(said=(other,)), eye()).said_wrong is None


def test_follow_ups_fold_under_the_newest_of_their_story_and_rule_alone():
    alerts = [alert(1, 3), alert(2, 1), alert(1, 2, rule_id="other"), alert(1, 1)]
    shown = folded([card(told(each), eye()) for each in alerts])
    assert [(each.alert.id, [old.alert.id for old in each.earlier]) for each in shown] == [
        ("1.3", ["1.1"]),
        ("2.1", []),
        ("1.2", []),
    ]
