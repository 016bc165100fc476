"""What a set of rules would have sent: decided as a poll decides, at each entry's own time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.backtest.values import Held
from monitor.model import Hold, Reason
from tests.backtest.trials import FIRE, OTHER, STRIKE, STRIKES, archive, document, rule, titles


def test_what_no_rule_matches_is_counted_and_not_told(tried):
    trial = tried(archive(document(STRIKE), document(OTHER)))
    assert titles(trial) == [STRIKE]
    assert trial.entries == 2
    assert trial.hits == {"strikes": 1}
    assert list(trial.documents) == ["line 1"]
    assert trial.documents["line 1"].title == STRIKE


def test_an_alert_stands_at_its_own_time_with_its_source_and_words(tried):
    alert = tried(
        archive(document(STRIKE, "2026-03-04T09:12:00+03:00", "one", url="https://one.example/1", id=7))
    ).alerts[0]
    assert alert.at == datetime(2026, 3, 4, 6, 12, tzinfo=UTC)
    assert (alert.source, alert.link, alert.document) == ("one", "https://one.example/1", "line 1 (7)")
    assert (alert.reason, alert.channels) == (Reason.FIRST_REPORT, ("desk",))
    assert [STRIKE[span.start : span.end] for span in alert.spans] == ["غارة"]


@pytest.mark.parametrize(
    ("at", "severity", "held"),
    [
        ("2026-03-04T23:30:00Z", "high", [("daily", "DIGEST", 5, 8), ("night", "QUIET_HOURS", 5, 7)]),
        ("2026-03-04T12:00:00Z", "high", [("daily", "DIGEST", 5, 8)]),
        ("2026-03-04T23:30:00Z", "critical", []),
    ],
)
def test_when_channels_would_have_sent_what_they_kept_is_told(tried, at, severity, held):
    everywhere = rule("strikes", "غارة", severity=severity, notify="desk, night, daily")
    (alert,) = tried(archive(document(STRIKE, at)), everywhere).alerts
    assert alert.at.isoformat() == at.replace("Z", "+00:00")
    until = [(each.channel, each.hold.name, each.until) for each in alert.held]
    assert until == [(name, hold, datetime(2026, 3, day, hour, tzinfo=UTC)) for name, hold, day, hour in held]


def test_a_digest_of_the_rule_holds_at_every_channel(tried):
    strikes = rule("strikes", "غارة", digest="hourly", notify="desk, night")
    (alert,) = tried(archive(document(STRIKE, "2026-03-04T09:10:00Z")), strikes).alerts
    at_ten = datetime(2026, 3, 4, 10, tzinfo=UTC)
    assert alert.held == tuple(Held(channel=name, hold=Hold.DIGEST, until=at_ten) for name in ("desk", "night"))


def test_a_story_is_told_once_however_many_tell_it(tried):
    again = document(STRIKE, "2026-03-04T09:20:00Z", "two")
    trial = tried(archive(document(STRIKE), again))
    assert titles(trial) == [STRIKE]
    assert [decided.reason for decided in trial.quiet.values()] == [Reason.DUPLICATE]


def test_the_same_text_once_more_from_the_same_source_has_its_reason_too(tried):
    trial = tried(archive(document(STRIKE), document(STRIKE)))
    assert trial.hits == {"strikes": 2}
    assert [each.key for each in trial.alerts] == [("line 1", "strikes")]
    assert {key: decided.reason for key, decided in trial.quiet.items()} == {("line 2", "strikes"): Reason.DUPLICATE}


def test_the_order_of_the_file_does_not_matter(tried):
    later, earlier = document(STRIKE, "2026-03-04T12:00:00Z", "two"), document(STRIKE)
    assert [each.source for each in tried(archive(later, earlier)).alerts] == ["one"]


def test_a_rule_that_wants_two_sources_waits_for_the_second(tried):
    wants_two = rule("strikes", "غارة", min_sources="2")
    second = document("غارة جوية على أطراف بلدة السهل صباح اليوم وإصابات بين السكان", "2026-03-04T09:30:00Z", "two")
    trial = tried(archive(document(STRIKE), second), wants_two)
    assert [decided.reason for decided in trial.quiet.values()] == [Reason.TOO_FEW_SOURCES]
    assert [(each.reason, each.sources, each.source) for each in trial.alerts] == [(Reason.CORROBORATED, 2, "two")]


def test_a_rule_that_stands_for_another_does_so_though_only_the_other_was_asked_about(tried):
    wide = rule("wide", "أطراف", severity="low")
    narrow = rule("narrow", "غارة", inhibit="{rules: [wide], for: 2h}")
    alone = tried(archive(document(STRIKE)), wide)
    assert [each.rule_id for each in alone.alerts] == ["wide"]
    inhibited = tried(archive(document(STRIKE)), wide, narrow, rules=["wide"])
    assert inhibited.alerts == ()
    assert [decided.reason for decided in inhibited.quiet.values()] == [Reason.INHIBITED]
    assert inhibited.rules == ("wide",)
    assert any("narrow" in note for note in inhibited.left_out)


def test_stories_are_counted_by_a_rule_that_counts(tried):
    many = rule("many", "حريق", kind="volume", count="3 stories", within="1h")
    fires = [
        document(f"حريق في مستودع {name} شرق {place}", f"2026-03-04T09:{minute}:00Z")
        for name, place, minute in (("وقود", "الميناء", "00"), ("أخشاب", "السوق", "10"), ("قطن", "المحطة", "20"))
    ]
    trial = tried(archive(*fires), many)
    assert [each.at for each in trial.alerts] == [datetime(2026, 3, 4, 9, 20, tzinfo=UTC)]
    assert [decided.reason for decided in trial.quiet.values()] == [Reason.COUNTED] * 2


def test_a_rule_has_expired_by_the_day_of_the_entry_and_not_by_that_of_the_trial(tried):
    expiring = rule("strikes", "غارة", expires="2026-03-04")
    other = "غارة على مخزن حبوب قرب بلدة الجسر"
    trial = tried(archive(document(STRIKE, "2026-03-04T23:00:00Z"), document(other, "2026-03-05T01:00:00Z")), expiring)
    assert titles(trial) == [STRIKE]
    assert [decided.reason for decided in trial.quiet.values()] == [Reason.EXPIRED]


def test_what_no_channel_takes_would_not_be_sent(tried):
    trial = tried(archive(document(STRIKE)), rule("strikes", "غارة", notify="pager"))
    assert trial.alerts == ()
    assert "no channel takes it" in next(iter(trial.quiet.values())).why
    told = tried(archive(document(STRIKE)), rule("strikes", "غارة", notify="pager", severity="critical"))
    assert [each.channels for each in told.alerts] == [("pager",)]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (rule("strikes", "غارة", enabled="false"), "Switched off"),
        (rule("still", "غارة", kind="silence", feeds="[one]", **{"for": "6h"}), "still"),
        (rule("strikes", "غارة", acknowledge="{within: 15m, then: [pager]}"), "acknowledges"),
    ],
)
def test_what_is_left_out_is_said(tried, written, says):
    assert any(says in note for note in tried(archive(document(OTHER)), written).left_out)


def test_overlaps_and_numbers_by_day_and_source(tried):
    other = document("غارة على مخزن حبوب قرب الجسر", "2026-03-06T10:00:00Z", "two")
    trial = tried(
        archive(document(STRIKE), document(FIRE), other), STRIKES, rule("edges", "أطراف"), rule("fire", "حريق")
    )
    assert trial.days == {date(2026, 3, 4): 3, date(2026, 3, 5): 0, date(2026, 3, 6): 1}
    assert trial.by_source == {"one": 3, "two": 1}
    assert trial.by_rule == {"strikes": 2, "edges": 1, "fire": 1}
    assert [(each.one, each.other, each.both, each.of_one, each.of_other) for each in trial.overlaps] == [
        ("edges", "strikes", 1, 1, 2)
    ]


def test_broken_off_while_it_reads_it_tells_of_what_was_read(tried, monkeypatch):
    monkeypatch.setattr("monitor.backtest.sift.EVERY", 10)
    begins = datetime(2026, 3, 1, tzinfo=UTC)
    hours = [(begins + timedelta(hours=number)).isoformat() for number in range(60)]
    asked = []

    def stop(doing: str, done: int, share: float | None) -> bool:
        asked.append((doing, done, share))
        return not (doing == "matching" and done >= 20)

    strikes = [document(f"{STRIKE} {number * 7919}", at) for number, at in enumerate(hours)]
    trial = tried(archive(*strikes), progress=stop)
    assert not trial.complete
    assert (trial.entries, trial.hits) == (20, {"strikes": 20})
    assert 0 < asked[0][2] <= 1


def test_broken_off_while_it_decides_it_tells_of_what_was_decided(tried):
    begins = datetime(2026, 3, 1, tzinfo=UTC)
    moments = [(begins + timedelta(days=number)).isoformat() for number in range(80)]
    days = [document(f"غارة على حي رقم {number * 7919}", at) for number, at in enumerate(moments)]
    trial = tried(archive(*days), progress=lambda doing, _done, _share: doing == "matching")
    assert not trial.complete
    assert 0 < len(trial.alerts) + len(trial.quiet) < len(days)


@pytest.mark.parametrize(("asked", "shown"), [(0, []), (1, [3]), (2, [0, 5]), (3, [0, 2, 5]), (9, [0, 1, 2, 3, 4, 5])])
def test_samples_are_spread_over_the_time(tried, asked, shown):
    days = [document(f"غارة على حي رقم {number * 7919}", f"2026-03-{number + 1:02}T00:00:00Z") for number in range(6)]
    trial = tried(archive(*days), samples=asked)
    assert len(trial.alerts) == 6
    assert [each.at.day - 1 for each in trial.samples] == shown
