"""Archives: documents as JSON, one a line, of any length and with any dates."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest

from monitor.backtest import Archive
from tests.backtest.trials import OTHER, STRIKE, archive, document, lines, titles

NO_RUN_UP = timedelta(0)


def times(*documents: object, **bounds: object) -> list[str | None]:
    found = archive(*documents, **bounds).entries(run_up=NO_RUN_UP)
    return [each.at and f"{each.at:%Y-%m-%dT%H:%M}" for each in found]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-03-04T09:12:00+03:00", "2026-03-04T06:12"),
        ("2026-03-04T09:12:00Z", "2026-03-04T09:12"),
        ("2026-03-04T09:12", "2026-03-04T09:12"),
        ("2026-03-04", "2026-03-04T00:00"),
        ("Wed, 04 Mar 2026 09:12:00 +0300", "2026-03-04T06:12"),
        (1772615520, "2026-03-04T09:12"),
        (1772615520.5, "2026-03-04T09:12"),
        ("", None),
        (None, None),
        (True, None),
        ([], None),
        ("yesterday", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("1970-01-01T00:00:00Z", None),
    ],
)
def test_a_date_is_read_as_feeds_write_it(written, read):
    assert times({"title": STRIKE, "published": written}) == [read]


def test_a_number_that_has_no_end_is_no_date():
    assert times('{"title": "x", "published": 1e999}') == [None]


def test_a_document_without_a_date_is_seen_with_the_one_before_it():
    told = times({"title": "a"}, document("b", "2026-03-04T09:00:00Z"), {"title": "c"}, document("d", "2026-03-01"))
    assert told == [None, "2026-03-04T09:00", "2026-03-04T09:00", "2026-03-01T00:00"]


def test_before_the_first_date_is_at_the_first_date(tried):
    trial = tried(archive({"title": STRIKE}, document(OTHER, "2026-03-04T09:00:00Z")))
    assert [each.at for each in trial.alerts] == [datetime(2026, 3, 4, 9, tzinfo=UTC)]
    assert any("1 of 2 documents have no date" in note for note in trial.left_out)


def test_without_any_date_all_is_of_one_moment_and_that_is_said(tried):
    trial = tried(archive({"title": STRIKE, "source": "one"}, {"title": STRIKE, "source": "two"}))
    assert titles(trial) == [STRIKE]
    assert trial.first_at is None
    assert any("No document has a date" in note for note in trial.left_out)


def test_only_the_time_asked_about_counts_and_what_was_before_is_known(tried):
    second = document(STRIKE, "2026-03-04T10:00:00Z", "two")
    since = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
    trial = tried(archive(document(STRIKE), second, since=since))
    assert (trial.entries, trial.alerts) == (1, ()), "the story was told half an hour before"
    until = tried(archive(document(STRIKE), second, until=since))
    assert (until.entries, titles(until)) == (1, [STRIKE])


def test_lines_that_are_no_documents_are_passed_over_and_told(tried):
    trial = tried(archive("{", document(STRIKE), "[]", "", '"x"', "nonsense"))
    assert titles(trial) == [STRIKE]
    (note,) = [note for note in trial.left_out if "no document" in note]
    assert "line 1: not JSON" in note
    assert note.endswith("and 1 more.")


def test_gzip_is_known_by_how_it_begins(tried):
    raw = gzip.compress(lines(document(STRIKE), document(OTHER)))
    trial = tried(Archive(lambda: BytesIO(raw), size=len(raw)))
    assert (trial.entries, titles(trial)) == (2, [STRIKE])


@pytest.mark.parametrize("raw", [b"", b"\n", b"\x1f", b"{"])
def test_an_archive_may_hold_nothing(tried, raw):
    trial = tried(Archive(lambda: BytesIO(raw), size=len(raw)))
    assert (trial.entries, trial.alerts, trial.days) == (0, (), {})


def test_it_can_be_read_again_and_again(tried):
    history = archive(document(STRIKE), document(OTHER))
    assert titles(tried(history)) == titles(tried(history)) == [STRIKE]


def test_a_source_is_one_newsroom_by_its_name_or_host(tried):
    from monitor.backtest.feeds import Feeds
    from monitor.language import Newsroom

    room = Newsroom(id="room", name={"en": "Room"}, owner="room", hosts=("room.example",))
    feeds = Feeds((), {"room": room})
    assert [feeds[name].source for name in ("room", "www.room.example", "news.room.example", "else")] == [
        "room", "room", "room", "else",
    ]  # fmt: skip
